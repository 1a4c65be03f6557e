"""One version, one content: what was given out under a number is not packed again with another content unasked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from packs.conftest import Publisher, School, replace
from packs.test_install import put_in
from packs.test_install_commands import Terminal, places, terminal
from sample_courses import GOOD

from lms.packs.contents import open_contents
from lms.packs.papers import papers_of

__all__ = ["places", "terminal"]  # fixtures: the author's folders and terminal


@pytest.fixture
def folder(school: School, terminal: Terminal) -> Path:
    """An author's course, and a key to sign it with."""
    assert terminal.lms("key", "new", "difods") == 0
    return shutil.copytree(GOOD, school.courses / "agua")


def edit(folder: Path) -> None:
    replace(folder / "lessons/el-pozo.md", "agua", "aguo")


def site(terminal: Terminal, *more: object) -> int:
    return terminal.lms("pack", "build", "agua", "--format", "site", *more)


def test_a_signed_version_is_not_packed_with_other_content_unless_one_says_so(
    folder: Path, terminal: Terminal, tmp_path: Path
) -> None:
    assert site(terminal, "--sign", "difods") == 0
    pack = tmp_path / "packs/agua-1.0.0.zip"
    before = pack.read_bytes()
    assert site(terminal, "--sign", "difods") == 0
    assert terminal.said == f"{pack}\t{len(before)}\n"

    edit(folder)
    for made in ("site", "single"):
        assert terminal.lms("pack", "build", "agua", "--format", made, "--sign", "difods") == 1
        assert (
            terminal.said
            == f"""\
La versión 1.0.0 de «Agua para la escuela» ya se entregó firmada, en {pack}, y ahora cambió: «lessons/el-pozo.md». \
Sube «version» en {folder}/course.toml, línea 3.
Si sabes que nadie la tiene, repite la orden con --again.
"""
        )
    assert [file.name for file in pack.parent.iterdir()] == [pack.name]
    assert pack.read_bytes() == before

    assert site(terminal, "--sign", "difods", "--again") == 0
    assert "(firmado) tenía otro contenido" in terminal.said
    assert pack.read_bytes() != before


def test_a_signed_pack_is_not_changed_for_one_without_a_signature(
    folder: Path, terminal: Terminal, tmp_path: Path
) -> None:
    assert site(terminal, "--sign", "difods") == 0
    pack = tmp_path / "packs/agua-1.0.0.zip"
    before = pack.read_bytes()
    assert site(terminal) == 1
    assert f"{pack} está firmado, y esta orden lo cambiaría por uno sin firma. Usa --sign" in terminal.said
    assert pack.read_bytes() == before
    assert terminal.lms("pack", "build", "agua", "--format", "single") == 0
    assert site(terminal, "--again") == 0
    assert pack.read_bytes() != before


def test_the_next_version_needs_nobody_asked(folder: Path, terminal: Terminal, tmp_path: Path) -> None:
    site(terminal, "--sign", "difods")
    edit(folder)
    replace(folder / "course.toml", 'version = "1.0.0"', 'version = "1.0.1"')
    assert site(terminal, "--sign", "difods") == 0
    assert {file.name for file in (tmp_path / "packs").iterdir()} == {"agua-1.0.0.zip", "agua-1.0.1.zip"}
    assert len(terminal.said.splitlines()) == 1


def test_an_unsigned_pack_is_a_draft_which_is_replaced_with_a_word(
    folder: Path, terminal: Terminal, tmp_path: Path
) -> None:
    site(terminal)
    edit(folder)
    assert terminal.lms("pack", "build", "agua", "--format", "single") == 0
    assert "aviso" not in terminal.said
    assert site(terminal) == 0
    pack = tmp_path / "packs/agua-1.0.0.zip"
    assert (
        f"aviso: {pack} (sin firma) tenía otro contenido en la misma versión, 1.0.0: «lessons/el-pozo.md». "
        "Se reemplaza.\n"
    ) in terminal.said
    assert site(terminal) == 0
    assert "aviso" not in terminal.said


def test_an_installed_course_that_was_changed_needs_another_version(
    school: School, publisher: Publisher, terminal: Terminal
) -> None:
    put_in(school, publisher.pack())
    assert site(terminal) == 0
    edit(school.courses / "agua")
    assert site(terminal) == 1
    assert "llegó a este equipo en un paquete, y ahora cambió: «lessons/el-pozo.md»." in terminal.said


@pytest.mark.parametrize("shape", [(), ("--zip",)])
def test_nor_does_a_bundle_change_what_it_gave_out(
    folder: Path, terminal: Terminal, tmp_path: Path, shape: tuple[str, ...]
) -> None:
    order = ("pack", "bundle", "agua", "--sign", "difods", *shape)
    assert terminal.lms(*order) == 0
    assert terminal.lms(*order) == 0
    assert "aviso" not in terminal.said
    made = tmp_path / "packs" / ("mochila-digital.zip" if shape else "mochila-digital/cursos/agua")

    edit(folder)
    for wanted in (order, ("pack", "build", "agua", "--format", "site")):
        assert terminal.lms(*wanted) == 1
        assert f"ya se entregó firmada, en {made}, y ahora cambió" in terminal.said

    assert terminal.lms(*order, "--again") == 0
    assert f"aviso: {made} (firmado) tenía otro contenido" in terminal.said
    assert terminal.lms(*order) == 0


def test_what_cannot_be_read_as_a_pack_is_in_nobodys_way(
    folder: Path, terminal: Terminal, tmp_path: Path
) -> None:
    site(terminal, "--sign", "difods")
    pack = tmp_path / "packs/agua-1.0.0.zip"
    pack.write_bytes(pack.read_bytes()[:-40])
    edit(folder)
    assert site(terminal, "--sign", "difods") == 0
    with open_contents(pack) as contents:
        assert papers_of(contents).signatures is not None


def test_who_packs_without_a_key_is_told_once_what_that_means(
    school: School, terminal: Terminal, tmp_path: Path
) -> None:
    shutil.copytree(GOOD, school.courses / "agua")
    formats = ("--format", "site", "--format", "single", "--format", "scorm")
    for order in (("build", "agua", *formats), ("bundle", "agua")):
        assert terminal.lms("pack", *order) == 0
        assert terminal.said.count("Sin firma") == 1
        assert "tendrá que aceptarlo con --unsigned. Para firmarlo: haz una llave con «lms key new»" in (
            terminal.said
        )
    assert terminal.lms("pack", "build", "agua", "--format", "single") == 0
    assert "firma" not in terminal.said  # no other format can be signed

    terminal.lms("key", "new", "difods")
    assert site(terminal) == 0
    assert "Para firmarlo: --sign difods." in terminal.said
    assert site(terminal, "--sign", "difods") == 0
    assert "Sin firma" not in terminal.said
