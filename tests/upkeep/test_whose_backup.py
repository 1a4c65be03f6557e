"""Whose a backup is: its name says it, and nobody puts another server's in the place of their own unawares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lms.files import plain
from lms.settings import Settings
from lms.sync.own import identity_in
from lms.upkeep.contents import own_backups
from tests.upkeep.acts import NOW, backed_up, fill, lms, restored, settings_in


def server(data: Path, name: str, *, events: int = 2) -> Settings:
    """A server with a name, a key of its own and something in its log."""
    settings = settings_in(data, LMS_NODE=name)
    fill(settings, events)
    assert identity_in(settings).public.number
    return settings


def test_another_servers_backup_takes_nobodys_place_unasked(tmp_path: Path) -> None:
    ugel, school = server(tmp_path / "ugel", "UGEL Canas"), server(tmp_path / "school", "escuela")
    theirs, ours = (identity_in(one).public.number for one in (ugel, school))
    copy = backed_up(ugel, tmp_path / "usb").file

    refused = lms(school, "restore", "--yes", str(copy))
    said = refused.communicate()[0]
    assert refused.returncode == 1
    assert f"Esta copia es de «UGEL Canas», número {theirs}; este servidor es " in said
    assert f"número {ours}. No se cambió nada." in said
    assert identity_in(school).public.number == ours

    wanted = lms(school, "restore", "--yes", "--other-server", str(copy))
    assert f"Esta copia es de «UGEL Canas», número {theirs}.\n" in wanted.communicate()[0]
    assert wanted.returncode == 0
    assert identity_in(school).public.number == theirs

    (aside,) = school.data.glob("antes-de-restaurar-*")
    assert not restored(aside, school).staged.other  # to undo it nobody has to say whose it was
    assert identity_in(school).public.number == ours


def test_a_new_machine_takes_the_place_of_one_that_died(tmp_path: Path) -> None:
    copy = backed_up(server(tmp_path / "ugel", "ugel")).file
    assert not restored(copy, settings_in(tmp_path / "new", LMS_NODE="laptop-7")).staged.other


def test_where_nobody_has_a_key_yet_the_name_tells(tmp_path: Path) -> None:
    one, other = (settings_in(tmp_path / name, LMS_NODE=name) for name in ("uno", "otro"))
    fill(one, 1)
    fill(other, 1)
    copy = backed_up(one).file
    assert restored(copy, other).staged.other
    assert not restored(copy, one).staged.other


def test_a_backup_from_before_there_was_a_key_takes_none_away(tmp_path: Path) -> None:
    school = settings_in(tmp_path / "school", LMS_NODE="escuela")
    fill(school, 1)
    copy = backed_up(school).file
    number = identity_in(school).public.number

    first = restored(copy, school)
    assert identity_in(school).public.number == number, "files that are closed to it are under way"
    assert (school.data / "node" / "node.pem").stat().st_mode & 0o077 == 0
    assert first.aside
    restored(first.aside, school)
    assert identity_in(school).public.number == number


def test_what_another_server_did_is_not_said_in_the_name_of_this_one(tmp_path: Path) -> None:
    other, ours = settings_in(tmp_path / "otro", LMS_NODE="otro"), server(tmp_path / "ours", "ours")
    fill(other, 1)
    number = identity_in(ours).public.number
    assert restored(backed_up(other).file, ours).staged.other
    assert identity_in(ours).public.number != number


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("UGEL Canas", "UGEL-Canas"),
        ("I.E. Nº 50123 «Ñusta»", "I-E-No-50123-Nusta"),
        ("..", "servidor"),
        ("学校", "servidor"),
        ("a" * 90, "a" * 40),
    ],
)
def test_a_name_is_written_as_any_stick_takes_it(name: str, written: str) -> None:
    assert plain(name) == written


def test_the_files_name_says_whose_it_is_and_older_names_count_on(tmp_path: Path) -> None:
    settings, usb = server(tmp_path / "data", "UGEL Canas"), tmp_path / "usb"
    first = backed_up(settings, usb, NOW - timedelta(days=9)).file
    old = first.rename(usb / "chaski-2026-11-01-103000.zip")
    assert first.name.startswith("chaski-UGEL-Canas-2026-11-17-")
    (usb / "chaski-cuentas-2026.zip").write_text("no es una copia")

    made = [backed_up(settings, usb, NOW + timedelta(days=day), keep=2) for day in range(3)]
    assert made[1].removed == (old,)
    assert own_backups(usb) == [made[1].file, made[2].file]


def test_a_stick_with_backups_of_two_servers_keeps_those_of_the_other(tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    one, other = (server(tmp_path / name, "raspberrypi") for name in ("one", "other"))
    theirs = backed_up(other, usb, NOW - timedelta(days=9)).file
    made = [backed_up(one, usb, NOW + timedelta(days=day), keep=1).file for day in range(2)]
    assert own_backups(usb) == [theirs, made[1]]
    assert not backed_up(one, usb, if_changed=True).new


def without_a_key(data: Path, name: str) -> Settings:
    """A server that nobody gave a key yet, as all are at first; its secret it made at its first start."""
    settings = settings_in(data, LMS_NODE=name)
    fill(settings, 2)
    assert settings.secret
    return settings


@pytest.mark.parametrize(("one", "other"), [("escuela-a", "escuela-b"), ("raspberrypi", "raspberrypi")])
def test_nor_does_a_server_without_a_key_take_anothers_for_its_own(
    tmp_path: Path, one: str, other: str
) -> None:
    usb = tmp_path / "usb"
    first, second = without_a_key(tmp_path / "a", one), without_a_key(tmp_path / "b", other)
    theirs = [backed_up(first, usb, NOW - timedelta(days=9 - day), keep=2).file for day in range(2)]
    made = [backed_up(second, usb, NOW + timedelta(days=day), keep=2) for day in range(3)]
    assert made[1].removed == ()
    assert made[2].removed == (made[0].file,)
    assert own_backups(usb) == [*theirs, made[1].file, made[2].file]


def test_one_that_got_its_key_goes_on_knowing_what_it_made_before(tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    school = without_a_key(tmp_path / "school", "escuela")
    before = backed_up(school, usb, NOW - timedelta(days=9)).file
    assert identity_in(school).public.number
    after = backed_up(school, usb, keep=1)
    assert after.removed == (before,)
    assert not backed_up(school, usb, if_changed=True).new


def test_what_cannot_be_read_may_be_anybodys_and_stays(tmp_path: Path) -> None:
    usb, school = tmp_path / "usb", server(tmp_path / "school", "escuela")
    cut = backed_up(school, usb, NOW - timedelta(days=9)).file
    cut.write_bytes(cut.read_bytes()[:-40])
    made = [backed_up(school, usb, NOW + timedelta(days=day), keep=1).file for day in range(2)]
    assert own_backups(usb) == [cut, made[1]]
