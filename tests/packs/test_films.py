"""Films travel apart: an update brings them to who has them or asks for them, and a stale one is never left."""

from __future__ import annotations

import random
import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from packs.conftest import Publisher, School
from packs.renewing import City, Renewal, city, folder_of, remote, renew_with, running
from packs.test_install import put_in, unpacked, version
from packs.test_install_commands import Terminal, places, terminal

from lms.course.loader import load_course
from lms.errors import Unavailable
from lms.packs.build import build
from lms.packs.bundle import bundle
from lms.packs.install import Terms, install
from lms.packs.origins import Server, Stick
from lms.remote import Remote

__all__ = ["city", "places", "running", "terminal"]  # fixtures

SIZE = 600_000
WELL, ROOF, RAIN = (random.Random(seed).randbytes(SIZE + seed) for seed in range(3))
"""Three films; those of the well and of the roof weigh almost the same."""

FIRST = {"pozo": WELL, "techo": ROOF}
SECOND = {"pozo": RAIN, "patio": WELL}
"""Of the next version: the film of the well is another, the old one is shown as the yard, the roof is gone."""


def made(publisher: Publisher, number: str, films: dict[str, bytes], *, bring: bool = True) -> Path:
    """The pack of a version with these films, extracted anew; with them in it unless told otherwise."""
    publisher.pack(number, ())
    source = publisher.folder / f"source-{number}"
    shown = "".join(f"\n![Mira: {name}](../media/{name}.mp4)\n" for name in films)
    for name, content in films.items():
        (source / f"media/{name}.mp4").write_bytes(content)
    lesson = source / "lessons/la-lluvia.md"
    text = lesson.read_text("utf-8").removesuffix(shown)
    lesson.write_text(text + shown, "utf-8")
    pack = publisher.pack(number)
    shutil.rmtree(pack.with_suffix(""), ignore_errors=True)
    folder = unpacked(pack)
    if bring and films:
        with zipfile.ZipFile(zip_of_films(publisher, number)) as archive:
            archive.extractall(folder)
    return folder


def zip_of_films(publisher: Publisher, number: str) -> Path:
    course = load_course(publisher.folder / f"source-{number}").course
    assert course is not None
    return build(course, "videos", publisher.folder)


def films(school: School) -> dict[str, bytes]:
    """The films of the course that is here."""
    return {file.stem: file.read_bytes() for file in (school.courses / "agua/media").glob("*.mp4")}


def from_server(url: str, school: School, films: bool | None = None) -> Renewal:
    there = remote(url)
    try:
        return renew_with(Server(there), school, films)
    finally:
        there.close()


def from_stick(place: Path, school: School, films: bool | None = None) -> Renewal:
    with ExitStack() as stack:
        return renew_with(Stick(place, stack), school, films)


@pytest.fixture
def renewed(publisher: Publisher, city: City) -> City:
    """The city has the second version with its films."""
    install(made(publisher, "1.2.0", SECOND), city.school.courses, city.school.ring, Terms())
    return city


def test_from_a_server_who_has_films_gets_the_changed_and_the_new_ones_and_none_twice(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    renewal = from_server(renewed.url, school)
    assert films(school) == SECOND
    assert renewal.plan.films == len(RAIN)  # the other is here under its old name
    assert renewal.received < len(RAIN) + 20_000
    assert renewal.outcome.apart == 0
    assert folder_of(school.courses) == folder_of(renewed.school.courses)


def test_who_has_none_gets_none_unless_asked_for(school: School, publisher: Publisher, renewed: City) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST, bring=False))
    renewal = from_server(renewed.url, school)
    assert (renewal.plan.films, films(school)) == (0, {})
    assert renewal.outcome.apart == len(RAIN) + len(WELL)
    assert version(school.courses / "agua") == "1.2.0"
    asked = from_server(renewed.url, school, films=True)
    assert (asked.plan.films, asked.outcome.apart, films(school)) == (len(RAIN) + len(WELL), 0, SECOND)
    assert not from_server(renewed.url, school).outcome.changed


