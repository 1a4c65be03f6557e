"""Headers that every answer carries, and the content policy of a page."""

from __future__ import annotations

from collections.abc import Iterable

from lms.web.assets import csp_hash, early

_POLICY = (
    "default-src 'self'; script-src {script}; style-src {style}; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Old browsers send no Origin with a form; the origin check then needs the Referer of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Content-Security-Policy": _POLICY.format(script="'self'", style="'self'"),
}


def policy(style_hashes: Iterable[str]) -> str:
    """The Content-Security-Policy of a page whose inline styles have these hashes (`sha256-…`).

    Its one inline script is `assets.early`.
    """
    style = " ".join(["'self'", *(f"'{name}'" for name in style_hashes)])
    return _POLICY.format(script=f"'self' '{csp_hash(early())}'", style=style)


_RAW = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]


def hardened(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those it lacks; what it says itself stays."""
    own = list(headers)
    said = {name for name, _ in own}
    return own + [header for header in _RAW if header[0] not in said]
