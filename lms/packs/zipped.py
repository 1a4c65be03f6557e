"""Zip files with the same bytes wherever they are made, however much the media in them weigh."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import BinaryIO

from lms.course.media import MEDIA_TYPES, suffix
from lms.course.model import Media
from lms.errors import Unavailable

Content = bytes | Media
"""What a file of an export holds: these bytes, or those of a course's file, which are never in memory together."""

# Zip cannot say a date before 1980; a fixed one keeps the bytes the same wherever the pack is built.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
# Compressed already, so that deflating them again costs time and gains nothing; and the name by which an EPUB is known.
_STORED = (MEDIA_TYPES.keys() - {"svg"}) | {"mimetype"}
_PIECE = 256 * 1024


def write_zip(out: BinaryIO, files: Mapping[str, Content], first: str) -> None:
    """Write a zip of these files by their path: `first` first, the others sorted.

    `out` can be read again and written at any place: sizes and sums go into each header once they are known.
    """
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(files, key=lambda path: (path != first, path)):
            _add(archive, entry_for(path), files[path])


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


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: Content) -> None:
    if isinstance(content, bytes):
        archive.writestr(entry, content, compresslevel=9)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:  # a drawing, which is small
        archive.writestr(entry, b"".join(pieces(content)), compresslevel=9)
    else:
        entry.file_size = content.size
        with archive.open(entry, "w") as target:
            for piece in pieces(content):
                target.write(piece)
