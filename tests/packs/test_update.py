"""A course is renewed from another server or a stick with what it lacks, as whole and as signed as by its pack."""

from __future__ import annotations

import resource
import shutil
import tracemalloc
import zipfile
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

import pytest
from cast import start_server, stop_server
from packs.conftest import TODAY, Publisher, School, replace
from packs.network import wire
from packs.renewing import FILM, City, city, folder_of, renew, renew_from, running, with_film
from packs.test_difference import LARGEST, correct
from packs.test_install import UNSIGNED, put_in, unpacked, version
from packs.test_install_commands import Terminal, places, terminal

from lms.course.loader import load_course
from lms.errors import Conflict, Invalid, NotFound
from lms.packs.bundle import bundle
from lms.packs.difference import make_difference
from lms.packs.install import Terms
from lms.packs.origins import Stick
from lms.packs.signing import new_signer
from lms.packs.update_commands import what_came

__all__ = ["city", "places", "running", "terminal"]  # fixtures


def test_from_a_server_comes_what_lacks_and_the_course_is_as_its_pack_makes_it(
    school: School, publisher: Publisher, city: City
) -> None:
    put_in(school, publisher.pack())
    renewal = renew_from(city.url, school)
    assert (renewal.plan.files, renewal.plan.before) == (4, "1.0.0")
    assert renewal.came == renewal.plan.size < renewal.plan.whole
    assert folder_of(school.courses) == folder_of(city.school.courses)
    assert version(school.courses / "agua") == "1.1.0"


def test_asking_again_costs_next_to_nothing(school: School, publisher: Publisher, city: City) -> None:
    renew_from(city.url, school)
    before = city.wire.sent
    assert not renew_from(city.url, school).outcome.changed
    assert city.wire.sent - before < 3000


def test_what_was_damaged_here_comes_again(school: School, publisher: Publisher, city: City) -> None:
    put_in(school, with_film(publisher))
    (school.courses / "agua/media/pozo.svg").write_text("roto")
    renewal = renew_from(city.url, school)
    assert (renewal.plan.files, renewal.outcome.changed) == (1, True)
    assert folder_of(school.courses) == folder_of(city.school.courses)


def test_notes_kept_beside_the_course_stay(school: School, publisher: Publisher, city: City) -> None:
    put_in(school, publisher.pack())
    (school.courses / "agua" / "POR-CONFIRMAR.md").write_text("Preguntar a la UGEL.")
    renew_from(city.url, school)
    assert (school.courses / "agua" / "POR-CONFIRMAR.md").read_text() == "Preguntar a la UGEL."


def test_a_stranger_s_course_is_refused_before_anything_of_it_is_fetched(
    school: School, publisher: Publisher, city: City
) -> None:
    put_in(school, publisher.pack())
    school.ring.revoke("difods", TODAY)
    with pytest.raises(Invalid, match=r"«agua de 127\.0\.0\.1:\d+» está firmado con una llave anulada"):
        renew_from(city.url, school)
    assert city.wire.sent < FILM
    assert version(school.courses / "agua") == "1.0.0"


def test_an_older_version_is_refused_unless_told(school: School, publisher: Publisher, city: City) -> None:
    put_in(school, publisher.pack("2.0.0"))
    with pytest.raises(Conflict, match="repite la orden con --older"):
        renew_from(city.url, school)
    assert city.wire.sent < FILM
    assert renew_from(city.url, school, Terms(older=True)).outcome.before == "2.0.0"
    assert version(school.courses / "agua") == "1.1.0"


