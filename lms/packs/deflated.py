"""Deflating in pieces that can be kept: where one view of a document changed, the others are not deflated again.

A piece ends on a byte (Z_SYNC_FLUSH), and is deflated with the end of the one before it as its dictionary: joined they
are one plain deflate stream (RFC 1951), hardly larger than one made in one go.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import pairwise

from lms.course.made import name_of, once

LEVEL = 9
_WINDOW = 32 * 1024  # how far back a stream may point
# Where the pieces of a document begin, wherever they stand: its views.
_BEGINNING = b'\n<section class="view"'


def deflated(content: bytes) -> bytes:
    """Return `content` as a raw deflate stream, the same for the same content."""
    stream, before, known = bytearray(), b"", b""
    for start, end in pairwise([0, *_cuts(content), len(content)]):
        piece, last = content[start:end], end == len(content)
        name = name_of((piece,))
        stream += once(
            ("deflated", known, name, str(last)),
            lambda piece=piece, before=before, last=last: _deflated(piece, before, last),  # type: ignore[misc]
            bytes,
        )
        before, known = piece[-_WINDOW:], name
    return bytes(stream)


def _cuts(content: bytes) -> Iterator[int]:
    at = content.find(_BEGINNING, 1)  # `find` takes a tenth of the time of an expression
    while at > 0:
        yield at
        at = content.find(_BEGINNING, at + 1)


def _deflated(piece: bytes, before: bytes, last: bool) -> bytes:
    making = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zdict=before)
    return making.compress(piece) + making.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
