"""The whole site put together: features, the checks each request passes, what happens at start and stop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware

from lms import logs
from lms.accounts import routes as accounts
from lms.accounts.routes.arrival import prove
from lms.clock import Clock, system_clock
from lms.course import glossary
from lms.course.kept import load_courses
from lms.course.model import Course
from lms.datafolder import using
from lms.db import Database, ready_database
from lms.errors import LmsError
from lms.events.holding import release_left
from lms.events.naming import note_names
from lms.events.recording import written_at
from lms.events.regrading import regrade_stale
from lms.events.revisions import publish_revisions
from lms.files import private_folder
from lms.learning import routes as learning
from lms.packs import routes as packs
from lms.packs.build import load_signers
from lms.packs.formats import ready_formats
from lms.packs.home import Home
from lms.packs.offers import Offers
from lms.packs.shelf import Shelf
from lms.packs.swap import recover_quietly
from lms.search import routes as search
from lms.settings import Settings
from lms.sync import routes as sync
from lms.sync.acknowledged import arrived
from lms.sync.over_file import ROOM, Heading, build_progress_file
from lms.sync.regularly import exchange_regularly, hours_in
from lms.sync.routes.handed import receive_for_coach
from lms.sync.routes.uploads import receive_upload
from lms.sync.xapi import routes as xapi
from lms.upkeep import routes as upkeep
from lms.upkeep.figures import Answers
from lms.upkeep.regularly import keep_backups
from lms.upkeep.routes import Meter
from lms.web import installing, pages
from lms.web.errors import HANDLERS
from lms.web.gate import Gate
from lms.web.site import Site

log = logging.getLogger(__name__)

FEATURES = (learning, sync, search, accounts, packs, xapi, upkeep)
"""The `routes` of each feature: they name its `ROUTES` and, if it has any, the paths of its `OPEN_DOORS` and
what it likes to `warm`.

Addresses are tried in this order, so what is asked for most stands first.
"""

FIRST_ANSWERS = 1.0  # seconds in which a server that starts only answers


def create_app(settings: Settings, *, clock: Clock = system_clock) -> Starlette:
    """The site as an ASGI application; its database opens when it starts and closes when it stops."""
    doors = {door for feature in FEATURES for door in getattr(feature, "OPEN_DOORS", ())}
    gate = Middleware(Gate, max_body=settings.max_body, open_doors=doors)
    answers = Answers()
    app = Starlette(
        routes=[
            *pages.ROUTES,
            *installing.ROUTES,
            *(route for feature in FEATURES for route in feature.ROUTES),
        ],
        middleware=[Middleware(Meter, answers=answers), gate] if settings.metrics else [gate],
        exception_handlers=HANDLERS,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.refusal = None
    app.state.answers = answers
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    data: Path = app.state.settings.data
    try:
        private_folder(data)
        with using(data):
            async with _started(app):
                yield
    except LmsError as error:
        app.state.refusal = error  # for `lms serve` to say last
        raise


@asynccontextmanager
async def _started(app: Starlette) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    if not logging.getLogger().handlers:
        logs.configure(settings.log_level)
    async with ready_database(settings.database) as db:
        site = Site(
            settings, db, settings.secret, pages.load_scripts(), app.state.clock, _load_courses(settings)
        )
        app.state.site = site
        written_at(db, settings.data)
        _introduce(app, settings)
        for course in site.courses.values():
            await publish_revisions(db, course)
        exchanging = exchange_regularly(settings, db, hours_in(settings.sync_hours))
        left = [_go_on_with(*one, db) for one in _LEFT]
        tasks = (*left, _warm(app), exchanging, keep_backups(settings))
        background = [asyncio.create_task(task) for task in tasks]
        log.info("serving", extra={"courses": len(site.courses)})
        yield
        for task in background:
            task.cancel()
        await asyncio.wait(background)


_LEFT = (
    (regrade_stale, "answers could not all be graded again; it is tried at the next start"),
    (note_names, "not all documents that profiles name were noted; it is tried at the next start"),
    (release_left, "not all that waits for nobody was let in; it is tried at the next start"),
)
"""What somebody may have been stopped at, and is gone on with at the start."""


async def _go_on_with(left: Callable[[Database], Awaitable[object]], otherwise: str, db: Database) -> None:
    try:
        await left(db)
    except Exception:
        log.exception(otherwise)


async def _warm(app: Starlette) -> None:
    """Make ready in the background what the first readers would wait for."""
    await asyncio.sleep(FIRST_ANSWERS)
    began = time.monotonic()
    for feature in FEATURES:
        warm = getattr(feature, "warm", None)
        if warm:
            try:
                await warm(app)
            except Exception:
                log.exception(
                    "not ready ahead: who asks first will wait", extra={"feature": feature.__name__}
                )
    log.info("warm", extra={"seconds": round(time.monotonic() - began, 1)})


def _introduce(app: Starlette, settings: Settings) -> None:
    """Give features what they need of each other, as they never import one another."""
    signers, pieces = load_signers(settings), settings.data / "rendered"
    app.state.shelf = shelf = Shelf(settings.packs, signers=signers, home=Home.of(settings), pieces=pieces)
    app.state.offers = Offers(shelf)
    app.state.packs_on_offer = lambda course: (ready_formats(course), shelf.sizes(course))
    app.state.receive_file = receive_upload
    app.state.receive_for_coach = receive_for_coach
    app.state.write_file = _write_file
    app.state.room_in_file = ROOM
    app.state.arrived = arrived
    app.state.prove = prove


def _write_file(lines: Sequence[bytes], name: str, day: date) -> bytes:
    """A progress file of everything somebody did."""
    return build_progress_file(lines, Heading(name=name, course="", day=day))


def _load_courses(settings: Settings) -> dict[str, Course]:
    """Every course that can be shown; one that cannot is left out and said so, and the others are served."""
    recover_quietly(settings.courses)
    courses, problems = load_courses(settings.courses, settings.data / "courses.kept")
    for problem in problems:
        level = logging.ERROR if problem.severity == "error" else logging.WARNING
        log.log(level, "%s:%s: %s", problem.file, problem.line, problem.message)
    for file, titles in glossary.missing(courses.values()).items():
        which = ", ".join(f"«{title}»" for title in titles)
        log.warning(
            "No se encuentra «%s». Sin ese glosario no se explican las palabras que enlazan estos cursos, y sus "
            "enlaces llevan a una página que no está: %s. Copia ahí el glosario y vuelve a empezar el servidor.",
            file,
            which,
        )
    return courses
