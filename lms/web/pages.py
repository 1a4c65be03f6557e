"""What every live page loads: the browser code, the icons, and who is using it."""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lms.errors import NotFound
from lms.web import assets, responses, sessions
from lms.web.eras import asks
from lms.web.responses import Body, respond
from lms.web.scripts import json_for_script

_JAVASCRIPT = "text/javascript; charset=utf-8"

_bodies: dict[str, Body] = {}


def load_scripts() -> dict[str, str]:
    """Join and compress the browser code, once for the life of the process; the URL of each script by its name."""
    sources = {name: assets.script(files) for name, files in assets.LIVE_SCRIPTS.items()}
    dialog = json_for_script(asset_url(assets.DIALOG_STYLE))
    sources["carrying"] = f"lms.parts.dialog = {dialog};\n{sources['carrying']}"
    urls = {name: _load(name, source) for name, source in sources.items() if name != assets.CORE}
    # Only what the core fetches: digests do not compress.
    wanted = {"carrying": urls["carrying"], "tools": urls["tools"], "style": asset_url(assets.TOOLS_STYLE)}
    parts = f"(window.lms = window.lms || {{}}).parts = {json_for_script(wanted)};\n"
    return {**urls, assets.CORE: _load(assets.CORE, parts + sources[assets.CORE])}


def _load(name: str, source: str) -> str:
    _bodies[f"{name}.js"] = Body.of(source, _JAVASCRIPT, level=9)
    return asset_url(f"{name}.js")


def asset_url(name: str) -> str:
    """Where a browser finds a static file; the URL names its content, so it can be kept for good."""
    return f"/static/{name}?v={_version(_body(name))}"


async def static(request: Request) -> Response:
    """A static file by name; kept for good by browsers that asked for it with its content's tag."""
    body = _body(request.path_params["name"])
    named = request.query_params.get("v") == _version(body)
    return respond(request, body, cache=responses.IMMUTABLE if named else "public, no-cache")


def _version(body: Body) -> str:
    """Enough of the tag to tell contents apart: each script names others, and digests do not compress."""
    return body.etag[:8]


def _body(name: str) -> Body:
    if name in _bodies:
        return _bodies[name]
    path = _file(name)
    # By the file's own name: `./js/` and `js/` must not be kept twice.
    own_name = path.relative_to(assets.STATIC.resolve()).as_posix()
    if own_name not in _bodies:
        media_type = mimetypes.guess_type(own_name)[0] or "application/octet-stream"
        _bodies[own_name] = Body.of(path.read_bytes(), media_type)
    return _bodies[own_name]


def _file(name: str) -> Path:
    with suppress(ValueError, OSError):  # a name that no file can have
        path = (assets.STATIC / name).resolve()
        if path.is_file() and assets.STATIC.resolve() in path.parents:
            return path
    raise NotFound("Ese archivo no está en este servidor.")


async def session_script(request: Request) -> Response:
    """`lms.session` for this browser: the only personal thing a page loads."""
    session = sessions.current(request)
    data = {
        "person": {"name": session.name} if session.person else None,
        "profile": session.profile,
        "send": "/events",
        "home": "/",
    }
    source = f"(window.lms = window.lms || {{}}).session = {json_for_script(data)};\n"
    if script := await asks(request):
        source += (
            "document.head.append(Object.assign(document.createElement('script'), "
            f"{{ src: {json_for_script(script)} }}));\n"
        )
    return Response(source, headers={"Cache-Control": responses.NEVER, "Content-Type": _JAVASCRIPT})


ROUTES: tuple[BaseRoute, ...] = (
    Route("/session.js", session_script),
    Route("/static/{name:path}", static),
)
