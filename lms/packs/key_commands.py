"""`lms key …`: who signs the packs, and whose packs are accepted."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from lms.errors import Conflict, Invalid
from lms.files import in_words
from lms.packs.keyring import Keyring
from lms.packs.keys import CUT, PublicKey, check_name, read_key, read_rotation
from lms.settings import Settings
from lms.terminal import agreed

STATES = {"trusted": "de confianza", "known": "anotada, sin confiar", "revoked": "anulada"}
_PASSPHRASE = click.option("--passphrase", is_flag=True, help="Guarda la llave cifrada; pide una contraseña.")
_YES = click.option("--yes", is_flag=True, help="No pregunta: ya comparaste el número.")


def keyring() -> Keyring:
    """The keys of the data folder."""
    return Keyring(Settings.load(os.environ).data / "keys")


def asked(name: str) -> str:
    """Ask on the terminal for the passphrase of a key."""
    said: str = click.prompt(f"Contraseña de la llave «{name}»", hide_input=True, err=True)
    return said


@click.group(help="Llaves: con cuáles se firman los paquetes y en cuáles se confía.")
def key() -> None:
    """Group of the key commands."""


@key.command(help="Hace una llave para firmar paquetes. NOMBRE la distingue: ugel-cusco, difods.")
@click.argument("name", metavar="NOMBRE")
@_PASSPHRASE
def new(name: str, passphrase: bool) -> None:
    """Make a key, keep it, and print the line to give to others."""
    from lms.packs.signing import new_signer, written

    ring = keyring()
    before = ring.own_key(check_name(name))
    if before and ring.standing(before) != "revoked":
        raise Conflict(f"Ya tienes una llave «{name}». Para cambiarla por otra: lms key rotate {name}")
    made = new_signer(name)
    ring.keep_own(made.key, written(made, _new_passphrase(passphrase)))
    ring.keep(made.key, "trusted", date.today())
    click.echo(
        f"Llave hecha y guardada en {ring.own_file(name)}. Guarda también una copia fuera de este equipo."
    )
    click.echo("Entrega esta línea a quien recibirá tus paquetes:")
    click.echo(made.key.line)
    click.echo(f"Su número, para leerlo en voz alta: {made.key.id}")


@key.command("list", help="Muestra las llaves que se conocen: número, nombre y si se confía en ellas.")
def list_keys() -> None:
    """Print a line for each key: number, name, state, since when, and whether it signs here."""
    ring = keyring()
    own = {mine.id for name in ring.own_names() if (mine := ring.own_key(name))}
    for kept in ring:
        here = "\tfirma aquí" if kept.id in own else ""
        via = f"\tpor la llave {kept.via}" if kept.via else ""
        click.echo(f"{kept.id}\t{kept.name or '?'}\t{STATES[kept.state]} desde {kept.since}{here}{via}")
        if kept.key and kept.state == "trusted":
            click.echo(f"  {kept.key.line}")


@key.command(
    help="Confía en una llave: TEXTO es su línea, el archivo que la trae, o el número de una ya anotada."
)
@click.argument("text", metavar="ARCHIVO|TEXTO")
@_YES
@click.option("--later", is_flag=True, help="Solo la anota, hasta que compares su número con quien la hizo.")
@click.option("--again", is_flag=True, help="Vuelve a confiar en una llave que anulaste por error.")
def trust(text: str, yes: bool, later: bool, again: bool) -> None:
    """Keep a key after its number was compared; a rotation by a trusted key needs no comparing."""
    ring = keyring()
    said = _said(text)
    if _rotated(ring, said):
        return
    found = read_key(said) or _noted(ring, said)
    if ring.standing(found) == "revoked" and not again:
        raise Conflict(f"La llave {found.id} fue anulada. Si fue un error, repite la orden con --again.")
    if later:
        ring.keep(found, "known", date.today())
        click.echo(f"Anotada sin confiar: {found.name}, {found.id}. Después: lms key trust {found.id[:5]}")
        return
    confirmed(found, yes)
    ring.keep(found, "trusted", date.today())
    click.echo(f"Desde hoy se aceptan los paquetes de «{found.name}».")


@key.command(help="Anula una llave perdida o robada: nada de lo que firmó se acepta, tampoco lo de antes.")
@click.argument("named", metavar="NÚMERO|NOMBRE")
def revoke(named: str) -> None:
    """Refuse a key from now on, and name what was trusted through it."""
    ring = keyring()
    revoked = ring.revoke(named, date.today())
    click.echo(f"Anulada: {revoked.name or 'una llave'}, {revoked.id}. Los cursos ya instalados se quedan.")
    for kept in ring.vouched_by(revoked.id):
        click.echo(
            f"Ojo: confías en «{kept.name}», {kept.id}, porque esa llave lo dijo. "
            "Si la robaron, anula también esta o compara su número.",
            err=True,
        )


@key.command(help="Cambia tu llave NOMBRE por una nueva; la anterior firma que la nueva la sigue.")
@click.argument("name", metavar="NOMBRE")
@_PASSPHRASE
def rotate(name: str, passphrase: bool) -> None:
    """Make a key that follows the own one, and print the line that says so."""
    from lms.packs.signing import load_signer, new_signer, written

    ring = keyring()
    old = load_signer(ring, name, asked)
    if ring.standing(old.key) == "revoked":
        raise Conflict(
            f"Tu llave «{name}» está anulada y su palabra ya no vale. Haz otra con «lms key new» y entrega su línea."
        )
    made = new_signer(name)
    rotation = old.follow(made.key)
    ring.keep(made.key, "trusted", date.today(), old.key.id)
    ring.keep_own(made.key, written(made, _new_passphrase(passphrase)), (*old.rotations, rotation))
    click.echo("Llave cambiada. Quien confía en la anterior acepta tus próximos paquetes sin hacer nada.")
    click.echo("Si quieres avisar antes, entrega esta línea:")
    click.echo(rotation.line)
    click.echo(f"Número de la llave nueva: {made.key.id}")


def confirmed(found: PublicKey, yes: bool) -> None:
    """Have a person compare a key's number with its owner before it is trusted; Invalid when they did not."""
    click.echo(f"Llave de «{found.name}». Compara este número con quien la hizo, por teléfono o en persona:")
    click.echo(f"  {found.id}")
    if not yes and not agreed("¿Es el mismo?"):
        raise Invalid("No se confió en esa llave. Compara su número y vuelve a intentarlo.")


