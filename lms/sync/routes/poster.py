"""A sheet for the wall: whoever points a camera at it is here, and types nothing."""

from __future__ import annotations

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
    """
    here = site(request)
    reached = here.settings.address or str(request.base_url).rstrip("/")
    own = is_local(request.url.hostname or "") and not here.settings.address
    if own and (lan := nearby(here.settings.host, here.settings.port)):
        reached, own = lan.rstrip("/"), False
    values = {"address": reached, "picture": drawn(reached, wide=True), "own": own}
    return page(request, "sync/poster.html", values, cache=NEVER)


ROUTES = (Route("/cartel", poster),)
