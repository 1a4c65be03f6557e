"""QR codes in photos that people upload: read however the photo was taken, and hostile pictures cost little."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from cast import NELIDA as ACCOUNT
from PIL import Image
from starlette.testclient import TestClient
from sync.pasting import another, mine, press, token
from sync.pictures import CAMERAS, Camera, drawn, jpeg, photographed, saved
from sync.test_tokens import events

from lms.errors import Invalid, TooLarge, Unavailable
from lms.sync import photos
from lms.sync.photo_reading import MOVING, NO_CODE, NOT_A_PHOTO, TOO_MANY_PIXELS

ADDRESS = "HTTPS://AULA.EXAMPLE/P/"
CODE = drawn(ADDRESS + token())


def several(texts: list[str]) -> Image.Image:
    """Screens side by side in one picture."""
    screens = [drawn(text, 4) for text in texts]
    table = Image.new("L", (sum(one.width + 40 for one in screens), max(one.height for one in screens)), 170)
    at = 20
    for one in screens:
        table.paste(one, (at, 0))
        at += one.width + 40
    return table


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS)
async def test_a_photo_is_read_however_it_was_taken(camera: Camera) -> None:
    photo = jpeg(photographed(CODE, camera), camera.quality)

    assert await photos.texts_in(photo) == [ADDRESS + token()]


async def test_a_photo_of_several_codes_says_each() -> None:
    texts = [ADDRESS + token(f"{n:012x}") for n in range(3)]

    assert sorted(await photos.texts_in(jpeg(several(texts)))) == sorted(texts)


@pytest.mark.parametrize(
    ("format", "mode"), [("PNG", "RGBA"), ("PNG", "1"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
async def test_any_kind_of_picture_is_read(format: str, mode: str) -> None:
    assert await photos.texts_in(saved(CODE.convert(mode), format)) == [ADDRESS + token()]


async def test_a_screenshot_without_paper_behind_is_read() -> None:
    ink = Image.new("RGBA", CODE.size, (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), mask=CODE.point(lambda value: 255 - value))

    assert await photos.texts_in(saved(ink, "PNG")) == [ADDRESS + token()]


def bomb(width: int, height: int) -> bytes:
    """A small PNG file that says how large it is, and is."""
    rows = zlib.compressobj(9)
    packed = (
        b"".join(rows.compress(bytes(-(-width // 8) + 1) * 100) for _ in range(height // 100)) + rows.flush()
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def moving(format: str) -> bytes:
    return saved(CODE, format, save_all=True, append_images=[CODE.rotate(90)], duration=100)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no es una foto", NOT_A_PHOTO),
        (b"", NOT_A_PHOTO),
        (jpeg(CODE)[:2000], NOT_A_PHOTO),
        (saved(CODE, "PNG")[:300], NOT_A_PHOTO),
        (saved(CODE, "GIF"), NOT_A_PHOTO),
        (saved(CODE, "TIFF"), NOT_A_PHOTO),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), NOT_A_PHOTO),
        (bomb(19_200, 19_200), TOO_MANY_PIXELS),
        (bomb(200_000, 100), TOO_MANY_PIXELS),
        (saved(Image.new("L", (12_000, 11_000)), "JPEG"), TOO_MANY_PIXELS),
        (moving("WEBP"), MOVING),
        (moving("PNG"), MOVING),
        (jpeg(Image.new("L", (800, 600), 200)), NO_CODE),
    ],
    ids=["text", "empty", "cut JPEG", "cut PNG", "GIF", "TIFF", "PNG of zeros", "bomb", "ribbon", "huge JPEG",
         "moving WebP", "moving PNG", "no code"],
)  # fmt: skip
async def test_what_is_no_photo_of_a_code_is_refused_with_its_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        await photos.texts_in(data)
    assert refused.value.message == sentence


async def test_a_photo_of_too_many_bytes_is_not_even_looked_at() -> None:
    with pytest.raises(TooLarge):
        await photos.texts_in(bytes(photos.MOST_BYTES + 1))


async def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_DEADLINE", 0.001)
    with pytest.raises(Invalid, match="demasiado tiempo"):
        await photos.texts_in(jpeg(CODE))


async def test_more_photos_than_it_reads_at_once_are_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_running", {1, 2})
    with pytest.raises(Unavailable, match="Espera un momento"):
        await photos.texts_in(jpeg(CODE))


def test_the_largest_photos_stay_within_the_memory_given_to_them() -> None:
    large = [
        bomb(4_900, 5_000),
        saved(Image.effect_noise((4_900, 5_000), 20).convert("RGB"), "JPEG", quality=30),
        saved(Image.new("RGB", (8_000, 8_000), "white"), "JPEG", progressive=True),
        saved(Image.new("RGBA", (5_000, 4_900), (0, 0, 0, 0)), "PNG"),
    ]
    for data in large:
        code = (
            "import sys; from lms.sync import photo_reading as one; one.main();"
            "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0], file=sys.stderr)"
        )
        run = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)

        assert json.loads(run.stdout)["refused"] in (NO_CODE, TOO_MANY_PIXELS)
        assert int(run.stderr.split()[-1]) < 320 * 1024  # KiB


def test_it_may_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "nota.txt"
    code = (
        f"from lms.sync import photo_reading as one; one._limit(); open({str(target)!r}, 'wb', 0).write(b'x')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True)

    assert run.returncode
    assert target.read_bytes() == b""


def said_in(page: str) -> list[str]:
    return re.findall(r"<(?:li|p)>([^<]*(?:avance|código|QR)[^<]*)</", html.unescape(page))


def test_somebody_brings_their_progress_by_a_photo(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    page = nelida.get("/mi-avance/codigo").text
    answer = nelida.post(
        "/mi-avance/codigo", data={"codigo": ""}, files={"foto": ("IMG_1.jpg", jpeg(CODE), "image/jpeg")}
    )

    assert "Subir una foto del código" in page
    assert 'enctype="multipart/form-data"' in page
    assert "Recibimos el avance de Nélida Quispe en «Agua para la escuela»" in press(
        nelida, answer.text, "si"
    )
    assert len(events(nelida)) == 1


def test_a_coach_uploads_photos_of_several_codes_beside_a_chat(nelida: TestClient, coach: TestClient) -> None:
    shown = [ADDRESS + token(f"{n:012x}") for n in range(3)]
    files = [
        ("foto", (f"{n}.jpg", jpeg(several(part)), "image/jpeg"))
        for n, part in enumerate((shown[:2], shown[2:]))
    ]
    page = coach.post(
        "/acompanante/codigos", data={"codigos": f"Este va escrito: {token('0' * 11 + '9')}"}, files=files
    ).text

    assert "4 códigos en lo que enviaste" in page
    assert re.findall(r"<b>(.*?), código", page) == ["Línea 1", "0.jpg", "0.jpg", "1.jpg"]
    assert len(events(nelida)) == 4


@pytest.mark.parametrize("path", ["/mi-avance/codigo", "/acompanante/codigos"])
def test_a_bad_photo_keeps_back_no_other_and_each_is_named(coach: TestClient, path: str) -> None:
    sent = {
        "buena.jpg": jpeg(CODE),
        "paisaje.jpg": jpeg(Image.new("L", (640, 480), 90)),
        "<b>carta</b>.png": saved(drawn("https://example.org/carta"), "PNG"),
        f"{'nota' * 20}.txt": b"no es una foto",
        "otra.jpg": jpeg(drawn(ADDRESS + token(mark=100))),
    }
    files = [("foto", (name, data, "image/jpeg")) for name, data in sent.items()]
    if path == "/mi-avance/codigo":
        mine(coach, token(mark=90))  # so that none has to be asked about
    before = len(events(coach))
    page = coach.post(path, files=files)
    said = html.unescape(re.sub("</?b>", "", page.text))

    assert page.status_code == 200
    assert len(events(coach)) == before + 2
    assert f"paisaje.jpg: {NO_CODE}" in said
    assert "<b>carta</b>.png: En su QR no hay ningún código de avance." in said
    assert "&lt;b&gt;carta" in page.text
    assert f"{'nota' * 9}not…: {NOT_A_PHOTO}" in said
    if path == "/acompanante/codigos":
        assert "3 fotos no trajeron ningún código" in said
        assert "buena.jpg y otra.jpg, códigos" in said


@pytest.mark.parametrize("path", ["/mi-avance/codigo", "/acompanante/codigos"])
def test_a_photo_without_a_code_is_refused_where_it_was_sent(coach: TestClient, path: str) -> None:
    photo = ("paisaje.jpg", jpeg(Image.new("L", (640, 480), 90)), "image/jpeg")
    answer = coach.post(path, files={"foto": photo})

    assert answer.status_code == 400
    assert NO_CODE in html.unescape(answer.text)
    assert "Subir una foto del código" in answer.text


def test_a_photo_of_another_qr_brings_nothing(nelida: TestClient) -> None:
    photo = ("menu.png", saved(drawn("https://example.org/carta"), "PNG"), "image/png")
    answer = nelida.post("/mi-avance/codigo", files={"foto": photo})

    assert answer.status_code == 400
    assert "no hay ningún código de avance" in answer.text


def test_a_server_that_reads_no_photos_says_to_paste(
    nelida: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "can_read", lambda: False)
    page = nelida.get("/mi-avance/codigo").text
    answer = nelida.post("/mi-avance/codigo", files={"foto": ("a.jpg", jpeg(CODE), "image/jpeg")})

    assert "Aquí no se leen fotos. Escribe el código o pega el mensaje." in page
    assert re.search(r'data-lms="photo"[^>]* hidden', page)
    assert answer.status_code == 503
    assert "Este servidor no lee fotos" in answer.text


def test_a_stranger_may_not_have_photos_read_without_end(
    nelida: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.sync.routes import lines
    from lms.web.limits import RateLimit

    monkeypatch.setattr(lines, "own_rate", RateLimit(burst=250, per_minute=1))
    stranger = another(nelida)
    photo = {"foto": ("a.jpg", BytesIO(jpeg(CODE)), "image/jpeg")}
    codes = [stranger.post("/mi-avance/codigo", files=photo).status_code for _ in range(3)]
    stranger.portal = None

    assert codes == [200, 200, 429]
