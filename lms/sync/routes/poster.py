"""A sheet for the wall: whoever points a camera at it is here, and types nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.addresses import is_local, nearby
from lms.sync.drawing import drawn
from lms.web.responses import NEVER, page
from lms.web.site import site


async def poster(request: Request) -> Response:
    """GET /cartel: this server's address as a QR code, to print and stick on the wall.

    It is the address that is set, else the one that the page was opened with; on this very machine, the one of its network.
    Where there is none that leads here from another machine, there is no sheet.
    """
    settings = site(request).settings
    reached = settings.address or str(request.base_url).rstrip("/")
    if is_local(urlsplit(reached).hostname or ""):
        reached = nearby(settings.host, settings.port).rstrip("/")
    picture = drawn(reached, wide=True) if reached else ""
    values = {"address": reached, "picture": picture, "school": settings.node}
    return page(request, "sync/poster.html", values, cache=NEVER)


ROUTES = (Route("/cartel", poster),)
