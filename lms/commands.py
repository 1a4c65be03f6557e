"""Commands of the whole product: serving it, checking its courses, listing its addresses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lms.settings import Settings


@click.command(help="Sirve los cursos en este equipo hasta que pulses Ctrl-C.")
@click.option("--host", help="Dirección en la que escucha (LMS_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Puerto en el que escucha (LMS_PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Run the server until it is told to stop; what it has acknowledged is on disk."""
    import uvicorn

    from lms.app import create_app

    given = {"LMS_HOST": host, "LMS_PORT": str(port) if port else None}
    settings = Settings.load({**os.environ, **{name: value for name, value in given.items() if value}})
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
    )


@click.command(help="Revisa los cursos y dice qué falta, con archivo y línea. Sin CURSOS, revisa todos.")
@click.argument("courses", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(courses: tuple[Path, ...]) -> None:
    """Print every problem of the courses; exit 1 if one of them is an error."""
    from lms.course.checks import check_courses

    folders = courses or (Settings.load(os.environ).courses,)
    errors = 0
    for result in check_courses(folders):
        for problem in result.problems:
            kind = "error" if problem.severity == "error" else "aviso"
            click.echo(f"{problem.file}:{problem.line}: {kind}: {problem.message}")
        wrong = sum(problem.severity == "error" for problem in result.problems)
        errors += wrong
        click.echo(_summary(result.folder, result.counts, wrong, len(result.problems) - wrong))
    sys.exit(1 if errors else 0)


def _summary(folder: Path, counts: dict[str, int], errors: int, warnings: int) -> str:
    inside = ", ".join(f"{number} {what}" for what, number in counts.items())
    return f"{folder}: {errors} errores, {warnings} avisos ({inside})"


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