def test_an_authors_unsigned_course_is_refused_unless_told(
    school: School, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.pack()
    home = tmp_path / "author"
    shutil.copytree(publisher.folder / "source-1.0.0", home / "courses" / "agua")
    server = start_server(home, courses=home / "courses")
    with pytest.raises(Invalid, match="no lleva firma"):
        renew_from(server.url, school)
    assert renew_from(server.url, school, UNSIGNED).outcome.changed
    stop_server(server)
    assert version(school.courses / "agua") == "1.0.0"


def test_a_key_that_follows_a_trusted_one_is_trusted_from_then_on(
    school: School, publisher: Publisher, city: City
) -> None:
    new = new_signer("difods")
    rotated = type(new)(new.key, new.secret, (publisher.signer.follow(new.key),))
    put_in(city.school, publisher.pack("1.2.0", (rotated,)))
    renew_from(city.url, school)
    school.ring.revoke(publisher.signer.key.id, TODAY)
    assert school.ring.standing(new.key) == "trusted"


def test_one_typo_in_the_largest_course_costs_less_than_a_photograph(school: School, tmp_path: Path) -> None:
    home = tmp_path / "ugel"
    theirs = shutil.copytree(LARGEST, home / "courses" / "competencia-digital")
    shutil.copytree(LARGEST, school.courses / "competencia-digital")
    for folder in (theirs, school.courses / "competencia-digital"):
        shutil.copy(LARGEST.parents[1] / "content/glossary.toml", folder)
    correct(theirs)
    server = start_server(home, courses=home / "courses")
    with wire(server.url) as counted:
        renewal = renew_from(counted.url, school, UNSIGNED, "competencia-digital")
    stop_server(server)
    assert renewal.plan.files == 2
    assert counted.sent <= 30 * 1024


@pytest.mark.parametrize("shape", ["zip", "extracted", "folder of zips", "folder in a folder"])
def test_a_stick_may_hold_its_packs_in_any_way(
    school: School, publisher: Publisher, tmp_path: Path, shape: str
) -> None:
    put_in(school, publisher.pack())
    pack, stick = with_film(publisher), tmp_path / "usb"
    stick.mkdir()
    (stick / "foto.zip").write_bytes(b"no es un zip")
    shutil.copy(publisher.pack("1.0.5"), stick)
    if shape == "folder of zips":
        shutil.copy(pack, stick)
    elif shape == "folder in a folder":
        shutil.move(unpacked(pack), stick / "agua")
    place = {"zip": pack, "extracted": unpacked(pack) if shape == "extracted" else pack}.get(shape, stick)
    with ExitStack() as stack:
        renewal = renew(Stick(place, stack), school)
    assert renewal.plan.files == 4
    assert version(school.courses / "agua") == "1.1.0"


def test_a_bundle_renews_its_courses(school: School, publisher: Publisher, tmp_path: Path) -> None:
    put_in(school, publisher.pack())
    publisher.pack("1.1.0")
    course = load_course(publisher.folder / "source-1.1.0").course
    assert course is not None
    bundle([course], tmp_path / "usb", lambda course: None)
    for place in (tmp_path / "usb", tmp_path / "usb/mochila-digital"):
        with ExitStack() as stack:
            stick = Stick(place, stack)
            assert stick.course_ids() == ["agua"]
            renew(stick, school, UNSIGNED)
    assert version(school.courses / "agua") == "1.1.0"


def test_differences_on_a_stick_complete_one_another(
    school: School, publisher: Publisher, tmp_path: Path
) -> None:
    put_in(school, publisher.pack())
    steps = [publisher.pack(), with_film(publisher), with_film(publisher, "1.2.0")]
    stick = tmp_path / "usb"
    last = make_difference(steps[1], steps[2], stick)
    with ExitStack() as stack, pytest.raises(Invalid, match=r"«media/clase\.mp3».* Usa el paquete entero"):
        renew(Stick(last, stack), school)
    make_difference(steps[0], steps[1], stick)
    with ExitStack() as stack:
        renew(Stick(stick, stack), school)
    assert version(school.courses / "agua") == "1.2.0"


def test_a_damaged_pack_renews_nothing(school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack())
    folder = unpacked(publisher.pack("1.1.0"))
    replace(folder / "source/lessons/el-pozo.md", "agua", "aguo")
    with ExitStack() as stack, pytest.raises(Invalid, match=r"«source/lessons/el-pozo\.md» está dañado"):
        renew(Stick(folder, stack), school)
    assert version(school.courses / "agua") == "1.0.0"
    with ExitStack() as stack, pytest.raises(NotFound, match="no hay un paquete del curso «pozo»"):
        renew(Stick(folder, stack), school, course="pozo")


def test_less_than_what_lacked_is_said_to_come_compressed() -> None:
    assert what_came(273_000, 721_000) == "Llegaron 273 KB: los textos viajan comprimidos."
    assert what_came(722_000, 721_000) == "Llegaron 722 KB."


def test_by_command_it_says_how_much_before_and_after(
    terminal: Terminal, school: School, publisher: Publisher, city: City
) -> None:
    (school.courses.parent / "data/keys/keys.json").unlink()
    assert terminal.lms("pack", "update", city.url) == 1
    assert "no tiene ninguno de los cursos de este equipo" in terminal.said
    assert "escribe su nombre corto: «agua»" in terminal.said
    assert terminal.lms("pack", "update", city.url, "agua", "pozo") == 1
    assert "repite la orden con --trust" in terminal.said
    assert "no tiene el curso «pozo»" in terminal.said
    assert terminal.lms("pack", "install", "--trust", "--yes", publisher.pack()) == 0
    assert terminal.lms("pack", "update", city.url) == 0
    assert "versión 1.0.0 → 1.1.0. Faltan 4 archivos, 1,0 MB de 1,0 MB.\nLlegaron 1,0 MB." in terminal.said
    assert "(antes, 1.0.0)" in terminal.said
    assert terminal.lms("pack", "update", city.url + "/") == 0
    assert "No falta nada.\nLlegaron 1 KB.\nYa tenías" in terminal.said
    assert terminal.lms("pack", "update", publisher.pack("1.3.0")) == 0
    assert version(school.courses / "agua") == "1.3.0"
    assert terminal.lms("pack", "update", "nada") == 1
    assert "escribe http:// o https:// delante" in terminal.said


def test_a_stick_may_be_full_of_other_zips(
    terminal: Terminal, school: School, publisher: Publisher, tmp_path: Path
) -> None:
    put_in(school, publisher.pack())
    stick = tmp_path / "usb"
    stick.mkdir()
    shutil.copy(publisher.pack("1.1.0"), stick)
    for number in range(100):
        with zipfile.ZipFile(stick / f"fotos-{number}.zip", "w") as archive:
            archive.writestr("DCIM/foto.jpg", b"...")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = {int(file.name) for file in Path("/proc/self/fd").iterdir()}
    enough = next(islice((number for number in count() if number not in used), 60, None))
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most[1]))
    try:
        assert terminal.lms("pack", "update", stick) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert version(school.courses / "agua") == "1.1.0"


