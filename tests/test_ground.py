"""Settings, clock and logs: what everything else stands on."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from lms import errors, logs
from lms.clock import stamp, system_clock
from lms.files import name_of_text
from lms.settings import SETTINGS, Settings


def test_without_environment_the_defaults_hold() -> None:
    settings = Settings.load({})

    assert (settings.data, settings.port, settings.name) == (Path("data"), 8000, "Chaski")
    assert settings.database == "data/lms.db"


@pytest.mark.parametrize(
    ("whose", "name"),
    [
        ("Nélida Ñahui", "avance-nelida-nahui-2026-11-23.txt"),
        ("", "avance-2026-11-23.txt"),
        (
            "../UGEL: La Convención «Quillabamba» (sede)",
            "avance-ugel-la-convencion-quillabamb-2026-11-23.txt",
        ),
        ("…", "avance-2026-11-23.txt"),
    ],
)
def test_a_text_that_somebody_carries_says_whose_it_is_in_plain_letters(whose: str, name: str) -> None:
    assert name_of_text("avance", whose, date(2026, 11, 23)) == name


def test_an_empty_variable_means_its_default() -> None:
    assert Settings.load({"LMS_PORT": "", "LMS_NAME": ""}) == Settings.load({})


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(errors.Invalid) as refused:
        Settings.load({"LMS_PORT": "ocho", "LMS_LOG_LEVEL": "MUCHO", "LMS_MAX_BODY": "0"})

    assert all(name in refused.value.message for name in ("LMS_PORT", "LMS_LOG_LEVEL", "LMS_MAX_BODY"))


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("LMS_PORT", "99999", "un número de 1 a 65535"),
        ("LMS_SYNC_EVERY", "-1", "como 15; 0 es solo cuando se pide"),
        ("LMS_RECEIVER", "abc", "muestra «lms node key»"),
        ("LMS_BACKUPS", "muchas", "como 7"),
        ("LMS_METRICS", "corta", "«local», o una contraseña de 16"),
        ("LMS_SECRET", "corta", "32 caracteres"),
    ],
)
def test_a_wrong_setting_is_told_in_spanish_how_it_is_written(name: str, wrong: str, right: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        Settings.load({name: wrong})

    assert f"{name}: " in refused.value.message
    assert right in refused.value.message
    assert (wrong in refused.value.message) == (name not in ("LMS_METRICS", "LMS_SECRET"))
    by_name = {one.env: one for one in SETTINGS}
    assert by_name[name].help not in refused.value.message


def test_each_setting_that_can_be_wrong_has_a_form_to_say() -> None:
    assert [one.env for one in SETTINGS if one.kind not in (str, Path) and not one.form] == []


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data")})

    assert len(settings.secret) >= 32
    assert settings.secret == Settings.load({"LMS_DATA": str(tmp_path / "data")}).secret
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]


def test_the_secret_is_on_the_disk_before_it_has_its_name_and_the_name_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_fsync, real_link = os.fsync, os.link

    def fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real_fsync(handle)

    def link(draft: Path, file: Path) -> None:
        done.append("link")
        real_link(draft, file)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", link)

    assert Settings.load({"LMS_DATA": str(tmp_path)}).secret
    assert done == ["file", "link", "folder"]


@pytest.mark.parametrize("left", [b"", b"\n", b"\0" * 44])
def test_a_secret_that_a_power_cut_emptied_is_made_again(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "secret").write_bytes(left)

    secret = Settings.load({"LMS_DATA": str(tmp_path)}).secret

    assert len(secret) >= 32
    assert secret.isprintable()
    assert secret == Settings.load({"LMS_DATA": str(tmp_path)}).secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_two_servers_that_start_at_once_share_one_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load({"LMS_DATA": str(tmp_path)})
    monkeypatch.setattr(Path, "exists", lambda _: False)  # both looked before either wrote

    assert settings.secret == settings.secret


@pytest.mark.parametrize("links", [True, False])
def test_a_data_folder_is_its_owners_and_may_lie_on_a_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data")})

    assert settings.secret == settings.secret
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]


def test_a_secret_that_could_be_guessed_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a")
    with pytest.raises(errors.Invalid, match="Borra ese archivo"):
        _ = Settings.load({"LMS_DATA": str(tmp_path)}).secret

    with pytest.raises(errors.Invalid, match="LMS_SECRET") as refused:
        Settings.load({"LMS_SECRET": "qwerty"})
    assert "qwerty" not in refused.value.message


def test_a_given_secret_leaves_no_file(tmp_path: Path) -> None:
    given = "la clave de la escuela de Carabaya"
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_SECRET": given})

    assert settings.secret == given
    assert not (tmp_path / "data").exists()


def test_a_stamp_is_utc_with_milliseconds() -> None:
    lima = timezone(timedelta(hours=-5))

    assert stamp(datetime(2026, 11, 23, 8, 40, 0, 123999, lima)) == "2026-11-23T13:40:00.123Z"
    assert system_clock().tzinfo is UTC


def test_every_error_has_its_own_code() -> None:
    kinds = errors.LmsError.__subclasses__()

    assert len({kind.code for kind in kinds}) == len(kinds) == 8
    assert errors.TooMany("Espera.", 7).retry_after == 7


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream: io.StringIO = getattr(request, "param", io.StringIO)()
    root.handlers = []
    logs.configure("INFO", stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)


def test_a_log_line_is_json_with_what_was_added(written: io.StringIO) -> None:
    logging.getLogger("lms.test").info("recibido %s", "algo", extra={"stored": 3, "source": "open"})
    logging.getLogger("lms.test").debug("no")

    (line,) = written.getvalue().splitlines()
    entry = json.loads(line)
    assert datetime.fromisoformat(entry.pop("at")).tzinfo is not None
    assert entry == {
        "level": "info", "logger": "lms.test", "message": "recibido algo", "stored": 3, "source": "open"
    }  # fmt: skip


def test_documents_are_blotted_out_everywhere_and_ids_are_not(written: io.StringIO) -> None:
    profile = "2a362bd8-272a-4517-8956-123456789012"
    try:
        raise ValueError("DNI 40000002")
    except ValueError:
        logging.getLogger("x").exception("de 40000002, perfil %s", profile, extra={"who": "40000002"})

    assert "40000002" not in written.getvalue()
    assert profile in written.getvalue()
    assert "ValueError" in json.loads(written.getvalue())["trace"]


@pytest.mark.parametrize("written", [Terminal], indirect=True)
def test_a_terminal_gets_readable_lines(written: io.StringIO) -> None:
    logging.getLogger("lms").warning("poco espacio", extra={"left": 7})

    assert written.getvalue() == "warning lms: poco espacio left=7\n"
