"""GET /metrics, and the middleware that counts answers for it."""

from __future__ import annotations

import hmac
import shutil
import time
from collections.abc import Iterator
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lms.errors import NotFound
from lms.settings import LOCAL, Settings
from lms.upkeep.contents import FOLDER
from lms.upkeep.figures import Answers, Family, exposition, gauge, of_this_process
from lms.upkeep.queries import database_bytes
from lms.upkeep.shelf import last_of
from lms.web.limits import address
from lms.web.responses import NEVER
from lms.web.site import site

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
_PASSED_ON = ("x-forwarded-for", "x-real-ip", "forwarded")


class Meter:
    """ASGI middleware: counts each answer by the address it was given for, as the list of addresses writes it."""

    def __init__(self, app: ASGIApp, answers: Answers) -> None:
        self.app = app
        self.add = answers.add

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through and note what became of it; a fault of ours is a 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def leaving(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, leaving)
        finally:
            route = scope.get("route")
            self.add(getattr(route, "path", "") or "other", status, time.perf_counter() - begun)


async def metrics(request: Request) -> Response:
    """GET /metrics: figures of this process, for whom the settings allow."""
    here = site(request)
    if not _may_look(request, here.settings.metrics):
        raise NotFound("Esta página no está abierta aquí.")
    answers: Answers = request.app.state.answers
    size = await database_bytes(here.db, here.settings)
    families = (*answers.families(), *of_this_process(), *_of_the_disk(here.settings, size))
    return Response(exposition(families), headers={"Cache-Control": NEVER}, media_type=_FORMAT)


def _may_look(request: Request, allowed: str) -> bool:
    if not allowed:
        return False
    if allowed == LOCAL:
        return _is_here(address(request)) and not any(name in request.headers for name in _PASSED_ON)
    said = request.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(said.encode(), allowed.encode())


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _of_the_disk(settings: Settings, size: int) -> Iterator[Family]:
    yield gauge("chaski_database_bytes", "Room that the database takes.", size)
    free = shutil.disk_usage(settings.data).free
    yield gauge("chaski_disk_free_bytes", "Room that is left where the data folder is.", free)
    if last := last_of(settings.data / FOLDER, settings.node_name):
        moment = last.stat().st_mtime
        yield gauge("chaski_last_backup_timestamp_seconds", "When the last backup was made.", moment)


ROUTES = (Route("/metrics", metrics),)
