"""Zip files with the same bytes wherever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from lms.course.media import MEDIA_TYPES, suffix

# Zip cannot say a date before 1980; a fixed one keeps the bytes the same wherever the pack is built.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
# Compressed already, so that deflating them again costs time and gains nothing; and the name by which an EPUB is known.
_STORED = (MEDIA_TYPES.keys() - {"svg"}) | {"mimetype"}


def zipped(files: Mapping[str, bytes], first: str) -> bytes:
    """Return a zip of these files by their path: `first` first, the others sorted."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files, key=lambda path: (path != first, path)):
            _add(archive, path, files[path])
    return buffer.getvalue()


def entry_for(path: str) -> zipfile.ZipInfo:
    """Describe a file to be written to a zip: always of one date and mode, deflated where that gains something."""
    entry = zipfile.ZipInfo(path, _DATE)
    entry.external_attr = _READABLE
    entry.create_system = 3
    stored = (suffix(path) or path) in _STORED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    archive.writestr(entry_for(path), content, compresslevel=9)
