"""Commands of the whole product: checking its courses, keeping its database, listing its addresses."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from lms.errors import Invalid, NotFound
from lms.files import write_whole
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.course.checks import Check, Checked, Compared
    from lms.course.edition import Edition
    from lms.course.model import Problem
    from lms.upkeep.stats import Row

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(help="Revisa los cursos y dice qué falta, con archivo y línea. Sin CURSOS, revisa todos.")
@click.argument("courses", metavar="[CURSOS]...", nargs=-1, type=FOLDER)
@click.option(
    "--against",
    metavar="ANTES",
    type=click.Path(exists=True, path_type=Path),
    help="Compara con lo ya publicado: la carpeta de un curso, una carpeta de cursos o el zip de un paquete. "
    "Dice qué nombres se perdieron o cambiaron y si falta subir la versión.",
)
@click.option(
    "--spelling",
    is_flag=True,
    help="Revisa también la ortografía, con el diccionario de LMS_DICTIONARY y la lista content/words.txt.",
)
def check(courses: tuple[Path, ...], against: Path | None, spelling: bool) -> None:
    """Print every problem of the courses; exit 1 if one of them is an error."""
    from lms.course.checks import check_courses, gone_courses

    settings = Settings.load(os.environ)
    folders = courses or (_shelf(settings),)
    olds = _published(against) if against else []
    results = list(check_courses(folders, olds, _spelling(settings.dictionary) if spelling else ()))
    for result in results:
        _echo(result.problems)
        click.echo(_summary(result))
        if against:
            click.echo(f"{result.folder}: {_comparison(result.compared, against)}")
    gone = gone_courses(folders, olds, results)
    _echo(gone)
    if len(results) > 1:
        click.echo(_total(results))
    sys.exit(1 if gone or any(_errors(result) for result in results) else 0)


@click.command(
    help="Escribe en numbers.txt el número que cada lección y pregunta del curso tiene para siempre."
)
@click.argument("folder", metavar="CARPETA", type=FOLDER)
@click.option(
    "--against",
    metavar="ANTES",
    type=click.Path(exists=True, path_type=Path),
    help="Lo ya publicado, si se publicó sin numbers.txt: sus números siguen valiendo.",
)
def number(folder: Path, against: Path | None) -> None:
    """Add to the course's numbers whatever is new, after those that were given."""
    from lms.course.loader import load_course
    from lms.course.numbers import FILE, as_file, following, numbers_of

    course = load_course(folder).course
    if course is None:
        raise Invalid(f"El curso tiene errores. Después de corregirlos: lms check {folder}")
    numbers = numbers_of(course)
    for old in _published(against) if against else ():
        if old.course.id == course.id:
            numbers = following(numbers_of(old.course), numbers)
    write_whole(folder / FILE, as_file(numbers).encode())
    click.echo(f"{folder / FILE}\t{sum(map(len, numbers))}")


def _shelf(settings: Settings) -> Path:
    if not any(settings.courses.glob("*/course.toml")):
        raise NotFound(
            f"No hay ningún curso en «{settings.courses}»: ninguna de sus carpetas tiene un course.toml."
        )
    return settings.courses


def _echo(problems: Iterable[Problem]) -> None:
    for problem in problems:
        kind = "error" if problem.severity == "error" else "aviso"
        click.echo(f"{problem.file}:{problem.line}: {kind}: {problem.message}")


def _errors(result: Checked) -> int:
    return sum(problem.severity == "error" for problem in result.problems)


def _published(path: Path) -> list[Edition]:
    from lms.course.edition import published_editions
    from lms.packs.sources import take_sources

    if path.is_dir():
        return published_editions(path)
    with TemporaryDirectory() as folder:
        take_sources(path, Path(folder))
        return published_editions(Path(folder))


def _spelling(dictionary: Path) -> tuple[Check, ...]:
    from lms.course.checks.spelling import Spelling
    from lms.course.spelling import Dictionary

    return (Spelling(Dictionary(dictionary)),)


def _summary(result: Checked) -> str:
    return f"{result.folder}: {_found([result])} ({_inside(result.counts)}){_ease(result)}"


def _total(results: list[Checked]) -> str:
    from lms.course.checks.counts import total

    inside = _inside(total(result.counts for result in results))
    return f"Total: {len(results)} cursos, {_found(results)} ({inside})"


