"""Photos and screenshots of QR codes, as phones of teachers take them."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import NamedTuple

import segno
from PIL import Image, ImageFilter


class Camera(NamedTuple):
    """How badly a photo was taken; `lean` is how far the top is narrower than the bottom, of the width."""

    turned: float = 0
    lean: float = 0
    blur: float = 0
    noise: float = 0
    contrast: float = 1
    quality: int = 80


CAMERAS = {
    "straight": Camera(),
    "turned": Camera(turned=7),
    "upside down and turned": Camera(turned=171),
    "seen from below": Camera(lean=0.05, turned=-3),
    "blurred": Camera(blur=1.2),
    "grainy": Camera(noise=20),
    "pale": Camera(contrast=0.25),
    "all of it": Camera(turned=4, lean=0.03, blur=0.7, noise=8, contrast=0.6, quality=60),
}


def drawn(text: str, scale: int = 6) -> Image.Image:
    """A QR code with its margin, as a screen shows it."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=scale, border=4)
    return Image.open(buffer).convert("L")


def photographed(screen: Image.Image, camera: Camera, seed: int = 1) -> Image.Image:
    """The screen on a grey table, as this camera sees it: some 400 points of it, as from an arm's length."""
    screen = screen.copy()
    screen.thumbnail((400, 400))
    wide, high = (round(side * 1.3) for side in screen.size)
    table = Image.new("L", (wide, high), 150)
    table.paste(screen.convert("L"), ((wide - screen.width) // 2, (high - screen.height) // 2))
    table = table.rotate(camera.turned, Image.Resampling.BICUBIC, fillcolor=150)
    if camera.lean:
        far = camera.lean * wide
        corners = (-far, -far, 0, high, wide, high, wide + far, -far)
        table = table.transform(
            table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=150
        )
    table = table.filter(ImageFilter.GaussianBlur(camera.blur))
    chance = Random(seed)
    noise = [chance.gauss(0, camera.noise) for _ in range(4099)]
    # A prime number of grains, so that they fall elsewhere in each row.
    pixels = bytes(
        max(0, min(255, round(128 + (value - 128) * camera.contrast + noise[at % 4099])))
        for at, value in enumerate(table.tobytes())
    )
    return Image.frombytes("L", table.size, pixels)


def jpeg(image: Image.Image, quality: int = 80) -> bytes:
    """The bytes that a phone sends."""
    return saved(image.convert("RGB"), "JPEG", quality=quality)


def saved(image: Image.Image, format: str, **how: object) -> bytes:
    """The bytes of an image in some format."""
    buffer = BytesIO()
    image.save(buffer, format, **how)
    return buffer.getvalue()
