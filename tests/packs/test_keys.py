"""Keys: a line to give, a number to compare, trust that is kept, taken back and handed on."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from packs.conftest import TODAY

from lms.cli import main
from lms.errors import Conflict, Invalid, NotFound
from lms.packs.key_commands import key
from lms.packs.keyring import Keyring
from lms.packs.keys import PublicKey, read_key, read_rotation
from lms.packs.signing import is_true, load_signer, new_signer, verified

# RFC 8032, 7.1, test 1: anybody's Ed25519 gives these.
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
SIGNATURE = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)
LINE = "chaski-key-1:ugel-cusco:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo:"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str, said: str = "") -> Result:
    """Run `lms key …`, with what a person types."""
    return CliRunner().invoke(key, words, input=said)


def ring(data: Path) -> Keyring:
    """The keys as they are on the disk."""
    return Keyring(data / "keys")


def test_a_signature_is_that_of_the_standard() -> None:
    assert verified(PublicKey("x", PUBLIC), SIGNATURE, b"")
    assert not verified(PublicKey("x", PUBLIC), SIGNATURE, b"x")
    assert not verified(PublicKey("x", bytes(31) + b"\xff"), SIGNATURE, b"")


def test_a_line_is_read_wherever_it_stands_in_a_message() -> None:
    key_of_line = PublicKey("ugel-cusco", PUBLIC)
    assert key_of_line.line.startswith(LINE)
    assert len(key_of_line.line) < 100
    assert read_key(f"Hola, esta es:\n{key_of_line.line}\n¡Gracias!") == key_of_line
    assert len(key_of_line.id.replace("-", "")) == 30


def test_a_line_badly_copied_is_refused() -> None:
    line = PublicKey("ugel-cusco", PUBLIC).line
    assert read_key(line[:-1]) is None
    for other in (line.replace("11qY", "11qZ"), line[:-5] + "00000"):
        with pytest.raises(Invalid, match="No encuentro una llave entera"):
            read_key(other)


def test_a_new_key_is_its_owners_only_and_signs(data: Path) -> None:
    result = run("new", "difods")
    assert result.exit_code == 0, result.output
    kept = ring(data)
    assert stat.S_IMODE(kept.own_file("difods").stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.own_file("difods").parent.stat().st_mode) == 0o700
    signer = load_signer(kept, "difods", lambda name: pytest.fail("it has no passphrase"))
    assert signer.key.line in result.output
    assert signer.key.id in result.output
    assert kept.standing(signer.key) == "trusted"
    assert "firma aquí" in run("list").output
    assert isinstance(run("new", "difods").exception, Conflict)


def test_a_key_with_a_passphrase_opens_only_with_it(data: Path) -> None:
    assert run("new", "difods", "--passphrase", said="papa y maíz\npapa y maíz\n").exit_code == 0
    assert b"ENCRYPTED" in ring(data).own_file("difods").read_bytes()
    assert load_signer(ring(data), "difods", lambda name: "papa y maíz").key.name == "difods"
    with pytest.raises(Invalid, match="La contraseña de la llave no es esa"):
        load_signer(ring(data), "difods", lambda name: "papa")


@pytest.mark.parametrize("name", ["../x", "Difods", "ñ", "", "x" * 41, "-x"])
def test_a_name_that_cannot_be_a_file_is_refused(name: str) -> None:
    assert isinstance(run("new", "--", name).exception, Invalid)


def test_trust_asks_for_the_number_to_be_compared(data: Path, tmp_path: Path) -> None:
    other = new_signer("ugel-cusco").key
    file = tmp_path / "llave.txt"
    file.write_text(f"Mi llave: {other.line}\n", "utf-8")
    assert isinstance(run("trust", str(file), said="no\n").exception, Invalid)
    assert ring(data).standing(other) == "unknown"
    assert other.id in run("trust", str(file), said="sí\n").output
    assert ring(data).standing(other) == "trusted"


def test_a_key_may_be_noted_first_and_trusted_by_its_number_later(data: Path) -> None:
    other = new_signer("ugel-cusco").key
    assert run("trust", other.line, "--later").exit_code == 0
    assert ring(data).standing(other) == "known"
    assert "sin confiar" in run("list").output
    assert run("trust", other.id[:5], "--yes").exit_code == 0
    assert ring(data).standing(other) == "trusted"


def test_a_revoked_key_comes_back_only_on_purpose(data: Path) -> None:
    other = new_signer("ugel-cusco").key
    run("trust", other.line, "--yes")
    assert run("revoke", "ugel-cusco").exit_code == 0
    assert ring(data).standing(other) == "revoked"
    assert isinstance(run("trust", other.line, "--yes").exception, Conflict)
    assert run("trust", other.line, "--yes", "--again").exit_code == 0
    assert ring(data).standing(other) == "trusted"


def test_a_key_never_seen_can_be_revoked_by_its_whole_number(data: Path) -> None:
    other = new_signer("ladron").key
    assert isinstance(run("revoke", other.id[:11]).exception, NotFound)
    assert run("revoke", other.id).exit_code == 0
    assert ring(data).standing(other) == "revoked"


def test_a_rotation_hands_trust_on_and_needs_no_comparing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("new", "difods")
    old = ring(data).own_key("difods")
    assert old
    said = run("rotate", "difods").output
    new = ring(data).own_key("difods")
    assert new
    assert new != old
    assert load_signer(ring(data), "difods", str).key == new
    rotation = read_rotation(said)
    assert rotation
    assert (rotation.old.public, rotation.new, is_true(rotation)) == (old.public, new, True)

    monkeypatch.setenv("LMS_DATA", str(data.parent / "school"))
    assert isinstance(run("trust", rotation.line).exception, Invalid)
    run("trust", old.line, "--yes")
    assert run("trust", rotation.line).exit_code == 0
    school = ring(data.parent / "school")
    assert school.standing(new) == "trusted"
    assert "Ojo: confías en «difods»" in run("revoke", old.id).output


def test_a_rotation_that_the_old_key_did_not_sign_is_refused(data: Path) -> None:
    old, thief = new_signer("difods"), new_signer("difods")
    run("trust", old.key.line, "--yes")
    false = thief.follow(thief.key).line.replace(
        thief.follow(thief.key).line.split(":")[3], old.follow(old.key).line.split(":")[3]
    )
    assert isinstance(run("trust", false).exception, Invalid)


def test_a_chain_of_rotations_leads_back_and_stops_at_a_revoked_key(tmp_path: Path) -> None:
    first, second, third = (new_signer("difods") for _ in range(3))
    chain = (first.follow(second.key), second.follow(third.key))
    kept = Keyring(tmp_path / "keys")
    assert kept.standing(third.key, chain) == "unknown"
    kept.keep(first.key, "trusted", TODAY)
    assert kept.standing(third.key, chain) == "trusted"
    kept.keep(second.key, "trusted", TODAY)
    kept.revoke(second.key.id, TODAY)
    assert kept.standing(third.key, chain) == "unknown"


def test_after_revoking_ones_own_key_another_of_the_name_can_be_made(data: Path) -> None:
    run("new", "difods")
    old = ring(data).own_key("difods")
    assert old
    run("revoke", old.id)
    assert isinstance(run("rotate", "difods").exception, Conflict)
    assert run("new", "difods").exit_code == 0
    assert ring(data).own_key("difods") != old
    assert ring(data).own_rotations("difods") == ()


def test_a_damaged_list_of_keys_is_said_and_not_overwritten(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "keys.json").write_text("[{")
    with pytest.raises(SystemExit) as stopped:
        main(["key", "list"])
    assert stopped.value.code == 1
    assert "está dañada" in capsys.readouterr().err
    assert (data / "keys" / "keys.json").read_text() == "[{"
