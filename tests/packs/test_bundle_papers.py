"""A bundle says what it was made with, signs it, and is looked at and installed course by course."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from packs.conftest import Publisher, School, replace
from packs.test_films import FIRST, ROOF, WELL, made
from packs.test_install import version
from packs.test_install_commands import Terminal, places, terminal
from sample_courses import GOOD

from lms.packs.archive import MOST_BYTES
from lms.packs.signing import new_signer, written

__all__ = ["places", "terminal"]  # fixtures


@pytest.fixture
def author(terminal: Terminal, school: School, publisher: Publisher) -> Path:
    """The school's terminal with the publisher's key, and two courses to be bundled; where they are."""
    school.ring.keep_own(publisher.signer.key, written(publisher.signer))
    made(publisher, "1.0.0", FIRST)
    home = publisher.folder / "courses"
    shutil.copytree(publisher.folder / "source-1.0.0", home / "agua")
    shutil.copytree(GOOD, home / "pozo")
    replace(home / "pozo/course.toml", 'id = "agua"', 'id = "pozo"')
    return home


def bundled(terminal: Terminal, author: Path, usb: Path, *words: str) -> Path:
    """The bundle of both courses."""
    named = [author / "agua", author / "pozo"]
    assert terminal.lms("pack", "bundle", *named, "--to", usb, *words) == 0, terminal.said
    return usb / "mochila-digital"


def test_signed_it_and_each_course_say_by_whom(terminal: Terminal, author: Path, tmp_path: Path) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    for place in (folder, folder.parent):
        assert terminal.lms("pack", "verify", place) == 0
        assert "mochila digital con 2 cursos.\nSu página para empezar y su lista" in terminal.said
        assert terminal.said.count("Firmado por «difods»") == 3
    assert "cursos/agua: «Agua para la escuela», versión 1.0.0.\nEstá completo." in terminal.said
    assert terminal.lms("pack", "verify", "--json", folder) == 0
    found = json.loads(terminal.said)
    assert (found["standing"], found["whole"]) == ("trusted", True)
    assert [(course["pack"], course["age"]) for course in found["courses"]] == [
        ("cursos/agua", "new"),
        ("cursos/pozo", "new"),
    ]


def test_unsigned_it_is_accepted_only_by_who_says_so(
    terminal: Terminal, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb")
    assert not (folder / "mochila.sig").exists()
    assert terminal.lms("pack", "verify", folder) == 1
    assert "La mochila no la firmó nadie" in terminal.said
    assert terminal.lms("pack", "verify", "--unsigned", folder) == 0


def test_an_older_signature_does_not_stay_beside_a_new_bundle(
    terminal: Terminal, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    assert (folder / "mochila.sig").is_file()
    assert bundled(terminal, author, tmp_path / "usb") == folder
    assert not (folder / "mochila.sig").exists()


def test_what_was_changed_in_it_is_named(terminal: Terminal, author: Path, tmp_path: Path) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    replace(folder / "ABRIR-AQUI.html", "Mochila digital", "Mochila")
    (folder / "LEEME.txt").unlink()
    replace(folder / "cursos/agua/source/lessons/el-pozo.md", "agua", "aguo")
    shutil.move(folder / "cursos/pozo", folder / "cursos/otro")
    assert terminal.lms("pack", "verify", folder) == 1
    for line in (
        "NO está como salió de quien la hizo",
        "  Dañado: «ABRIR-AQUI.html»",
        "  Falta: «LEEME.txt»",
        "  Falta: «cursos/pozo»",
        "  Sobra: «cursos/otro»",
        "  Dañado: «source/lessons/el-pozo.md»",
    ):
        assert line in terminal.said


WORN = {
    "textos.js": "  Dañado: «textos.js»",
    "manifest.json": "  Dañado: «cursos/agua»",
    "mochila.json": "mochila.json de «mochila-digital» no se puede leer. Copia de nuevo la mochila.",
}


def test_what_a_worn_out_stick_does_not_give_is_named(
    terminal: Terminal, author: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    opened = Path.open
    for worn, said in WORN.items():

        def refuses(file: Path, *how: Any, worn: str = worn, **more: Any) -> Any:
            if file.name == worn:
                raise OSError(errno.EIO, "Input/output error")
            return opened(file, *how, **more)

        with monkeypatch.context() as stick:
            stick.setattr(Path, "open", refuses)
            assert terminal.lms("pack", "verify", folder) == 1
        assert said in terminal.said


def test_a_course_that_another_pack_took_the_place_of_is_named_though_it_is_whole(
    terminal: Terminal, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    replace(author / "agua/course.toml", 'version = "1.0.0"', 'version = "1.0.1"')
    other = bundled(terminal, author, tmp_path / "otra", "--sign", "difods")
    shutil.rmtree(folder / "cursos/agua")
    shutil.copytree(other / "cursos/agua", folder / "cursos/agua")
    assert terminal.lms("pack", "verify", folder) == 1
    assert "  Dañado: «cursos/agua»" in terminal.said
    assert "versión 1.0.1.\nEstá completo." in terminal.said


def test_a_list_that_somebody_else_signed_or_changed_is_not_its_makers(
    terminal: Terminal, school: School, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    replace(folder / "mochila.json", "Agua para la escuela", "Agua")
    assert terminal.lms("pack", "verify", folder) == 1
    assert "Lleva una firma que no corresponde a este contenido." in terminal.said
    for said in ("{", '{"format": "chaski-bundle", "minimum_reader": 9}'):
        (folder / "mochila.json").write_text(said)
        assert terminal.lms("pack", "verify", folder) == 1
    assert "Actualiza el programa" in terminal.said
    stranger = new_signer("otro")
    school.ring.keep_own(stranger.key, written(stranger))
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "otro")
    assert terminal.lms("pack", "verify", folder) == 1
    assert "no la conoces" in terminal.said


def test_of_a_bundle_before_there_were_lists_each_course_is_looked_at(
    terminal: Terminal, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb")
    (folder / "mochila.json").unlink()
    assert terminal.lms("pack", "verify", "--unsigned", folder) == 0
    assert "No lleva la lista de lo que trajo: solo se revisó cada curso." in terminal.said


def test_all_its_courses_are_installed_or_those_that_are_named(
    terminal: Terminal, school: School, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    assert terminal.lms("pack", "install", folder, "pozo") == 0
    assert [path.name for path in school.courses.iterdir()] == ["pozo"]
    assert terminal.lms("pack", "install", folder) == 0
    assert version(school.courses / "agua") == "1.0.0"
    assert "Ya tenías" in terminal.said
    assert terminal.lms("pack", "verify", folder) == 0
    assert terminal.said.count("Es la misma versión que la instalada aquí (1.0.0).") == 2
    assert terminal.lms("pack", "install", folder, "quipu") == 1
    assert "no está «quipu». Sus cursos: «agua», «pozo»." in terminal.said
    assert terminal.lms("pack", "install", folder / "cursos/agua", "agua") == 2
    assert "Solo de una mochila digital se nombran cursos" in terminal.said


def test_one_course_that_is_refused_does_not_keep_out_the_others(
    terminal: Terminal, school: School, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    replace(folder / "cursos/agua/source/lessons/el-pozo.md", "agua", "aguo")
    assert terminal.lms("pack", "install", folder) == 1
    assert "dañado «source/lessons/el-pozo.md»" in terminal.said
    assert [path.name for path in school.courses.iterdir()] == ["pozo"]


def test_a_stranger_is_compared_once_for_all_its_courses(
    terminal: Terminal, school: School, publisher: Publisher, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    (school.courses.parent / "data/keys/keys.json").unlink()
    assert terminal.lms("pack", "install", "--trust", "--yes", folder) == 0
    assert terminal.said.count(publisher.signer.key.id) == 1
    assert {path.name for path in school.courses.iterdir()} == {"agua", "pozo"}


def test_films_go_along_when_asked_for_and_their_weight_is_said_before(
    terminal: Terminal, school: School, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods")
    assert "Los videos (1,2 MB) no van en la mochila. Para llevarlos: --films." in terminal.said
    assert not (folder / "cursos/agua/media/pozo.mp4").exists()
    folder = bundled(terminal, author, tmp_path / "usb", "--sign", "difods", "--films")
    assert "Van también los videos: 2, 1,2 MB." in terminal.said
    assert (folder / "cursos/agua/media/pozo.mp4").read_bytes() == WELL
    assert terminal.lms("pack", "verify", folder) == 0
    assert "No trae sus videos" not in terminal.said
    assert terminal.lms("pack", "install", folder) == 0
    assert (school.courses / "agua/media/techo.mp4").read_bytes() == ROOF
    (school.courses / "agua/media/techo.mp4").unlink()
    named = school.courses / "agua"
    assert terminal.lms("pack", "bundle", named, "--films", "--to", tmp_path / "otra") == 0
    assert "Van también los videos: 1, 600 KB." in terminal.said
    assert "aviso: hay videos (600 KB) que no están en este equipo y no van." in terminal.said


def test_a_zipped_bundle_is_to_be_extracted(terminal: Terminal, author: Path, tmp_path: Path) -> None:
    bundled(terminal, author, tmp_path / "usb", "--zip")
    for order in ("verify", "install"):
        assert terminal.lms("pack", order, tmp_path / "usb/mochila-digital.zip") == 1
        assert "es una mochila digital. Extráela toda y usa su carpeta." in terminal.said

    os.truncate(tmp_path / "usb/mochila-digital.zip", 2 * MOST_BYTES)  # as with films
    assert terminal.lms("pack", "verify", tmp_path / "usb/mochila-digital.zip") == 1
    assert "Si es una mochila digital, extráela toda y usa su carpeta." in terminal.said


def test_each_course_of_it_can_say_whether_it_is_complete(
    terminal: Terminal, author: Path, tmp_path: Path
) -> None:
    folder = bundled(terminal, author, tmp_path / "usb")
    for course in ("agua", "pozo"):
        document = (folder / "cursos" / course / "ABRIR-AQUI.html").read_text("utf-8")
        assert "¿Este curso está completo?</h1>" in document
        assert 'data-place="media/pozo.svg"' in document
