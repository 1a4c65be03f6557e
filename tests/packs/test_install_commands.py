"""`lms pack build --sign`, `verify` and `install`, as they are typed and read."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from packs.conftest import TODAY, Publisher, School, replace
from packs.test_install import unpacked, version
from sample_courses import GOOD
from starlette.testclient import TestClient

from lms.app import create_app
from lms.cli import main
from lms.packs.manifest import READER
from lms.packs.signing import new_signer, written
from lms.settings import Settings


@pytest.fixture(autouse=True)
def places(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The school's folders."""
    for name, folder in (("LMS_DATA", "data"), ("LMS_COURSES", "courses"), ("LMS_PACKS", "packs")):
        monkeypatch.setenv(name, str(tmp_path / folder))


class Terminal:
    """Runs `lms`; `said` is what came to the screen."""

    def __init__(self, screen: pytest.CaptureFixture[str]) -> None:
        self._screen = screen
        self.said = ""

    def lms(self, *words: object) -> int:
        """Run a command; its exit code."""
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        read = self._screen.readouterr()
        self.said = read.out + read.err
        return code


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal at the school."""
    return Terminal(capsys)


def test_a_good_pack_is_whole_and_says_whose_it_is(terminal: Terminal, publisher: Publisher) -> None:
    pack = publisher.pack()
    for path in (pack, unpacked(pack)):
        assert terminal.lms("pack", "verify", path) == 0
        assert "Está completo." in terminal.said
        assert f"Firmado por «difods», llave {publisher.signer.key.id}: confías en ella." in terminal.said
        assert "Aquí no está instalado." in terminal.said


def test_files_that_are_damaged_missing_or_too_many_are_named(
    terminal: Terminal, publisher: Publisher
) -> None:
    folder = unpacked(publisher.pack())
    (folder / "LEEME.txt").write_text("otro")
    (folder / "media/pozo.svg").unlink()
    (folder / "virus.exe").write_text("x")
    assert terminal.lms("pack", "verify", folder) == 1
    for line in (
        "Dañado: «LEEME.txt»",
        "Falta: «media/pozo.svg»",
        "Sobra: «virus.exe»",
        "NO está como salió",
    ):
        assert line in terminal.said


def test_beside_an_unpacked_pack_other_files_do_no_harm(terminal: Terminal, publisher: Publisher) -> None:
    pack = publisher.pack()
    folder = unpacked(pack)
    (folder / "Thumbs.db").write_text("x")
    assert terminal.lms("pack", "verify", folder) == 0
    assert "Sobra: «Thumbs.db»" in terminal.said
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr(zipfile.ZipInfo("Thumbs.db"), "x")
    assert terminal.lms("pack", "verify", pack) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("known", "aún no confías"),
        ("revoked", "está anulada"),
        ("unknown", "no la conoces"),
        ("unknown", "Si es el mismo, instálalo con --trust."),
    ],
)
def test_a_signature_is_worth_what_its_key_is(
    terminal: Terminal, publisher: Publisher, school: School, state: str, words: str
) -> None:
    if state == "unknown":
        (school.courses.parent / "data/keys/keys.json").unlink()
    else:
        school.ring.keep(publisher.signer.key, state, TODAY)  # type: ignore[arg-type]
    assert terminal.lms("pack", "verify", publisher.pack()) == 1
    assert words in terminal.said
    assert "Está completo." in terminal.said


def test_a_pack_that_nobody_signed_says_so(terminal: Terminal, pack: Path) -> None:
    assert terminal.lms("pack", "verify", pack) == 1
    assert "No lo firmó nadie" in terminal.said
    assert "instálalo con --unsigned" in terminal.said
    assert terminal.lms("pack", "verify", "--unsigned", pack) == 0


@pytest.mark.parametrize(
    ("made", "age", "words"),
    [
        ("1.1.0", "older", "más antiguo"),
        ("1.2.0", "equal", "misma versión"),
        ("1.10.0", "newer", "más nuevo"),
    ],
)
def test_it_is_set_beside_what_is_installed(
    terminal: Terminal, publisher: Publisher, made: str, age: str, words: str
) -> None:
    assert terminal.lms("pack", "install", publisher.pack("1.2.0")) == 0
    assert terminal.lms("pack", "verify", publisher.pack(made)) == 0
    assert words in terminal.said
    assert terminal.lms("pack", "verify", "--json", publisher.pack(made)) == 0
    found = json.loads(terminal.said)
    assert (found["age"], found["installed"], found["version"]) == (age, "1.2.0", made)
    assert found["signed_by"][0]["standing"] == "trusted"


def test_a_signature_of_a_later_kind_is_passed_over(terminal: Terminal, publisher: Publisher) -> None:
    folder = unpacked(publisher.pack())
    signed = json.loads((folder / "manifest.sig").read_text())
    signed["signatures"].append({"key": "chaski-key-2:difods:ML-DSA:x", "signature": "larga" * 600})
    (folder / "manifest.sig").write_text(json.dumps(signed))
    assert terminal.lms("pack", "verify", folder) == 0
    (folder / "manifest.sig").write_text("[" * 10_000)
    assert terminal.lms("pack", "verify", folder) == 1
    assert "no se entiende" in terminal.said


def test_what_is_no_pack_is_said_in_words_and_in_json(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "foto.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("foto.jpg"), "x")
    assert terminal.lms("pack", "verify", file) == 1
    assert "no trae manifest.json. Usa el zip que hizo" in terminal.said
    (tmp_path / "agua.html").write_text("<html>")
    assert terminal.lms("pack", "install", tmp_path / "agua.html") == 1
    assert "Usa el archivo que termina en .zip." in terminal.said
    assert terminal.lms("pack", "verify", "--json", file) == 1
    assert json.loads(terminal.said)["whole"] is False
    assert terminal.lms("pack", "verify", tmp_path / "nada.zip") == 1
    assert "No hay un paquete en" in terminal.said


def test_a_pack_for_a_newer_reader_says_what_to_do(terminal: Terminal, publisher: Publisher) -> None:
    folder = unpacked(publisher.pack(signers=()))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    later = {"format": manifest["format"], "minimum_reader": READER + 1, "files": "otra cosa"}
    (folder / "manifest.json").write_text(json.dumps(later), "utf-8")
    for command in ("verify", "install"):
        assert terminal.lms("pack", command, "--unsigned", folder) == 1
        assert "Actualiza el programa" in terminal.said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "../x"),
        ("id", "con"),
        ("version", "1"),
        ("path", "../x"),
        ("path", "LEEME.txt"),
        ("sha256", "0"),
    ],
)
def test_a_manifest_that_breaks_a_rule_is_none(
    terminal: Terminal, publisher: Publisher, field: str, value: str
) -> None:
    folder = unpacked(publisher.pack(signers=()))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (manifest["course"] if field in ("id", "version") else manifest["files"][0])[field] = value
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert terminal.lms("pack", "install", "--unsigned", folder) == 1
    assert "su manifest.json no se entiende" in terminal.said


def test_trust_is_given_at_the_door_and_kept(
    terminal: Terminal, publisher: Publisher, school: School
) -> None:
    (school.courses.parent / "data/keys/keys.json").unlink()
    assert terminal.lms("pack", "install", publisher.pack()) == 1
    assert "repite la orden con --trust" in terminal.said
    assert terminal.lms("pack", "install", "--trust", "--yes", publisher.pack()) == 0
    assert publisher.signer.key.id in terminal.said
    assert "reinícialo" in terminal.said
    assert terminal.lms("pack", "install", publisher.pack("1.1.0")) == 0
    assert "(antes, 1.0.0)" in terminal.said
    replace(publisher.folder / "source-1.1.0/lessons/el-pozo.md", "Esta es la edición", "Es la edición")
    assert terminal.lms("pack", "install", publisher.pack("1.1.0")) == 0
    assert "versión 1.1.0 (antes, el mismo número con otro contenido)" in terminal.said


def test_no_number_is_asked_for_a_pack_that_is_altered(
    terminal: Terminal, publisher: Publisher, school: School
) -> None:
    (school.courses.parent / "data/keys/keys.json").unlink()
    folder = unpacked(publisher.pack())
    (folder / "LEEME.txt").write_text("otro")
    assert terminal.lms("pack", "install", "--trust", "--yes", folder) == 1
    assert "dañado «LEEME.txt»" in terminal.said
    assert not (school.courses.parent / "data/keys/keys.json").exists()


def test_signed_builds_are_the_same_bytes_and_unsigned_ones_stay_possible(
    terminal: Terminal, publisher: Publisher, school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.ring.keep_own(publisher.signer.key, written(publisher.signer))
    shutil.copytree(GOOD, school.courses / "agua")
    plain, signed, again = (tmp_path / name for name in ("plain", "signed", "again"))
    assert terminal.lms("pack", "build", "agua", "--to", plain) == 0
    assert terminal.lms("pack", "build", "agua", "--to", signed, "--sign", "difods") == 0
    monkeypatch.setenv("LMS_KEY", "difods")
    assert terminal.lms("pack", "build", "agua", "--to", again) == 0
    name = "agua-1.0.0.zip"
    assert (signed / name).read_bytes() == (again / name).read_bytes() != (plain / name).read_bytes()
    assert terminal.lms("pack", "verify", signed / name) == 0
    with zipfile.ZipFile(plain / name) as one, zipfile.ZipFile(signed / name) as other:
        assert set(other.namelist()) - set(one.namelist()) == {"manifest.sig"}
        assert one.read("manifest.json") == other.read("manifest.json")
    assert terminal.lms("pack", "build", "agua", "--sign", "nadie") == 1
    assert "lms key new nadie" in terminal.said


def test_a_server_with_a_key_gives_signed_packs(
    terminal: Terminal, publisher: Publisher, school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.ring.keep_own(publisher.signer.key, written(publisher.signer))
    shutil.copytree(GOOD, school.courses / "agua")
    monkeypatch.setenv("LMS_KEY", "difods")
    with TestClient(create_app(Settings.load())) as browser:
        taken = tmp_path / "bajado.zip"
        taken.write_bytes(browser.get("/cursos/agua/descargar/site").content)
    assert terminal.lms("pack", "verify", taken) == 0


def test_a_server_does_not_start_with_a_key_that_asks_for_a_passphrase(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = new_signer("difods")
    school.ring.keep_own(locked.key, written(locked, "papa y maíz"))
    monkeypatch.setenv("LMS_KEY", "difods")
    app = create_app(Settings.load())
    with pytest.raises(Exception, match="tiene contraseña"), TestClient(app):
        pass


def test_a_server_shows_the_new_version_after_a_restart_and_keeps_what_was_done(
    terminal: Terminal, publisher: Publisher, school: School
) -> None:
    assert terminal.lms("pack", "install", publisher.pack()) == 0
    lesson = "/cursos/agua/el-pozo"
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(Settings.load()), headers=headers) as browser:
        done = browser.post(lesson, data={"complete": "el-pozo"})
        assert done.status_code == 200
        cookies = dict(browser.cookies)
        assert terminal.lms("pack", "install", publisher.pack("1.1.0")) == 0
        assert "edición 1.0.0" in browser.get(lesson).text, "a running server goes on with what it read"
    with TestClient(create_app(Settings.load()), headers=headers, cookies=cookies) as browser:
        shown = browser.get(lesson).text
    assert "edición 1.1.0" in shown
    assert "Lección hecha" in shown
    assert version(school.courses / "agua") == "1.1.0"