def _said(text: str) -> str:
    if text.startswith("chaski-") or not (file := Path(text)).is_file():
        return text
    with in_words(), file.open("rb") as opened:
        return opened.read(64_000).decode("utf-8", "replace")


def _rotated(ring: Keyring, said: str) -> bool:
    rotation = read_rotation(said)
    if rotation is None:
        return False
    from lms.packs.signing import is_true

    if not is_true(rotation) or not ring.voucher(rotation.new, [rotation]):
        raise Invalid(
            f"Esa línea no la firmó una llave en la que confías. Pide la línea «chaski-key-1:» de «{rotation.new.name}»."
        )
    if ring.standing(rotation.new) == "revoked":
        raise Conflict(
            f"La llave {rotation.new.id} fue anulada. Si fue un error: lms key trust {rotation.new.id} --again"
        )
    ring.keep(rotation.new, "trusted", date.today(), rotation.old.id)
    click.echo(f"«{rotation.new.name}» cambió de llave. Desde hoy se acepta también {rotation.new.id}.")
    return True


def _noted(ring: Keyring, said: str) -> PublicKey:
    found = ring.find(said).key if said[:5].isdigit() else None
    if found is None:
        raise Invalid(CUT)
    return found


def _new_passphrase(wanted: bool) -> str:
    if not wanted:
        return ""
    said: str = click.prompt("Contraseña nueva", hide_input=True, confirmation_prompt="Otra vez", err=True)
    return said
