"""What makes this site something a device keeps: the worker that answers without a server, name and icons."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lms.errors import NotFound
from lms.web import assets, icons
from lms.web.responses import Body, respond
from lms.web.site import site

_ASK_AGAIN = "public, no-cache"
_bodies: dict[str, Body] = {}


async def worker(request: Request) -> Response:
    """GET /sw.js: at the root, as a worker answers for what is beside it and below."""
    if "worker" not in _bodies:
        source = assets.script(assets.WORKER_SCRIPT)
        _bodies["worker"] = Body.of(source, "text/javascript; charset=utf-8", level=9)
    return respond(request, _bodies["worker"], cache=_ASK_AGAIN)


async def manifest(request: Request) -> Response:
    """GET /manifest.webmanifest: how an installed site is called and looks."""
    name = site(request).settings.name
    described = {
        "name": name,
        "short_name": name,
        "description": "Cursos para docentes, con señal o sin ella.",
        "lang": "es-PE",
        "dir": "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#0f5f5a",
        "background_color": "#fffaf2",
        "icons": [
            {"src": f"/icono-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size in icons.SIZES
            for purpose in ("any", "maskable")
        ],
    }
    body = Body.of(json.dumps(described, ensure_ascii=False), "application/manifest+json")
    return respond(request, body, cache=_ASK_AGAIN)


async def icon(request: Request) -> Response:
    """GET /icono-192.png, /icono-512.png."""
    size = request.path_params["size"]
    if size not in icons.SIZES:
        raise NotFound("Ese archivo no está en este servidor.")
    headers = {"Cache-Control": "public, max-age=604800"}
    return Response(icons.png(size), headers=headers, media_type="image/png")


ROUTES: tuple[BaseRoute, ...] = (
    Route("/sw.js", worker),
    Route("/manifest.webmanifest", manifest),
    Route("/icono-{size:int}.png", icon),
)
