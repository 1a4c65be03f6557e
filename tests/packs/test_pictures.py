"""`lms pictures`: photographs become light, and what the camera gave is kept."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from sample_courses import sample

from lms.cli import main
from lms.course.checks import check_course
from lms.course.media import read_media
from lms.errors import Unavailable
from lms.packs.pictures import make_sizes

SAYS_WHERE = 0x010F  # the maker of the camera, one of the things that it notes


def photograph(folder: Path, name: str, size: tuple[int, int], turned: bool = False) -> Path:
    """Put a photograph among a course's media, as a telephone leaves it."""
    file = folder / "media" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.effect_mandelbrot(size, (-2, -1.2, 1, 1.2), 30).convert("RGB")
    noted = Image.Exif()
    noted[SAYS_WHERE] = "Cámara de Nélida"
    if turned:
        noted[0x0112] = 6
    picture.save(file, exif=noted)
    return file


@pytest.mark.parametrize("name", ["foto.jpg", "foto.png", "foto.webp"])
def test_a_wide_photograph_fits_a_screen_and_has_a_light_copy(name: str, tmp_path: Path) -> None:
    file = photograph(tmp_path, name, (1600, 900))
    before = file.read_bytes()

    made = list(make_sizes(tmp_path))

    small = f"media/foto.pequena{file.suffix}"
    assert [(one.path, one.width) for one in made] == [(f"media/{name}", 1280), (small, 640)]
    assert [
        (read_media(tmp_path, one.path).width, read_media(tmp_path, one.path).height) for one in made
    ] == [
        (1280, 720),
        (640, 360),
    ]
    assert [read_media(tmp_path, one.path).size for one in made] == [one.size for one in made]
    assert (tmp_path / "originales" / name).read_bytes() == before
    assert not list(make_sizes(tmp_path))


def test_the_same_photograph_gives_the_same_bytes(tmp_path: Path) -> None:
    for place in ("una", "otra"):
        photograph(tmp_path / place, "foto.jpg", (1600, 900))
        assert len(list(make_sizes(tmp_path / place))) == 2
    first, second = (sorted((tmp_path / place / "media").iterdir()) for place in ("una", "otra"))
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_what_the_camera_noted_is_left_out_and_how_it_was_held_is_heeded(tmp_path: Path) -> None:
    photograph(tmp_path, "foto.jpg", (1600, 900), turned=True)
    for made in make_sizes(tmp_path):
        with Image.open(tmp_path / made.path) as picture:
            assert picture.height > picture.width
            assert not picture.getexif()


def test_a_small_picture_and_a_copy_that_an_author_made_stay_as_they_are(tmp_path: Path) -> None:
    photograph(tmp_path, "chica.jpg", (640, 300))
    photograph(tmp_path, "foto.jpg", (900, 300))
    own = photograph(tmp_path, "foto.pequena.jpg", (300, 100)).read_bytes()

    assert not list(make_sizes(tmp_path))
    assert (tmp_path / "media/foto.pequena.jpg").read_bytes() == own


def test_it_does_what_the_check_asks_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sample("wide-picture", tmp_path)
    asked = {problem.code for problem in check_course(folder)}
    assert "wide-picture" in asked
    with suppress(SystemExit):
        main(["pictures", str(folder)])
    assert "lejos.pequena.png\t640 px" in capsys.readouterr().out
    assert {problem.code for problem in check_course(folder)} == asked - {"wide-picture"}


def test_without_its_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photograph(tmp_path, "foto.jpg", (1600, 900))
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(Unavailable, match=r"lms\[media\]"):
        list(make_sizes(tmp_path))
