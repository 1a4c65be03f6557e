"""Pictures, sounds and films of a course: what each file is, and the size a picture has on a page."""

import base64
import hashlib
import re
import struct
from collections.abc import Callable
from pathlib import Path

from lms.course.model import Media

MEDIA_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
"""Every kind of file a course may show, by its ending; named here so that each is served alike on all machines."""

IMAGE, AUDIO, VIDEO = (
    frozenset(kind for kind, media_type in MEDIA_TYPES.items() if media_type.startswith(group))
    for group in ("image/", "audio/", "video/")
)

Size = tuple[int, int] | None

_HEAD = 64 * 1024  # a JPEG may carry a thumbnail before its dimensions
_VIEW_BOX = re.compile(rb"<svg[^>]*?\sviewBox\s*=\s*[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)")
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def suffix(path: str) -> str:
    """Return what kind of file a path names: its ending in lower case, without the dot."""
    return path.rpartition(".")[2].lower() if "." in path else ""


def media_type(path: str) -> str:
    """Return the media type of a course's file."""
    return MEDIA_TYPES.get(suffix(path), "application/octet-stream")


def data_uri(media: Media) -> str:
    """Return a file's whole content as an address that needs no file."""
    content = base64.b64encode(media.source.read_bytes()).decode()
    return f"data:{media_type(media.path)};base64,{content}"


def read_media(folder: Path, path: str) -> Media:
    """Describe one file of a course (`path` as in media/x.svg); raises OSError when it cannot be read."""
    source = folder / path
    digest = hashlib.sha256()
    with source.open("rb") as file:
        head = file.read(_HEAD)
        digest.update(head)
        size = len(head)
        while block := file.read(1024 * 1024):
            digest.update(block)
            size += len(block)
    read = _READERS.get(suffix(path))
    width, height = (read(head) if read else None) or (None, None)
    return Media(path, size, digest.hexdigest(), width, height, source)


def svg_size(head: bytes) -> Size:
    """Return the width and height of an SVG's viewBox, or None."""
    found = _VIEW_BOX.search(head)
    try:
        return (round(float(found[1])), round(float(found[2]))) if found else None
    except ValueError:
        return None


def png_size(head: bytes) -> Size:
    """Return the width and height of a PNG, or None: its IHDR chunk comes first (W3C PNG)."""
    if len(head) < 24 or not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def jpeg_size(head: bytes) -> Size:
    """Return the width and height of a JPEG, or None: those of its first frame segment (ITU-T T.81, B.2.2)."""
    if not head.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        kind = head[at + 1]
        (length,) = struct.unpack(">H", head[at + 2 : at + 4])
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def webp_size(head: bytes) -> Size:
    """Return the width and height of a WebP in any of its three layouts (RFC 9649), or None."""
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


_READERS: dict[str, Callable[[bytes], Size]] = {
    "svg": svg_size,
    "png": png_size,
    "jpg": jpeg_size,
    "jpeg": jpeg_size,
    "webp": webp_size,
}
