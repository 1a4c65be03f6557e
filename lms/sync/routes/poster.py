"""A sheet for the wall: whoever points a camera at it is here, and types nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.addresses import is_local, nearby
from lms.web.responses import NEVER, page
from lms.web.site import site


async def poster(request: Request) -> Response:
    """GET /cartel: this server's address as a QR code, to print and stick on the wall.

    It is the address that is set, else the one that the page was opened with; on this very machine, the one of its network.
    """
    import segno  # only this page and those of codes draw one

    here = site(request)
    reached = here.settings.address or str(request.base_url).rstrip("/")
    own = is_local(request.url.hostname or "") and not here.settings.address
    if own and (lan := nearby(here.settings.host, here.settings.port)):
        reached, own = lan.rstrip("/"), False
    drawn = segno.make(reached, error="m", micro=False)
    picture = drawn.svg_inline(scale=8, border=4, dark="#000", light="#fff", omitsize=True)
    values = {"address": reached, "picture": picture, "own": own}
    return page(request, "sync/poster.html", values, cache=NEVER)


ROUTES = (Route("/cartel", poster),)
