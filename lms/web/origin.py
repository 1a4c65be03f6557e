"""Only our own pages may change anything here: the check that stands in for tokens in forms."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Scope

from lms.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSAL = (
    "Este envío no salió de una página de este sitio, así que no se guardó nada. "
    "Abre la página aquí mismo y vuelve a enviarlo."
)


def check_origin(scope: Scope, open_doors: Collection[str] = ()) -> None:
    """Refuse with `Forbidden` an unsafe request from elsewhere, except at the open doors.

    An open door is a path that ignores cookies; it decides for itself what it takes.
    """
    if scope["method"] in SAFE or scope["path"] in open_doors:
        return
    if not came_from_here(Request(scope)):
        raise Forbidden(REFUSAL)


def came_from_here(request: Request) -> bool:
    """Whether a page of this very server sent the request, by the best witness the browser offers.

    `Sec-Fetch-Site` cannot be forged by a page; browsers before 2020 lack it and have `Origin` or `Referer`.
    Hosts are compared and not schemes, because behind a proxy that ends TLS this server sees plain HTTP.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    for witness in ("origin", "referer"):
        said = request.headers.get(witness)
        if said is not None:
            return urlsplit(said).netloc.lower() == request.headers.get("host", "").lower() != ""
    return False
