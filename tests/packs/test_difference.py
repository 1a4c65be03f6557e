"""A difference: small, as safe as the pack it stands for, and of no use without the course it is from."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from packs.conftest import Publisher, School, replace
from packs.hostile import ATTACKS
from packs.test_install import UNSIGNED, put_in, unpacked, version
from packs.test_install_commands import Terminal, places, terminal

from lms.course.loader import load_course
from lms.errors import Conflict, Invalid, LmsError
from lms.packs.build import build
from lms.packs.difference import make_difference

__all__ = ["places", "terminal"]  # fixtures: the school's folders and its terminal

LARGEST = Path(__file__).parents[2] / "courses" / "competencia-digital"


@pytest.fixture
def difference(publisher: Publisher) -> Path:
    """What 1.1.0 has and 1.0.0 lacks."""
    return make_difference(publisher.pack(), publisher.pack("1.1.0"), publisher.folder)


def test_it_holds_the_papers_and_only_what_changed(difference: Path) -> None:
    with zipfile.ZipFile(difference) as archive:
        changed = ["source/course.toml", "source/lessons/el-pozo.md"]
        assert archive.namelist() == ["difference.json", "manifest.json", "manifest.sig", *changed]
    assert difference.name == "agua-1.0.0-a-1.1.0.zip"


def test_where_the_old_version_is_it_installs_the_new_one_with_its_signature(
    school: School, publisher: Publisher, difference: Path
) -> None:
    put_in(school, publisher.pack())
    assert put_in(school, difference) == "1.1.0"
    shutil.move(school.courses / "agua", publisher.folder / "by difference")
    put_in(school, publisher.pack("1.1.0"))
    for file in (school.courses / "agua").rglob("*"):
        other = publisher.folder / "by difference" / file.relative_to(school.courses / "agua")
        assert file.is_dir() or file.read_bytes() == other.read_bytes()


def test_it_works_extracted_too(school: School, publisher: Publisher, difference: Path) -> None:
    put_in(school, publisher.pack())
    assert put_in(school, unpacked(difference)) == "1.1.0"


def test_without_the_old_version_it_says_which_one_it_needs(
    school: School, publisher: Publisher, difference: Path
) -> None:
    with pytest.raises(Invalid, match=r"desde la versión 1\.0\.0 de «Agua .*», y aquí no está"):
        put_in(school, difference)
    put_in(school, publisher.pack("0.9.0"))
    replace(school.courses / "agua/lessons/la-lluvia.md", "lluvia", "nieve")
    with pytest.raises(Invalid, match=r"aquí está la 0\.9\.0: falta «source/lessons/la-lluvia\.md»"):
        put_in(school, difference)
    assert version(school.courses / "agua") == "0.9.0"


def test_it_is_refused_for_what_a_pack_is_refused(school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack())
    unsigned = make_difference(publisher.pack(), publisher.pack("1.1.0", ()), publisher.folder)
    with pytest.raises(Invalid, match="no lleva firma"):
        put_in(school, unsigned)
    assert put_in(school, unsigned, UNSIGNED) == "1.1.0"
    earlier = make_difference(publisher.pack("0.9.0"), publisher.pack(), publisher.folder)
    with pytest.raises(Conflict, match="repite la orden con --older"):
        put_in(school, earlier)


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - {"count"}))
def test_no_attack_on_a_difference_installs_anything(
    school: School, publisher: Publisher, difference: Path, name: str
) -> None:
    put_in(school, publisher.pack())
    before = difference.read_bytes()
    difference.write_bytes(ATTACKS[name][0](before))
    if difference.read_bytes() == before:
        pytest.skip("on a file that a difference has not")
    with pytest.raises(LmsError):
        put_in(school, difference)
    assert version(school.courses / "agua") == "1.0.0"
    assert [path.name for path in school.courses.iterdir()] == ["agua"]


def test_a_changed_or_added_file_in_it_is_named(
    school: School, publisher: Publisher, difference: Path
) -> None:
    put_in(school, publisher.pack())
    with zipfile.ZipFile(difference, "a") as archive:
        archive.writestr(zipfile.ZipInfo("source/lessons/otra.md"), "x")
    with pytest.raises(Invalid, match=r"sobra «source/lessons/otra\.md»"):
        put_in(school, difference)
    folder = unpacked(difference)
    replace(folder / "source/lessons/el-pozo.md", "agua", "aguo")
    with pytest.raises(Invalid, match=r"dañado «source/lessons/el-pozo\.md»"):
        put_in(school, folder)


@pytest.mark.parametrize("said", ["", "[]", "[" * 5_000, '{"format": "chaski-difference"}'])
def test_what_does_not_say_what_it_is_from_is_none(school: School, difference: Path, said: str) -> None:
    folder = unpacked(difference)
    (folder / "difference.json").write_text(said)
    with pytest.raises(Invalid, match=r"su difference\.json no es de un paquete"):
        put_in(school, folder)


def test_one_typo_in_the_largest_course_fits_a_chat(tmp_path: Path) -> None:
    before, after = tmp_path / "antes", tmp_path / "ahora"
    for folder in (before, after):
        shutil.copytree(LARGEST, folder)
    correct(after)
    packs = []
    for folder in (before, after):
        course = load_course(folder).course
        assert course is not None
        packs.append(build(course, "site", folder))
    made = make_difference(packs[0], packs[1], tmp_path)
    assert made.stat().st_size <= 30 * 1024


def correct(folder: Path) -> Path:
    """Correct a word in a course's longest lesson and raise its version; the lesson's file."""
    longest = max((folder / "lessons").iterdir(), key=lambda lesson: lesson.stat().st_size)
    text = longest.read_text("utf-8")
    assert " que " in text
    longest.write_text(text.replace(" que ", " qeu ", 1), "utf-8")
    replace(folder / "course.toml", 'version = "1.', 'version = "2.')
    return longest


def test_it_is_made_looked_at_and_installed_by_command(
    terminal: Terminal, school: School, publisher: Publisher, tmp_path: Path
) -> None:
    old, new, small = publisher.pack(), publisher.pack("1.1.0"), tmp_path / "cambios.zip"
    assert terminal.lms("pack", "diff", old, new, "-o", small) == 0
    assert terminal.said == f"{small}\t{small.stat().st_size}\n"
    assert terminal.lms("pack", "verify", small) == 1
    assert "Usa el paquete entero" in terminal.said
    assert terminal.lms("pack", "install", old) == 0
    assert terminal.lms("pack", "verify", small) == 0
    assert "Es más nuevo que el instalado aquí (1.0.0)." in terminal.said
    assert terminal.lms("pack", "install", small) == 0
    assert version(school.courses / "agua") == "1.1.0"


def test_packs_of_two_courses_have_no_difference(publisher: Publisher, tmp_path: Path) -> None:
    other = Publisher(publisher.signer, tmp_path / "other")
    other.pack()
    replace(other.folder / "source-1.0.0" / "course.toml", 'id = "agua"', 'id = "pozo"')
    with pytest.raises(Conflict, match="son de cursos distintos"):
        make_difference(publisher.pack(), other.pack(), tmp_path)
    small = make_difference(publisher.pack(), publisher.pack("1.1.0"), tmp_path)
    with pytest.raises(Conflict, match="ya es una diferencia"):
        make_difference(publisher.pack(), small, tmp_path)


def test_only_what_leads_to_a_later_version_is_written(
    terminal: Terminal, publisher: Publisher, tmp_path: Path
) -> None:
    old, new = publisher.pack(), publisher.pack("1.1.0")
    edited = Publisher(publisher.signer, tmp_path / "edited")
    edited.pack("1.1.0")
    replace(edited.folder / "source-1.1.0/lessons/la-lluvia.md", "lluvia", "nieve")
    refused = (
        (new, old, "trae la versión 1.0.0 de «Agua para la escuela», más antigua que la 1.1.0"),
        (new, edited.pack("1.1.0"), "dicen ser la versión 1.1.0 de «Agua para la escuela», y su"),
        (old, unpacked(old), "no hay nada nuevo que llevar"),
    )
    for before, after, why in refused:
        assert terminal.lms("pack", "diff", before, after, "-o", tmp_path / "out/small.zip") == 1
        assert why in terminal.said
        assert len(terminal.said.splitlines()) == 1
    assert not (tmp_path / "out").exists()