def test_who_has_some_may_do_without_and_keeps_those_that_are_still_shown(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    renewal = from_server(renewed.url, school, films=False)
    assert films(school) == {"patio": WELL}  # «pozo» would be another film than the lesson's
    assert renewal.outcome.apart == len(RAIN)


def test_a_film_that_was_changed_here_is_not_taken_for_the_listed_one(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.2.0", SECOND))
    there = school.courses / "agua/media/pozo.mp4"
    there.write_bytes(bytes(len(RAIN)))
    assert not from_server(renewed.url, school, films=False).plan.files
    assert films(school) == {"patio": WELL}
    there.write_bytes(bytes(len(RAIN)))
    from_server(renewed.url, school)
    assert films(school) == SECOND


def test_a_film_is_brought_by_ranges_through_a_wire_that_is_cut(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    lots = random.Random(5)
    renewed.wire.cuts = lambda: lots.randint(4000, 150_000)
    renewal = from_server(renewed.url, school)
    assert films(school) == SECOND
    assert renewal.received < len(RAIN) + 20_000
    assert renewed.wire.connections > 5


def test_after_a_film_that_did_not_come_whole_the_next_order_goes_on_from_there(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    cuts = iter([20_000, 20_000, 300_000])
    renewed.wire.cuts = lambda: next(cuts, 0)
    there = Remote(renewed.url, wait=lambda seconds: None)
    with pytest.raises(Unavailable, match="repite la orden y sigue desde ahí"):
        renew_with(Server(there), school)
    there.close()
    assert (version(school.courses / "agua"), films(school)) == ("1.0.0", FIRST)
    renewed.wire.cuts = lambda: 10**9
    assert from_server(renewed.url, school).received < 400_000
    assert films(school) == SECOND


def test_a_server_without_the_films_still_gives_the_course(
    school: School, publisher: Publisher, renewed: City
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    (renewed.school.courses / "agua/media/pozo.mp4").unlink()
    renewal = from_server(renewed.url, school, films=True)
    assert (renewal.plan.films, renewal.outcome.apart) == (0, len(RAIN))
    assert version(school.courses / "agua") == "1.2.0"
    assert films(school) == {"patio": WELL}


def test_a_server_gives_no_film_that_is_not_the_listed_one(
    school: School, publisher: Publisher, renewed: City
) -> None:
    (renewed.school.courses / "agua/media/pozo.mp4").write_bytes(ROOF)
    renewal = from_server(renewed.url, school, films=True)
    assert (renewal.outcome.apart, films(school)) == (len(RAIN), {"patio": WELL})


@pytest.mark.parametrize("shape", ["folder", "bundle", "zips"])
def test_from_a_stick_films_come_to_who_has_some(
    school: School, publisher: Publisher, tmp_path: Path, shape: str
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    place, stick = made(publisher, "1.2.0", SECOND), tmp_path / "usb"
    if shape == "bundle":
        course = load_course(publisher.folder / "source-1.2.0").course
        assert course is not None
        inside = bundle([course], stick, lambda course: None) / "cursos/agua"
        shutil.rmtree(inside)
        shutil.copytree(place, inside)
        place = stick
    elif shape == "zips":
        stick.mkdir()
        shutil.copy(publisher.pack("1.2.0"), stick)
        shutil.copy(zip_of_films(publisher, "1.2.0"), stick)
        place = stick
    renewal = from_stick(place, school)
    assert (films(school), renewal.plan.films) == (SECOND, len(RAIN))
    assert version(school.courses / "agua") == "1.2.0"


def test_from_a_stick_too_who_has_none_gets_none_unless_asked_for(
    school: School, publisher: Publisher
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST, bring=False))
    folder = made(publisher, "1.2.0", SECOND)
    assert from_stick(folder, school).outcome.apart == len(RAIN) + len(WELL)
    assert films(school) == {}
    assert from_stick(folder, school, films=True).outcome.apart == 0
    assert films(school) == SECOND


def test_a_stale_film_beside_the_new_pack_is_left_there(school: School, publisher: Publisher) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    folder = made(publisher, "1.2.0", SECOND)
    for stale in (WELL, bytes(len(RAIN))):
        (folder / "media/pozo.mp4").write_bytes(stale)
        assert from_stick(folder, school).outcome.apart == len(RAIN)
        assert films(school) == {"patio": WELL}


def test_a_folder_installs_its_films_and_keeps_by_hash_those_it_has_not(
    school: School, publisher: Publisher
) -> None:
    put_in(school, made(publisher, "1.0.0", FIRST))
    bare = made(publisher, "1.2.0", SECOND, bring=False)
    put_in(school, bare)
    assert films(school) == {"patio": WELL}
    put_in(school, made(publisher, "1.3.0", {}))
    assert films(school) == {}


def test_by_command_it_is_said_what_films_weigh_and_who_has_them(
    terminal: Terminal, school: School, publisher: Publisher, renewed: City
) -> None:
    assert terminal.lms("pack", "install", made(publisher, "1.0.0", FIRST, bring=False)) == 0
    assert terminal.lms("pack", "update", renewed.url) == 0
    assert "Sus videos (1,2 MB) van aparte: para traerlos, repite la orden con --films." in terminal.said
    assert terminal.lms("pack", "update", renewed.url, "--films") == 0
    assert "Faltan 2 archivos, 1,2 MB de 1,2 MB. De eso, 1,2 MB son videos." in terminal.said
    assert films(school) == SECOND
    (school.courses / "agua/media/pozo.mp4").unlink()
    (renewed.school.courses / "agua/media/pozo.mp4").unlink()
    assert terminal.lms("pack", "update", renewed.url, "--films") == 0
    assert "no tiene 601 KB de esos videos." in terminal.said
