"""What QR codes a picture shows: run by `lms.sync.photos` in a process of its own, which may use little and write nothing.

The picture comes on standard input; one JSON line goes out: `texts`, or `refused` with a sentence for people.
Pillow and zxing-cpp come with the extra `photo`.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MOST_TEXTS = 40
MOST_CHARACTERS = 8192  # more than a QR code holds
SECONDS = 12  # of computing
_MEMORY = 512 * 1024 * 1024
_MOST_PIXELS = 25_000_000
_MOST_PIXELS_JPEG = 64_000_000  # read at half, a quarter or an eighth of its size
_MOST_SIDE = 20_000
_SIDES = (2400, 1200)
_FORMATS = ("JPEG", "PNG", "WEBP")

NOT_A_PHOTO = (
    "Ese archivo no es una foto que se pueda leer aquí. Envía una en JPG, PNG o WebP, o pega el código."
)
MOVING = "Esa imagen se mueve. Envía una foto quieta del código."
TOO_MANY_PIXELS = "La foto es demasiado grande. Toma una más pequeña solo del código, o pégalo."
NO_CODE = "No encontramos ningún QR en la foto. Toma otra de cerca, con luz y sin moverte, o pega el código."


class Refused(Exception):
    """The picture cannot be read, for a reason that people can do something about."""


def main() -> None:
    """Read standard input, answer on standard output."""
    _limit()
    warnings.simplefilter("ignore")  # what a strange picture makes libraries say is for nobody
    try:
        answer: dict[str, Any] = {"texts": texts_of(sys.stdin.buffer.read())}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": TOO_MANY_PIXELS}
    sys.stdout.write(json.dumps(answer))


def texts_of(data: bytes) -> list[str]:
    """The text of each QR code in a picture, each once; `Refused` if there is none."""
    import zxingcpp
    from PIL import Image, ImageFilter, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is unpacked
    image = _grey(_opened(data))
    found: dict[str, None] = {}
    for side in _SIDES:
        image.thumbnail((side, side))
        # Pale is seen better with the whole range of greys, grainy with each grain like those around it.
        for one in (image, ImageOps.autocontrast(image, cutoff=2), image.filter(ImageFilter.GaussianBlur(1))):
            codes = zxingcpp.read_barcodes(
                one, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
            found.update(dict.fromkeys(code.text[:MOST_CHARACTERS] for code in codes if code.valid))
        if found:
            return list(found)[:MOST_TEXTS]
    raise Refused(NO_CODE)


def _opened(data: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused(NOT_A_PHOTO) from None
    most = _MOST_PIXELS_JPEG if image.format == "JPEG" else _MOST_PIXELS
    if max(image.size) > _MOST_SIDE or image.width * image.height > most:
        raise Refused(TOO_MANY_PIXELS)
    # Phones write JPEG files of several frames, of which the others are previews.
    if image.format != "JPEG" and getattr(image, "is_animated", False):
        raise Refused(MOVING)
    return image


def _grey(image: Any) -> Any:
    from PIL import Image

    try:
        image.draft("L", (_SIDES[0], _SIDES[0]))
        seen_through = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA")
        if seen_through and image.mode != "RGBA":
            image = image.convert("RGBA")
        elif image.mode in ("1", "P"):
            image = image.convert("L")
        image.thumbnail((_SIDES[0], _SIDES[0]))  # before anything is copied
        if seen_through:
            paper = Image.new("RGBA", image.size, "white")
            paper.alpha_composite(image)
            image = paper
        return image.convert("L")
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refused(NOT_A_PHOTO) from None


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the deadline holds
        return
    for what, most in _limits(resource):
        resource.setrlimit(what, (most, most))


def _limits(resource: Any) -> Iterator[tuple[int, int]]:
    yield resource.RLIMIT_AS, _MEMORY
    yield resource.RLIMIT_CPU, SECONDS
    yield resource.RLIMIT_FSIZE, 0
    yield resource.RLIMIT_CORE, 0


if __name__ == "__main__":
    main()