def _found(results: list[Checked]) -> str:
    errors = sum(map(_errors, results))
    notices = sum(len(result.problems) for result in results) - errors
    return (
        f"{errors} {'error' if errors == 1 else 'errores'}, {notices} {'aviso' if notices == 1 else 'avisos'}"
    )


def _inside(counts: Mapping[str, int]) -> str:
    from lms.course.checks.counts import in_words

    return ", ".join(in_words(what, number) for what, number in counts.items())


def _ease(result: Checked) -> str:
    from lms.course.ease import in_words

    return "" if result.ease is None else f"; INFLESZ {result.ease:.0f}, {in_words(result.ease)}"


def _comparison(compared: Compared | None, against: Path) -> str:
    from lms.course.edition import differences

    if compared is None:
        return f"no está en {against}: es un curso nuevo"
    if compared.new is None:
        return f"no se comparó con {against}: corrige primero los errores"
    found = differences(compared.old, compared.new)
    return (
        f"versión {compared.old.course.version} → {compared.new.course.version}; "
        f"nuevo: {_counted(found.new)}; cambiado: {_counted(found.changed)}; quitado: {_counted(found.removed)}"
    )


def _counted(found: Mapping[str, int]) -> str:
    from lms.course.edition import WORDS

    counts = [f"{found[kind]} {words[found[kind] != 1]}" for kind, words in WORDS.items() if found[kind]]
    return ", ".join(counts) or "nada"


@click.command(help="Pone al día las tablas de la base de datos. Un servidor con PostgreSQL no lo hace solo.")
def migrate() -> None:
    """Apply every migration that the database lacks, and print their names."""
    from lms.db import migrate as apply
    from lms.db import open_database

    async def work() -> tuple[str, ...]:
        db = await open_database(Settings.load(os.environ).database)
        try:
            return await apply(db)
        finally:
            await db.close()

    click.echo("\n".join(asyncio.run(work())) or "La base de datos ya estaba al día.")


@click.command(help="Vuelve a calificar todo el avance guardado. No cambia lo que hizo nadie.")
def regrade() -> None:
    """Make the table of outcomes again from the log, and print how many events were read."""
    from lms.db import ready_database
    from lms.events.revisions import rebuild_outcomes

    async def work() -> int:
        async with ready_database(Settings.load(os.environ).database) as db:
            return await rebuild_outcomes(db)

    click.echo(f"Registros calificados otra vez: {asyncio.run(work())}.")


@click.command(help="Dice cómo está este servidor: personas, avance, lo que espera, disco, copias.")
@click.option("--json", "as_json", is_flag=True, help="Para programas.")
def stats(as_json: bool) -> None:
    """Print the sections of every feature that has something to tell."""
    from lms.db.looking import readable_database
    from lms.sync.stats import TITLE, other_servers
    from lms.upkeep.stats import SECTIONS, as_words, ask

    settings = Settings.load(os.environ)
    sections = (*SECTIONS, ("nodes", TITLE, other_servers))

    async def work() -> dict[str, Sequence[Row]]:
        async with readable_database(settings.database) as (db, refusal):
            if refusal:
                click.echo(
                    f"Aquí no se puede guardar nada. {refusal.message}\nFalló: {refusal.place}\n", err=True
                )
            return await ask(db, settings, sections)

    found = asyncio.run(work())
    if as_json:
        said = {name: {key: value for key, _, value in rows} for name, rows in found.items()}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        click.echo(as_words(found, sections))


@click.command(help="Muestra todas las direcciones del sitio y qué parte las atiende.")
def routes() -> None:
    """Print method, path and handler of every route."""
    from starlette.routing import Mount, Route

    from lms.app import create_app

    for route in create_app(Settings.load(os.environ)).routes:
        if isinstance(route, Route):
            methods = ",".join(sorted((route.methods or set()) - {"HEAD"}))
            click.echo(
                f"{methods:<10} {route.path:<55} {route.endpoint.__module__}.{route.endpoint.__name__}"
            )
        elif isinstance(route, Mount):
            click.echo(f"{'*':<10} {route.path + '/…':<55} {type(route.app).__name__}")
