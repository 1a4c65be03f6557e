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
from lms.web.compression import WORTH_GZIP
from lms.web.site import site

PERSONAL = "private, no-cache"  # may be kept, but must be asked for again
IMMUTABLE = "public, max-age=31536000, immutable"  # for URLs that name their content
NEVER = "no-store"

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes ready to answer with, compressed if that is worth it; their strong tag, a page's policy.

    The plain bytes of a compressed body are not kept: nearly every browser reads gzip.
    """

    content: bytes
    zipped: bool
    etag: str
    media_type: str
    policy: str = ""

    @classmethod
    def of(cls, content: str | bytes, media_type: str = HTML, *, level: int = 6) -> Body:
        """Compress and tag `content` once; worth keeping for as long as the content stays the same."""
        plain = content.encode() if isinstance(content, str) else content
        zipped = len(plain) >= WORTH_GZIP
        kept = gzip.compress(plain, level, mtime=0) if zipped else plain
        return cls(kept, zipped, hashlib.sha256(plain).hexdigest()[:20], media_type)

    @property
    def plain(self) -> bytes:
        """As it was before compression."""
        return gzip.decompress(self.content) if self.zipped else self.content


class _Prepared(Response):
    """A response whose body and headers are bytes already, so that nothing is encoded for each request."""

    def __init__(self, body: bytes, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = headers


def respond(request: Request, body: Body, *, status: int = 200, cache: str = PERSONAL) -> Response:
    """Answer with a prepared body, or with `304` when the browser has the same one."""
    zipped = body.zipped and accepts_gzip(request)
    # Two encodings are two representations, so their strong tags differ (RFC 9110 §8.8.3.3).
    etag = f'"{body.etag}-gz"' if zipped else f'"{body.etag}"'
    headers = [(b"etag", etag.encode()), (b"cache-control", cache.encode()), (b"vary", b"Accept-Encoding")]
    if body.policy:
        headers.append((b"content-security-policy", body.policy.encode()))
    if status == 200 and request.method in ("GET", "HEAD") and has_same(request, body.etag):
        return _Prepared(b"", 304, headers)
    content = body.content if zipped else body.plain
    headers += [(b"content-type", body.media_type.encode()), (b"content-length", b"%d" % len(content))]
    if zipped:
        headers.append((b"content-encoding", b"gzip"))
    return _Prepared(content, status, headers)


def accepts_gzip(request: Request) -> bool:
    """Whether the browser said that it reads gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")


def has_same(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names this tag, in either encoding."""
    wanted = request.headers.get("if-none-match")
    tags = wanted.split(",") if wanted else ()
    return any(tag.strip().removeprefix("W/").strip('"').removesuffix("-gz") == etag for tag in tags)


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
