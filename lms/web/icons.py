"""The application's icon as a picture, drawn here: its shape is made of right angles, so it needs no drawing program."""

from __future__ import annotations

import struct
import zlib
from functools import cache

SIZES = (192, 512)
BOX = 34  # the side of `icons/brand.svg`, whose numbers these are
TEAL, GOLD, CLAY = b"\x0f\x5f\x5a", b"\xf0\xb4\x41", b"\xb5\x47\x2a"
# Rectangles (left, top, right, bottom), later ones over earlier ones. The ground has no round corners and all
# that matters stands in the middle four fifths, so that a phone may cut the icon into its own shape.
_DRAWING = (
    (1, ((14, 5, 20, 29), (10, 9, 24, 25), (6, 13, 28, 21))),
    (2, ((14.5, 13.5, 19.5, 20.5), (13, 15, 21, 19))),
)


@cache
def png(size: int) -> bytes:
    """The icon as a square PNG of `size` pixels; the same bytes wherever it is drawn."""
    rows = b"".join(b"\0" + _row(y, size) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 2, 3, 0, 0, 0)  # two bits a pixel, from a palette
    chunks = (
        (b"IHDR", header),
        (b"PLTE", TEAL + GOLD + CLAY),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _row(y: int, size: int) -> bytes:
    colours = [0] * size
    for colour, rectangles in _DRAWING:
        for left, top, right, bottom in rectangles:
            if _pixel(top, size) <= y < _pixel(bottom, size):
                start, end = _pixel(left, size), _pixel(right, size)
                colours[start:end] = [colour] * (end - start)
    quads = (colours[x : x + 4] for x in range(0, size, 4))
    return bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in quads)


def _pixel(place: float, size: int) -> int:
    return round(place * size / BOX)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
