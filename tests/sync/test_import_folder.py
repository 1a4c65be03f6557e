"""Two servers without a network: a folder goes from one to the other and back, until neither has anything new to say."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from events_cast import Tablet, store

from lms.cli import main
from lms.course.model import Course
from lms.db import open_database
from lms.sync import armour, giving
from lms.sync.importing import NOTHING, UNREADABLE
from lms.sync.over_file import parse_progress_file
from lms.sync.sealing import FOR_ANOTHER


class Server:
    """A server with a folder of its own, and what it says at the terminal."""

    def __init__(
        self, name: str, folder: Path, patch: pytest.MonkeyPatch, said: pytest.CaptureFixture[str]
    ) -> None:
        self.name, self._folder, self._patch, self._said = name, folder, patch, said

    def __call__(self, *words: object) -> tuple[int, str]:
        self._patch.setenv("LMS_NODE", self.name)
        self._patch.setenv("LMS_DATA", str(self._folder))
        self._said.readouterr()
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = self._said.readouterr()
        return code, said.out + said.err

    def studies(self, *lines: bytes) -> None:
        async def act() -> None:
            db = await open_database(self._folder / "lms.db")
            await store(db, *lines)
            await db.close()

        asyncio.run(act())

    def has(self, place: Path) -> set[bytes]:
        """Every line of its log."""
        shutil.rmtree(place, ignore_errors=True)
        assert self("sync", "export", "--all", place)[0] == 0
        return {line for file in place.iterdir() for line in parse_progress_file(file.read_bytes())}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Server:
    monkeypatch.delenv("LMS_DATABASE", raising=False)
    return Server("escuela", tmp_path / "escuela", monkeypatch, capsys)


@pytest.fixture
def ugel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], school: Server
) -> Server:
    made = Server("ugel", tmp_path / "ugel", monkeypatch, capsys)
    invitation = made("node", "invite")[1].splitlines()[0]
    assert school("node", "join", invitation)[0] == 0
    return made


def test_a_folder_goes_to_and_fro_until_there_is_nothing_new_to_say(
    tmp_path: Path, school: Server, ugel: Server, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, tablet = tmp_path / "usb", Tablet(small)
    school.studies(*[tablet.opens() for _ in range(40)])
    monkeypatch.setattr(armour, "MAX_FILE", 5000)  # so that it takes several files
    answers = 0
    speaker, hearer = school, ugel
    while True:
        shutil.rmtree(stick, ignore_errors=True)
        assert speaker("sync", "export", "--to", hearer.name, stick)[0] == 0
        code, said = hearer("sync", "import", stick)
        assert code == 0, said
        if f"Para responder a «{speaker.name}»" not in said:
            break
        answers += 1
        assert said.count("Para responder") == 1
        speaker, hearer = hearer, speaker
    assert answers == 1
    assert f"No hace falta responder a «{speaker.name}»" in said
    assert ugel.has(tmp_path / "a") == school.has(tmp_path / "b") != set()


def test_files_of_a_folder_are_taken_in_any_order(
    tmp_path: Path, school: Server, ugel: Server, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "usb"
    for tablet in (Tablet(small), Tablet(small)):
        school.studies(*[tablet.opens() for _ in range(60)])
    monkeypatch.setattr(armour, "MAX_FILE", 5000)
    monkeypatch.setattr(giving, "MOST_LINES", 20)
    school("sync", "export", "--to", "ugel", stick)
    files = sorted(stick.iterdir())
    assert len(files) > 2
    for number, file in enumerate(files):
        file.rename(stick / f"{len(files) - number}.txt")

    assert ugel("sync", "import", stick)[0] == 0
    assert ugel.has(tmp_path / "a") == school.has(tmp_path / "b")


@pytest.mark.parametrize("which", ["school", "ugel"])
def test_what_an_older_backup_lost_comes_home_as_the_answers_say(
    tmp_path: Path, school: Server, ugel: Server, small: Course, which: str
) -> None:
    lost, old, new = {"school": school, "ugel": ugel}[which], Tablet(small), Tablet(small)

    def carry() -> None:
        """Go to and fro with a stick for as long as whoever takes it in asks for an answer."""
        one, other = school, ugel
        for number in range(8):
            stick = tmp_path / f"usb {number}"
            assert one("sync", "export", "--to", other.name, stick)[0] == 0
            code, said = other("sync", "import", stick)
            shutil.rmtree(stick)
            assert code == 0
            if "Para responder" not in said:
                assert "ya tiene lo mismo" in said
                return
            one, other = other, one
        raise AssertionError("the answers come to no end")

    school.studies(old.opens())
    carry()
    assert lost("backup", tmp_path / "copias")[0] == 0
    school.studies(old.opens(), new.opens(), new.opens())
    carry()
    everything = school.has(tmp_path / "a")
    assert lost("restore", *(tmp_path / "copias").iterdir(), "--yes")[0] == 0
    carry()
    assert len(everything) == 4
    assert school.has(tmp_path / "a") == ugel.has(tmp_path / "b") == everything


def test_what_is_for_another_server_and_what_is_not_ours_is_let_be(
    tmp_path: Path, school: Server, ugel: Server, small: Course
) -> None:
    stick = tmp_path / "usb"
    school.studies(Tablet(small).opens())
    school("sync", "export", "--to", "ugel", stick)
    (mine,) = stick.iterdir()
    receiver, sender = (server("node", "show")[1].split()[1][:5] for server in (ugel, school))
    assert mine.name.startswith(f"para-ugel-{receiver}-de-escuela-{sender}-20")
    (stick / "LEEME.txt").write_text("Fotos de la feria")
    (stick / "carpeta").mkdir()

    code, said = school("sync", "import", stick)
    assert code == 0
    number = ugel("node", "show")[1].split()[1]
    assert f"{mine}: {FOR_ANOTHER.format(server=f'«ugel», número {number}')}" in said
    assert "LEEME" not in said
    assert school("sync", "import", mine)[0] == 1, "who names it wants it taken"
    assert ugel("sync", "import", stick)[0] == 0


def test_a_file_of_progress_in_a_folder_is_taken_too(
    tmp_path: Path, school: Server, ugel: Server, small: Course
) -> None:
    school.studies(Tablet(small).opens())
    assert school("sync", "export", "--all", tmp_path / "todos")[0] == 0

    code, said = ugel("sync", "import", tmp_path / "todos")
    assert code == 0
    assert "1 registro nuevo" in said
    assert "responder" not in said


def test_a_folder_without_progress_is_said(
    tmp_path: Path, school: Server, ugel: Server, small: Course
) -> None:
    (tmp_path / "vacia").mkdir()
    school.studies(Tablet(small).opens())
    school("sync", "export", "--all", tmp_path / "todos")

    code, said = ugel("sync", "import", tmp_path / "vacia", tmp_path / "todos")
    assert code == 1
    assert f"{tmp_path / 'vacia'}: {NOTHING}" in said
    assert "1 registro nuevo" in said


def test_one_file_that_cannot_be_read_is_named_and_keeps_out_no_other(
    tmp_path: Path, school: Server, ugel: Server, small: Course
) -> None:
    school.studies(Tablet(small).opens())
    school("sync", "export", "--all", tmp_path / "todos")
    broken = tmp_path / "todos" / "ana.txt"
    broken.symlink_to("/proc/self/mem")  # whose first byte nobody can read, not even root

    code, said = ugel("sync", "import", tmp_path / "todos")
    assert code == 1
    assert f"{broken}: {UNREADABLE}" in said
    assert "1 registro nuevo" in said
