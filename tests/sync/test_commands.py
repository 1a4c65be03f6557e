"""`lms sync`: progress files come and go from the terminal."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from events_cast import Tablet

from lms.cli import main
from lms.course.model import Course
from lms.sync import over_file
from lms.sync.over_file import Heading, build_progress_file, parse_progress_file
from lms.sync.sealing import Identity
from tests.sync.closing import Signing
from tests.sync.pasting import token


@pytest.fixture(autouse=True)
def server(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with nothing in it."""
    monkeypatch.setenv("LMS_DATABASE", place)


def run(*arguments: object) -> int:
    """Run `lms sync …`; its exit code."""
    try:
        main(["sync", *map(str, arguments)])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture
def tablet(small: Course) -> Tablet:
    return Tablet(small)


@pytest.fixture
def file(tmp_path: Path, tablet: Tablet) -> Path:
    place = tmp_path / "avance.txt"
    lines = [tablet.identifies("Nélida"), tablet.opens(), tablet.completes()]
    place.write_bytes(build_progress_file(lines, Heading("Nélida", "", date(2026, 11, 23))))
    return place


def test_files_are_imported_and_exported_again(
    tmp_path: Path, file: Path, tablet: Tablet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", file) == 0
    said = capsys.readouterr().out
    assert "Recibimos 3 registros nuevos de «curso»." in said
    assert "Este avance todavía no es de nadie." not in said, "it has a name, which is asked about"
    out = tmp_path / "new" / "salida.txt"

    assert run("export", "--profile", tablet.profile, out) == 0
    assert capsys.readouterr().out == f"{out}\t3\n"
    assert parse_progress_file(out.read_bytes()) == parse_progress_file(file.read_bytes())
    assert "Avance de Nélida · " in out.read_text("utf-8")


def test_all_profiles_go_into_a_folder(tmp_path: Path, file: Path, tablet: Tablet) -> None:
    run("import", file)

    assert run("export", "--all", tmp_path / "todos") == 0
    assert [path.name for path in (tmp_path / "todos").iterdir()] == [f"avance-{tablet.profile}.txt"]


def test_a_file_in_place_of_the_folder_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "todos").write_text("otra cosa")
    assert run("export", "--all", tmp_path / "todos") == 1
    assert "ya es un archivo. Con --all, elige una carpeta." in capsys.readouterr().err


def test_what_does_not_fit_in_one_file_goes_into_several(
    tmp_path: Path, file: Path, tablet: Tablet, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, busy = tmp_path / "otra.txt", Tablet(small)
    other.write_bytes(
        build_progress_file([busy.opens() for _ in range(20)], Heading("", "", date(2026, 11, 23)))
    )
    run("import", file, other)
    sent = parse_progress_file(other.read_bytes())
    monkeypatch.setattr(over_file, "MAX_FILE", 2000)

    assert run("export", "--all", tmp_path / "todos") == 0
    small_one = tmp_path / "todos" / f"avance-{tablet.profile}.txt"
    parts = sorted((tmp_path / "todos").glob(f"avance-{busy.profile}-*.txt"))
    assert len(parse_progress_file(small_one.read_bytes())) == 3
    assert len(parts) > 1
    assert all(part.stat().st_size <= 2000 for part in parts)
    carried = [line for part in parts for line in parse_progress_file(part.read_bytes())]
    assert carried == list(sent)


def test_a_profile_that_cannot_be_written_does_not_stop_the_others(
    tmp_path: Path, file: Path, tablet: Tablet, small: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    other, more = tmp_path / "otra.txt", Tablet(small)
    other.write_bytes(build_progress_file([more.opens()], Heading("", "", date(2026, 11, 23))))
    run("import", file, other)
    blocked, free = (
        tmp_path / "todos" / f"avance-{one}.txt" for one in sorted((tablet.profile, more.profile))
    )
    blocked.mkdir(parents=True)

    assert run("export", "--all", tmp_path / "todos") == 1
    assert f"{blocked}: No se pudo guardar ahí." in capsys.readouterr().err
    assert parse_progress_file(free.read_bytes())
    assert {path.name for path in (tmp_path / "todos").iterdir()} == {blocked.name, free.name}


def test_an_export_that_fails_leaves_no_draft(tmp_path: Path, file: Path, tablet: Tablet) -> None:
    run("import", file)
    (tmp_path / "salida.txt").mkdir()

    assert run("export", "--profile", tablet.profile, tmp_path / "salida.txt") == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_bad_file_does_not_stop_the_others(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "foto.txt"
    bad.write_bytes(b"\x89PNG")

    assert run("import", bad, file) == 1
    said = capsys.readouterr()
    assert "no es de avance" in said.err
    assert "3 registros nuevos" in said.out


@pytest.mark.parametrize("text", ["26/11/26, 10:03 - Ana: {}", "CHASKI RECIBO 1\nABC\nFIN\n"])
def test_a_chat_or_a_receipt_is_told_apart_and_where_it_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text(text.format(token()), "utf-8")
    assert run("import", chat) == 1
    assert "trae códigos o recibos, como un chat." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export", "salida.txt"), 2),
        (("export", "--all", "--profile", "x", "salida"), 2),
        (("export", "--profile", "x", "salida.txt"), 1),
        (("export", "--person", "40000001", "salida.txt"), 1),
        (("import",), 2),
        (("import", "no-existe.txt"), 2),
    ],
)
def test_exit_codes(
    arguments: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(*arguments) == code
    assert not (tmp_path / "salida.txt").exists()


def test_a_closed_file_is_imported_and_a_second_key_is_noticed(
    tmp_path: Path, small: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    server = Identity.kept_in(tmp_path / "data" / "node").public
    tablet = Signing(small)
    file = tmp_path / "cerrado.txt"
    file.write_bytes(tablet.closes([tablet.announces(), tablet.opens()], server))
    assert run("import", file) == 0
    assert "Recibimos 2 registros nuevos" in capsys.readouterr().out
    assert run("keys") == 0
    assert capsys.readouterr() == ("", "Ningún equipo anunció más de una llave.\n")

    file.write_bytes(
        build_progress_file([tablet.announces(Identity.new())], Heading("", "", date(2026, 11, 23)))
    )
    assert run("import", file) == 0
    capsys.readouterr()
    assert run("keys") == 0
    assert capsys.readouterr().out == f"perfil {tablet.profile}\tequipo {tablet.device}\n"


def test_of_a_gigabyte_no_more_is_read_than_tells_that_it_is_too_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ceros.txt"
    with file.open("wb") as out:
        out.truncate(1024**3)
    tracemalloc.start()
    assert run("import", file) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert over_file.LARGE in capsys.readouterr().err
    assert peak < 3 * over_file.MAX_FILE


def test_a_course_that_is_here_is_called_by_its_title(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = tmp_path / "cursos" / "curso"
    course.mkdir(parents=True)
    (course / "course.toml").write_text('title = "Agua limpia"', "utf-8")
    monkeypatch.setenv("LMS_COURSES", str(course.parent))
    assert run("import", file) == 0
    assert "Recibimos 3 registros nuevos de «Agua limpia»." in capsys.readouterr().out
