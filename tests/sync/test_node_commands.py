"""`lms node`: whom this server exchanges with, and that what it says of it is so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from cast import Server

from lms.sync.invitations import Invitation, read_invitation
from tests.sync.bringing import Run, invited


@pytest.fixture
def invitation(above: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """A line to join it with, not used yet."""
    return invited(run, above, monkeypatch)


def test_to_a_server_that_was_removed_nothing_goes_any_more(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    assert run(school, "node", "join", invitation)[0] == 0
    assert run(school, "sync", "run")[0] == 0

    code, said = run(school, "node", "remove", "ugel")
    assert (code, "no se envía nada a «ugel», número " in said) == (0, True)
    assert "no se acepta\tya no recibe el avance de este" in run(school, "node", "list")[1]
    assert "aún no confirma" not in run(school, "stats")[1]
    for order in (
        ("run",),
        ("push",),
        ("pull",),
        ("run", "ugel"),
        ("export", "--to", "ugel", tmp_path / "usb"),
    ):
        code, said = run(school, "sync", *order)
        assert (code, "se quitó" in said, "lms node accept" in said) == (1, True, True), said
    assert not (tmp_path / "usb").exists()

    assert "recibe otra vez el avance" in run(school, "node", "accept", "ugel")[1]
    assert run(school, "sync", "run")[0] == 0


def test_who_had_joined_already_does_not_join_again(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    assert run(school, "node", "join", invitation)[0] == 0
    code, said = run(school, "node", "accept", "ugel")
    assert (code, "ya estaba unido. No cambió nada." in said) == (0, True)


def test_who_was_invited_before_and_joins_by_the_address_has_not_to_be_accepted(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school, other = tmp_path / "escuela", tmp_path / "otra"
    assert run(school, "node", "join", invitation)[0] == 0
    code, said = run(school, "node", "join", "--yes", above.url)
    assert (code, "Falta que allí lo acepten" in said) == (0, False), said
    assert run(school, "sync", "run")[0] == 0
    assert "Falta que allí lo acepten" in run(other, "node", "join", "--yes", above.url)[1]


def test_who_is_unknown_after_the_other_went_back_to_an_older_backup_is_told_so(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    assert run(school, "node", "join", invitation)[0] == 0
    with sqlite3.connect(above.data / "lms.db") as there:
        there.execute("DELETE FROM nodes")
    there.close()
    code, said = run(school, "sync", "run")
    number = run(school, "node", "show")[1].split()[-1]
    assert code == 1
    assert "Si tu servidor ya estaba unido, este volvió a una copia anterior." in said
    assert run(above.data, "node", "accept", number)[0] == 0
    assert run(school, "sync", "run")[0] == 0


def changed(invitation: str) -> str:
    """With one letter of the secret changed."""
    found = read_invitation(invitation)
    return Invitation(found.card, ("A" if found.secret[0] != "A" else "B") + found.secret[1:]).line


def test_an_invitation_that_is_not_good_says_so_at_once_and_nobody_is_joined(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "uno", tmp_path / "dos"
    assert run(first, "node", "join", invitation)[0] == 0
    for wrong in (invitation, changed(invitation)):
        code, said = run(second, "node", "join", wrong)
        assert (code, "La invitación que trae tu servidor no vale: ya se usó" in said) == (1, True), said
        assert run(second, "node", "show")[1].split()[-1] in said, (
            "by its number it can be accepted all the same"
        )
    assert "Todavía no se conoce ningún servidor" in run(second, "node", "list")[1]
    assert run(first, "node", "join", invitation)[0] == 0, "who is in may use the line again"


def test_an_invitation_that_cannot_be_tried_now_is_refused_in_words_later(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    run(tmp_path / "uno", "node", "join", invitation)
    school, unreachable = tmp_path / "dos", invitation.replace(above.url, "http://127.0.0.1:1")
    code, said = run(school, "node", "join", unreachable)
    assert (code, "Ahora no se pudo comprobar la invitación. No se pudo llegar" in said) == (0, True), said
    code, said = run(school, "sync", "export", "--to", "ugel", tmp_path / "usb")
    assert code == 0
    code, said = run(above.data, "sync", "import", tmp_path / "usb")
    assert (code, "y su invitación no vale: ya se usó" in said) == (1, True), said


def test_who_only_fetches_is_not_told_what_there_is_to_send(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    run(school, "node", "join", invitation)
    assert "por enviar" not in run(school, "sync", "pull")[1]
    assert "por enviar, 0 registros" in run(school, "sync", "push")[1]
    assert "Intercambia por la red cada 15 minutos" in run(school, "node", "list")[1]


def test_who_was_removed_comes_back_with_an_invitation_made_since_and_not_with_an_older_one(
    run: Run, above: Server, invitation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, other = tmp_path / "escuela", tmp_path / "otra"
    older = invited(run, above, monkeypatch)
    assert run(school, "node", "join", invitation)[0] == 0
    number = run(school, "node", "show")[1].split()[-1]
    code, said = run(above.data, "node", "remove", number)
    assert (code, "o que se una con una invitación que hagas desde ahora" in said) == (0, True)

    for before in (invitation, older):
        code, said = run(school, "node", "join", before)
        assert (code, "no acepta avances del tuyo" in said) == (1, True), said
    assert run(school, "node", "join", invited(run, above, monkeypatch))[0] == 0
    assert run(school, "sync", "run")[0] == 0
    assert run(other, "node", "join", older)[0] == 0, "it is as good for others as it was"
