"""Pages made of fixed pieces and a few personal words, without compressing the fixed ones again.

A deflate stream may be cut at any full flush, so a fixed piece is compressed once and joined, as bytes, with
the little that changes. What is left per request is a checksum: RFC 1952 wants the CRC-32 of the whole page.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time, unknown system
_END = b"\x03\x00"  # an empty last block


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a page, plain and as a piece of a raw deflate stream, and a digest of them."""

    plain: bytes
    deflated: bytes
    digest: bytes

    @classmethod
    def of(cls, text: str, level: int = 9) -> Piece:
        """Compress `text` on its own, up to a full flush, so that anything may follow."""
        plain = text.encode()
        pressed = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated = pressed.compress(plain) + pressed.flush(zlib.Z_FULL_FLUSH)
        return cls(plain, deflated, hashlib.blake2b(plain, digest_size=12).digest())


@lru_cache(maxsize=512)
def small(text: str) -> Piece:
    """A piece that many pages share, such as a person's menu or a list of states."""
    return Piece.of(text, 6)


def tag(pieces: Sequence[Piece]) -> str:
    """What names the page's content, from the digests of its pieces: nothing is joined for that."""
    return hashlib.blake2b(b"".join(piece.digest for piece in pieces), digest_size=10).hexdigest()


def joined(pieces: Sequence[Piece]) -> bytes:
    """The page, plain."""
    return b"".join(piece.plain for piece in pieces)


@lru_cache(maxsize=64)
def whole(pieces: tuple[Piece, ...]) -> bytes:
    """The page as one gzip member, compressed as a whole: worth it where many are at the same place together."""
    return gzip.compress(joined(pieces), 9, mtime=0)


def gzipped(pieces: Sequence[Piece]) -> bytes:
    """The page as one gzip member, a tenth larger than compressed as a whole."""
    plain = joined(pieces)
    body = b"".join(piece.deflated for piece in pieces)
    return GZIP_HEADER + body + _END + struct.pack("<LL", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)
