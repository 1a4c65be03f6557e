"""`lms reindex`: make the search index now, from nothing."""

from __future__ import annotations

import os
from functools import partial

import click
from rich.console import Console
from rich.progress import Progress

from lms.errors import NotFound
from lms.files import private_folder
from lms.settings import Settings


@click.command(help="Vuelve a preparar la búsqueda de todos los cursos. No toca el avance de nadie.")
def reindex() -> None:
    """Rebuild the index in a new folder and swap it in; a running server opens it on its next start."""
    from lms.course.loader import load_courses
    from lms.search.service import folder, prepare

    settings = Settings.load(os.environ)
    courses = load_courses(settings.courses)[0].values()
    if not courses:
        raise NotFound(f"No hay cursos en {settings.courses}. Revisa LMS_COURSES.")
    private_folder(settings.data)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Preparando la búsqueda…", total=len(courses))
        said = partial(progress.update, task, advance=1)
        prepare(folder(settings.data), courses, lambda title: said(description=title))
    lessons = sum(len(course.lessons) for course in courses)
    click.echo(f"La búsqueda está lista. Cursos: {len(courses)}; lecciones: {lessons}.")
