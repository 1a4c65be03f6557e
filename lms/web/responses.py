"""Answers: bodies made and compressed once, strong tags, `304`, pages."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lms.web import security, sessions, templates
from lms.web.assets import PageStyles
from lms.web.site import site

PERSONAL = "private, no-cache"  # may be kept, but must be asked for again
IMMUTABLE = "public, max-age=31536000, immutable"  # for URLs that name their content
NEVER = "no-store"

HTML = "text/html; charset=utf-8"

_WORTH_GZIP = 500


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes ready to answer with: plain, compressed (empty if not worth it), strong tag, a page's policy."""

    plain: bytes
    gzipped: bytes
    etag: str
    media_type: str
    policy: str = ""

    @classmethod
    def of(cls, content: str | bytes, media_type: str = HTML, *, level: int = 6) -> Body:
        """Compress and tag `content` once; worth keeping for as long as the content stays the same."""
        plain = content.encode() if isinstance(content, str) else content
        gzipped = gzip.compress(plain, level, mtime=0) if len(plain) >= _WORTH_GZIP else b""
        return cls(plain, gzipped, hashlib.sha256(plain).hexdigest()[:20], media_type)


def respond(request: Request, body: Body, *, status: int = 200, cache: str = PERSONAL) -> Response:
    """Answer with a prepared body, or with `304` when the browser has the same one."""
    zipped = bool(body.gzipped) and accepts_gzip(request)
    # Two encodings are two representations, so their strong tags differ (RFC 9110 §8.8.3.3).
    etag = f'"{body.etag}-gz"' if zipped else f'"{body.etag}"'
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if body.policy:
        headers["Content-Security-Policy"] = body.policy
    if status == 200 and request.method in ("GET", "HEAD") and has_same(request, body.etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = body.media_type
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(body.gzipped if zipped else body.plain, status, headers)


def accepts_gzip(request: Request) -> bool:
    """Whether the browser said that it reads gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")


def has_same(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names this tag, in either encoding."""
    wanted = request.headers.get("if-none-match", "").split(",")
    return any(tag.strip().removeprefix("W/").strip('"').removesuffix("-gz") == etag for tag in wanted)


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    cache: str = PERSONAL,
) -> Response:
    """Render a template and answer with it; see `page_body`."""
    return respond(request, page_body(request, template, values), status=status, cache=cache)


def page_body(request: Request, template: str, values: Mapping[str, Any]) -> Body:
    """A page as a body that may be kept, with the content policy that allows exactly its inline styles.

    Templates also know `session` (which makes a page personal), `settings`, `app_name` and `assets`.
    """
    here = site(request)
    assets = PageStyles(here.scripts)
    known = {
        "session": sessions.current(request),
        "settings": here.settings,
        "app_name": here.settings.name,
        "assets": assets,
    }
    html = templates.render_text(template, **{**known, **values})
    return replace(Body.of(html), policy=security.policy(assets.hashes))


def see_other(url: str) -> Response:
    """After a form was taken: go and look there (303), so that reloading repeats nothing."""
    return RedirectResponse(url, 303, headers={"Cache-Control": NEVER})
