"""Pictures, sounds and films of a course: what each file is, and the size a picture has on a page."""

import base64
import hashlib
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.course.model import Course, Media

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

SMALL = ".pequena."
"""What stands before the ending of a light copy: foto.pequena.jpg is the small one of foto.jpg."""

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


def small_path(path: str) -> str:
    """Return where the light copy of a picture stands, if it has one."""
    name, _, ending = path.rpartition(".")
    return f"{name}{SMALL}{ending}"


def is_small(path: str) -> bool:
    """Tell whether a file is the light copy of another."""
    return SMALL in path


def shown(course: Course) -> list[Media]:
    """Return the files that lessons show, without the light copies of pictures."""
    return [media for media in course.media if not is_small(media.path)]


def sounds(course: Course) -> list[Media]:
    """Return the course's sounds."""
    return [media for media in course.media if suffix(media.path) in AUDIO]


def films(course: Course) -> list[Media]:
    """Return the course's films, which travel apart."""
    return [media for media in course.media if suffix(media.path) in VIDEO]


@dataclass(frozen=True, slots=True)
class Sound:
    """What the head of a sound says of it: how long it lasts, how much a second weighs, whether it is stereo."""

    seconds: float
    kilobits: float
    channels: int


def sound(file: Path) -> Sound | None:
    """Read the head of a sound; None when it cannot be understood."""
    from tinytag import TinyTag, TinyTagException  # a server that has its courses ready never needs it

    try:
        read = TinyTag.get(file, tags=False)
    except (TinyTagException, ValueError):
        return None
    return Sound(read.duration, read.bitrate or 0, read.channels or 1) if read.duration else None


def measures(media: Media) -> str:
    """Say how long a sound is and how much a file weighs, as in «3 min 5 s, 420 KB»."""
    minutes, seconds = divmod(max(1, round(media.seconds)), 60)
    length = " ".join([f"{minutes} min"] * (minutes > 0) + [f"{seconds} s"] * (seconds > 0))
    return f"{length}, {weight(media.size)}" if media.seconds else weight(media.size)


def weight(size: int) -> str:
    """Say a number of bytes as people do."""
    return f"{size / 1e6:.1f} MB".replace(".", ",") if size >= 1e6 else f"{max(1, size // 1000)} KB"


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
    heard = sound(source) if suffix(path) in AUDIO else None
    return Media(path, size, digest.hexdigest(), width, height, source, heard.seconds if heard else 0.0)


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
