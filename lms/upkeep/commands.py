"""`lms backup`, `lms restore`: a copy of everything that must not be lost, and back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from lms.clock import day_in_words, system_clock
from lms.errors import Conflict
from lms.settings import Settings
from lms.terminal import agreed

if TYPE_CHECKING:
    from lms.upkeep.archive import Server
    from lms.upkeep.backup import Made, Said
    from lms.upkeep.erased_since import ErasedSince
    from lms.upkeep.restore import Restored, Staged

_PATIENCE = 10  # as `nice` counts: whoever is served comes first
_MOST_NAMED = 20  # accounts, in a sentence


@click.command(
    help="Guarda una copia de todo lo que no se debe perder, también mientras el servidor trabaja. "
    "Sin CARPETA, en backups/ de LMS_DATA."
)
@click.argument(
    "folder", metavar="[CARPETA]", required=False, type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Deja en la carpeta las N copias más nuevas de este servidor.",
)
@click.option("--with-courses", is_flag=True, help="Copia también los cursos, no solo su lista.")
@click.option("--if-changed", is_flag=True, help="No guarda otra copia si nada cambió desde la última.")
def backup(folder: Path | None, keep: int | None, with_courses: bool, if_changed: bool) -> None:
    """Make a backup and say where it is and what it holds."""
    from lms.upkeep.backup import Wish, back_up
    from lms.upkeep.contents import FOLDER

    settings = Settings.load(os.environ)
    wish = Wish(folder or settings.data / FOLDER, keep or 0, with_courses, if_changed)
    if if_changed:
        with suppress(OSError, AttributeError):
            os.nice(_PATIENCE)
    with _shown() as said:
        made = back_up(settings, wish, system_clock(), said)
    click.echo(_about(made, with_courses))


def _about(made: Made, with_courses: bool) -> str:
    if not made.new:
        return f"Nada cambió desde la copia {made.file}."
    counts, size = made.papers.counts, made.file.stat().st_size
    courses = ", ".join(f"{one.id} {one.version}".strip() for one in made.papers.courses) or "ninguno"
    lines = [
        f"Copia hecha y comprobada: {made.file} ({size / 1_000_000:.1f} MB)",
        f"Registros: {counts.events}; personas: {counts.persons}; perfiles: {counts.profiles}.",
        f"Cursos {'en la copia' if with_courses else 'instalados (no van en la copia)'}: {courses}.",
        *(f"Se quitó la copia más antigua: {file.name}" for file in made.removed),
    ]
    return "\n".join(lines)


@click.command(
    help="Pone en su lugar los datos de una copia. Lo que había se guarda aparte. Detén antes el servidor."
)
@click.argument("source", metavar="ARCHIVO", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="No pregunta.")
@click.option(
    "--other-server",
    is_flag=True,
    help="Acepta la copia de otro servidor: este equipo trabajará en su lugar, con su llave.",
)
def restore(source: Path, yes: bool, other_server: bool) -> None:
    """Look at a backup, ask, and put it in the place of what is there."""
    from lms.upkeep.restore import restore as bring_back

    settings = Settings.load(os.environ)
    with _shown() as said:
        restored = bring_back(
            source, settings, system_clock(), lambda staged: _asked(staged, yes, other_server), said
        )
    click.echo(_told(restored) if restored else "No se cambió nada.")


def _asked(staged: Staged, yes: bool, other_server: bool) -> bool:
    counts = staged.counts
    theirs, ours = _named(staged.theirs), _named(staged.ours)
    if staged.other and not other_server:
        raise Conflict(
            f"Esta copia es de {theirs}; este servidor es {ours}. No se cambió nada. Si este equipo va a trabajar en "
            "lugar de ese otro, apaga el otro y repite la orden con --other-server: dos servidores con la misma llave "
            "se confunden."
        )
    if staged.theirs.name or staged.theirs.number:
        click.echo(f"Esta copia es de {theirs}.")
    click.echo(
        f"La copia está completa{f', se hizo el {_in_words(staged.made)}' if staged.made else ''}. "
        f"Registros: {counts.events}; personas: {counts.persons}; perfiles: {counts.profiles}.\n"
        "Lo que se hizo después de esa copia no está en ella. Los celulares y equipos que lo enviaron todavía lo "
        "guardan: cada navegador lo envía otra vez, sin que nadie haga nada, cuando alguien abre en él una página de "
        "este servidor. Lo que llegó en archivos vuelve cuando los suben otra vez, o cuando otro servidor lo trae.\n"
        "Las cuentas y los PIN nuevos no vuelven solos: esas personas crean otra vez su cuenta en el equipo donde "
        "estudiaron, y «Mi avance» les pregunta si es suyo el avance que ese equipo guarda."
    )
    click.echo(_of_erased(staged.erased))
    for course in staged.missing:
        click.echo(f"Falta instalar el curso {course.id} {course.version}: lms pack install ARCHIVO")
    return yes or agreed("¿Reemplazar los datos de este servidor?")


def _of_erased(gone: ErasedSince | None) -> str:
    """What a backup still has of who was erased after it was made, and what becomes of it."""
    if gone is None:
        return (
            "Si alguien borró su cuenta después de esa copia, en ella sigue estando, y aquí no hay otra base de datos que "
            "lo diga: borra otra vez esas cuentas con lms person erase DOCUMENTO."
        )
    said = []
    if count := len(gone.persons):
        those = "persona de esa copia se borró" if count == 1 else "personas de esa copia se borraron"
        said.append(f"{count} {those} aquí después.")
    elif not gone.unknown:
        said.append("Aquí no se borró después a ninguna persona de esa copia.")
    if gone.persons or gone.tombstones:
        said.append("Lo que se borró de nombres, documentos y notas se borra otra vez.")
    if gone.unknown:
        said.append(_of_unknown(gone.unknown))
    return " ".join(said)


def _of_unknown(accounts: Sequence[str]) -> str:
    count, more = len(accounts), len(accounts) - _MOST_NAMED
    if count == 1:
        said = "1 cuenta de esa copia no está aquí, y no se sabe si se borró: con la copia vuelve."
    else:
        said = (
            f"{count} cuentas de esa copia no están aquí, y no se sabe si se borraron: con la copia vuelven."
        )
    named = "; ".join(accounts[:_MOST_NAMED]) + (f"; y {more} más" if more > 0 else "")
    return f"{said} Si alguna se borró, bórrala otra vez con lms person erase DOCUMENTO: {named}."


def _named(server: Server) -> str:
    name = f"«{server.name}»" if server.name else "un servidor"
    return f"{name}, número {server.number}" if server.number else name


def _in_words(made: str) -> str:
    with suppress(ValueError):
        moment = datetime.fromisoformat(made).astimezone()
        return f"{day_in_words(moment.date())} a las {moment:%H:%M}"
    return "un día que no se entiende"


def _told(restored: Restored) -> str:
    lines = ["Listo: los datos de la copia están en su lugar. Ya puedes empezar el servidor."]
    lines += [f"Curso traído de la copia: {name}" for name in restored.courses]
    if restored.aside:
        lines.append(f"Lo que había está en {restored.aside}. Para deshacer: lms restore {restored.aside}")
    return "\n".join(lines)


@contextmanager
def _shown() -> Iterator[Said]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("…")
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)