def test_films_do_not_go_through_memory(school: School, publisher: Publisher, city: City) -> None:
    put_in(school, publisher.pack())
    large = 2_400_000
    put_in(city.school, with_film(publisher, "1.4.0", large))
    renew_from(city.url, school)  # what is imported late is not counted
    small = make_difference(publisher.pack(), publisher.pack("1.4.0"), school.courses.parent / "packs")
    for way in (lambda: renew_from(city.url, school), lambda: put_in(school, small)):
        (school.courses / "agua/media/clase.mp3").unlink(missing_ok=True)
        tracemalloc.start()
        way()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < large


def test_a_stranger_can_be_trusted_at_the_door(
    terminal: Terminal, school: School, publisher: Publisher, city: City
) -> None:
    (school.courses.parent / "data/keys/keys.json").unlink()
    assert terminal.lms("pack", "update", city.url, "agua", "--trust", "--yes") == 0
    assert publisher.signer.key.id in terminal.said
    assert version(school.courses / "agua") == "1.1.0"


def test_films_are_not_fetched_and_those_that_are_here_stay(
    school: School, publisher: Publisher, tmp_path: Path
) -> None:
    film = bytes(range(256)) * 40
    packs = []
    for version_ in ("1.0.0", "1.1.0"):
        publisher.pack(version_, ())
        source = publisher.folder / f"source-{version_}"
        (source / "media/pozo.mp4").write_bytes(film)
        with (source / "lessons/la-lluvia.md").open("a", encoding="utf-8") as lesson:
            lesson.write(f"\n![Cómo se limpia el pozo](../media/pozo.mp4)\n\nEdición {version_}.\n")
        packs.append(publisher.pack(version_))
    put_in(school, packs[0])
    there = school.courses / "agua/media/pozo.mp4"
    assert not there.exists()
    there.write_bytes(film)

    with ExitStack() as stack:
        renewal = renew(Stick(make_difference(packs[0], packs[1], tmp_path), stack), school)

    assert (version(school.courses / "agua"), renewal.outcome.apart) == ("1.1.0", 0)
    assert there.read_bytes() == film
    there.unlink()
    with ExitStack() as stack:
        assert renew(Stick(packs[1], stack), school).outcome.apart == len(film)
