"""Zip files with the same bytes wherever they are made, however much the media in them weigh."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import BinaryIO

from lms.course.media import MEDIA_TYPES, suffix
from lms.course.model import Media
from lms.errors import Unavailable
from lms.packs.deflated import deflated

Content = bytes | Media
"""What a file of an export holds: these bytes, or those of a course's file, which are never in memory together."""

# Zip cannot say a date before 1980; a fixed one keeps the bytes the same wherever the pack is built.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
# Compressed already, so that deflating them again costs time and gains nothing; and the name by which an EPUB is known.
_STORED = (MEDIA_TYPES.keys() - {"svg"}) | {"mimetype"}
_PIECE = 256 * 1024

# APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16. Python's own writer takes no content that is deflated already.
_FACTS = struct.Struct(
    "<HHHHHIIIHH"
)  # version needed, flags, method, time, day, CRC, both sizes, lengths of name and extra
_PLACE = struct.Struct(
    "<HHHII"
)  # length of comment, disk, internal and external attributes, where the header is
_END = struct.Struct("<4sHHHHIIH")
_VERSION = 20
_UTF8 = 1 << 11
_DAY = 1 << 5 | 1  # of `_DATE`, as zips write it


def write_zip(out: BinaryIO, files: Mapping[str, Content], first: str) -> None:
    """Write a zip of these files by their path: `first` first, the others sorted.

    `out` can be written at any place: the sizes and sums of media go into their headers once they are known.
    """
    entries = [
        _add(out, entry_for(path), files[path])
        for path in sorted(files, key=lambda path: (path != first, path))
    ]
    start = out.tell()
    for entry in entries:
        out.write(_in_directory(entry))
    out.write(_END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), out.tell() - start, start, 0))


def entry_for(path: str) -> zipfile.ZipInfo:
    """Describe a file to be written to a zip: always of one date and mode, deflated where that gains something."""
    entry = zipfile.ZipInfo(path, _DATE)
    entry.external_attr = _READABLE
    entry.create_system = 3
    stored = (suffix(path) or path) in _STORED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def pieces(media: Media) -> Iterator[bytes]:
    """Yield the content of a course's file; `Unavailable`, after its last piece, unless it is as it was loaded."""
    digest = sha256()
    with media.source.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != media.sha256:
        raise Unavailable(
            f"El archivo «{media.path}» cambió mientras se preparaba el paquete. Espera a que termine de copiarse y "
            "vuelve a intentarlo."
        )


def _add(out: BinaryIO, entry: zipfile.ZipInfo, content: Content) -> zipfile.ZipInfo:
    entry.header_offset = out.tell()
    if isinstance(content, Media) and entry.compress_type == zipfile.ZIP_STORED:
        entry.CRC, entry.file_size, entry.compress_size = 0, content.size, content.size
        out.write(_header(entry))
        for piece in pieces(content):
            entry.CRC = zlib.crc32(piece, entry.CRC)
            out.write(piece)
        end = out.tell()
        out.seek(entry.header_offset)
        out.write(_header(entry))
        out.seek(end)
    else:  # a text, or a drawing, which is small
        whole = content if isinstance(content, bytes) else b"".join(pieces(content))
        packed = whole if entry.compress_type == zipfile.ZIP_STORED else deflated(whole)
        entry.CRC, entry.file_size, entry.compress_size = zlib.crc32(whole), len(whole), len(packed)
        out.write(_header(entry))
        out.write(packed)
    return entry


def _header(entry: zipfile.ZipInfo) -> bytes:
    """What stands before a file's content."""
    return b"PK\3\4" + _facts(entry) + _name(entry)


def _in_directory(entry: zipfile.ZipInfo) -> bytes:
    """The same in the directory at the end, and where the file is."""
    made_by = bytes([_VERSION, entry.create_system])
    return (
        b"PK\1\2"
        + made_by
        + _facts(entry)
        + _PLACE.pack(0, 0, 0, entry.external_attr, entry.header_offset)
        + _name(entry)
    )


def _facts(entry: zipfile.ZipInfo) -> bytes:
    name = _name(entry)
    flags = 0 if name.isascii() else _UTF8
    sizes = (entry.CRC, entry.compress_size, entry.file_size)
    return _FACTS.pack(_VERSION, flags, entry.compress_type, 0, _DAY, *sizes, len(name), 0)


def _name(entry: zipfile.ZipInfo) -> bytes:
    return entry.filename.encode()
