"""A course for Kiwix: read back and searched with the library of who defines the format."""

from __future__ import annotations

import struct
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from libzim.reader import Archive
from libzim.search import Query, Searcher
from libzim.suggestion import SuggestionSearcher

from lms.course.model import Course
from lms.errors import Unavailable
from lms.packs.formats import FORMATS, zim
from lms.packs.illustration import illustration


@pytest.fixture(scope="module")
def archive(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    file = tmp_path_factory.mktemp("kiwix") / "curso.zim"
    file.write_bytes(FORMATS["zim"].write(course))
    return Archive(file)


def found(archive: Archive, asked: str) -> list[str]:
    return list(Searcher(archive).search(Query().set_query(asked)).getResults(0, 5))


@pytest.mark.proves("ZIM", "libzim", "Formato válido")
def test_it_is_whole_and_opens_with_the_list_of_lessons(archive: Archive, course: Course) -> None:
    assert archive.check()
    home = bytes(archive.main_entry.get_item().content).decode()
    assert all(f'href="l-{lesson.id}.html"' in home for lesson in course.lessons)


@pytest.mark.proves("ZIM", "libzim", "Buscar")
@pytest.mark.parametrize("asked", ["batería", "baterias", "BATERIA"])
def test_full_text_search_forgives_accents_capitals_and_plurals(archive: Archive, asked: str) -> None:
    assert "l-energia-y-cuentas-simples.html" in found(archive, asked)


def test_everyday_words_that_a_lesson_does_not_say_find_it(archive: Archive, course: Course) -> None:
    lesson = next(one for one in course.lessons if one.keywords)
    assert f"l-{lesson.id}.html" in found(archive, lesson.keywords[0])


def test_typing_suggests_titles(archive: Archive) -> None:
    suggested = SuggestionSearcher(archive).suggest("Mis datos").getResults(0, 3)
    assert "l-mis-datos-rinden-mas.html" in list(suggested)


def test_it_says_what_it_is_in_the_lengths_that_kiwix_asks_for(archive: Archive, course: Course) -> None:
    said = {
        name: archive.get_metadata(name).decode() for name in archive.metadata_keys if "Illus" not in name
    }
    assert said["Language"] == "spa"
    assert said["License"] == course.licence
    assert said["Scraper"] == f"lms {metadata.version('lms')}"
    assert len(said["Title"]) <= 30
    assert len(said["Description"]) <= 80
    assert archive.has_illustration(48)


def test_the_illustration_is_a_picture_of_48_pixels_a_side(course: Course) -> None:
    png = illustration(course.id)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (48, 48)


def test_every_link_of_a_page_is_inside(archive: Archive, course: Course) -> None:
    for lesson in course.lessons:
        page = bytes(archive.get_entry_by_path(f"l-{lesson.id}.html").get_item().content).decode()
        for part in page.split('href="')[1:] + page.split('src="')[1:]:
            address = part.partition('"')[0].partition("#")[0]
            assert not address or ":" in address or archive.has_entry_by_path(address), address


@pytest.mark.soak
@pytest.mark.proves("ZIM", "zimcheck", "Formato válido")
def test_zimcheck_finds_nothing(course: Course, tmp_path: Path) -> None:
    (tmp_path / "curso.zim").write_bytes(FORMATS["zim"].write(course))
    judged = subprocess.run(
        ["zimcheck", "--all", tmp_path / "curso.zim"], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout


def test_without_the_extra_it_says_what_to_install(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libzim", None)
    with pytest.raises(Unavailable, match="pip install"):
        FORMATS["zim"].write(course)


def test_nothing_here_needs_the_library_to_be_imported() -> None:
    source = Path(zim.__file__).read_text("utf-8")
    assert "\nfrom libzim" not in source
    assert "\nimport libzim" not in source
