"""A pack gives back the sources it was made of, and nothing that stands elsewhere in the zip."""

import shutil
import zipfile
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.edition import differences, published_editions
from lms.course.loader import load_course
from lms.errors import Invalid
from lms.packs.build import build
from lms.packs.formats import FORMATS
from lms.packs.sources import take_sources


def test_the_sources_of_a_pack_are_the_course_it_was_made_of(pack: Path, tmp_path: Path) -> None:
    take_sources(pack, tmp_path / "out")
    (old,), (new,) = published_editions(GOOD), published_editions(tmp_path / "out")
    assert not differences(old, new)
    taken = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert taken == {path.relative_to(GOOD) for path in GOOD.rglob("*") if path.is_file()}


def test_a_pack_holds_what_the_course_names_and_nothing_else(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    for private in ("POR-CONFIRMAR.md", "lessons/borrador.md", "banks/viejo.gift", "notas/ideas.toml"):
        (folder / private).parent.mkdir(exist_ok=True)
        (folder / private).write_text("Preguntar a la UGEL.")
    shutil.copy(folder / "media/pozo.svg", folder / "media/descartado.svg")
    (folder / "lessons/borrador.md").write_text('+++\ntitle = "x"\nobjective = "x"\nminutes = 1\n+++\n')
    (folder / "banks/viejo.gift").write_text("::viejo::¿Hay agua? {T#No.#Sí.}", "utf-8")
    course = load_course(folder).course
    assert course is not None
    for made in FORMATS.values():
        assert b"descartado" not in made.write(course)
    pack = build(course, "site", tmp_path / "packs")
    with zipfile.ZipFile(pack) as archive:
        inside = {name for name in archive.namelist() if name.startswith(("source/", "media/"))}
    assert inside == {
        "source/course.toml",
        "source/glossary.toml",
        "source/lessons/el-pozo.md",
        "source/lessons/la-lluvia.md",
        "source/banks/agua.gift",
        "media/pozo.svg",
    }
    take_sources(pack, tmp_path / "out")
    (old,), (new,) = published_editions(tmp_path / "out"), published_editions(folder)
    assert not differences(old, new), "files that nobody sees are no change to publish"


@pytest.mark.parametrize("name", ["source/../../x.md", "../x", "/x", "source/lessons/../../../x"])
def test_a_zip_that_reaches_out_of_its_folder_is_refused_whole(pack: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr(name, "no")
    with pytest.raises(Invalid, match="no se puede abrir con seguridad"):
        take_sources(pack, tmp_path / "deep" / "out")
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize("name", ["source/lessons/.x", "source/x/y.md", "media/a/b", "x"])
def test_what_a_course_has_no_place_for_stays_in_the_zip(pack: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr(name, "no")
    take_sources(pack, tmp_path / "deep" / "out")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"no"] == []


def test_what_is_not_a_whole_zip_is_refused(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"hola"):
        pack.write_bytes(content)
        with pytest.raises(Invalid, match=r"no es un paquete zip completo"):
            take_sources(pack, tmp_path / "out")


def test_damage_inside_a_source_is_noticed(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        entry = archive.getinfo("source/course.toml")
    content = bytearray(pack.read_bytes())
    start = entry.header_offset + 30 + len(entry.filename)
    content[start : start + 20] = b"\0" * 20
    pack.write_bytes(content)
    with pytest.raises(Invalid, match=r"no es un paquete zip completo"):
        take_sources(pack, tmp_path / "out")


def test_a_zip_without_sources_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "fotos.zip", "w") as archive:
        archive.writestr("foto.jpg", b"x")
    with pytest.raises(Invalid, match=r"no trae los textos"):
        take_sources(tmp_path / "fotos.zip", tmp_path / "out")
