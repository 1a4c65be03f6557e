"""What every live page loads: the browser code, the icons, and who is using it."""

from __future__ import annotations

import json
import mimetypes

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lms.errors import NotFound
from lms.web import assets, responses, sessions
from lms.web.responses import Body, respond

_JAVASCRIPT = "text/javascript; charset=utf-8"

_bodies: dict[str, Body] = {}


def load_scripts() -> dict[str, str]:
    """Join and compress the browser code, once for the life of the process; the URL of each script by its name."""
    sources = {name: assets.script(files) for name, files in assets.LIVE_SCRIPTS.items()}
    urls = {name: _load(name, source) for name, source in sources.items() if name != assets.CORE}
    parts = f"(window.lms = window.lms || {{}}).parts = {json.dumps(urls)};\n"
    return {**urls, assets.CORE: _load(assets.CORE, parts + sources[assets.CORE])}


def _load(name: str, source: str) -> str:
    _bodies[f"{name}.js"] = Body.of(source, _JAVASCRIPT, level=9)
    return asset_url(f"{name}.js")


def asset_url(name: str) -> str:
    """Where a browser finds a static file; the URL names its content, so it can be kept for good."""
    return f"/static/{name}?v={_body(name).etag}"


async def static(request: Request) -> Response:
    """A static file by name; kept for good by browsers that asked for it with its content's tag."""
    body = _body(request.path_params["name"])
    named = request.query_params.get("v") == body.etag
    return respond(request, body, cache=responses.IMMUTABLE if named else "public, no-cache")


def _body(name: str) -> Body:
    if name not in _bodies:
        path = (assets.STATIC / name).resolve()
        if not path.is_file() or assets.STATIC.resolve() not in path.parents:
            raise NotFound("Ese archivo no está en este servidor.")
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        _bodies[name] = Body.of(path.read_bytes(), media_type)
    return _bodies[name]


async def session_script(request: Request) -> Response:
    """`lms.session` for this browser: the only personal thing a page loads."""
    session = sessions.current(request)
    data = {
        "person": {"name": session.name} if session.person else None,
        "profile": session.profile,
        "send": "/events",
        "home": "/",
        "upload": "/mi-avance",
    }
    # A name may hold anything: `<` is escaped so that the text is inert even if a page should inline it.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    source = f"(window.lms = window.lms || {{}}).session = {text};\n"
    return Response(source, headers={"Cache-Control": responses.NEVER, "Content-Type": _JAVASCRIPT})


ROUTES: tuple[BaseRoute, ...] = (
    Route("/session.js", session_script),
    Route("/static/{name:path}", static),
)
