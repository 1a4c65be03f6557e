"""Scripts and styles: listed here, joined and squeezed once in memory, named by their content."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent.parent / "static"
EXERCISES = Path(__file__).parent.parent / "course" / "exercises"

# In loading order; `lms/static/js/README.md` says why. The exercise types' own scripts stand at `TYPES`.
TYPES = "<types>"
SCRIPTS = (
    *("namespace", "dialogs", "sha256", "draw", "ids", "keys", "session", "progress"),
    TYPES,
    *("mirror", "idb", "store", "journal", "outbox", "status"),
    *("exercise-form", "lesson", "assessment", "delivery", "progress-view"),
    *("people", "carrier", "carrying", "print", "late-media"),
    *("fold", "stem", "rank", "scan", "search", "search-view"),
    *("router", "start"),
)
# What only a server's own pages need: its account forms.
LIVE_SCRIPTS = ("account-form",)
# What only a course in one document needs: on live pages the server searches and each view has its address.
EXPORT_SCRIPTS = ("late-media", "fold", "stem", "rank", "scan", "search", "search-view", "router")

# Everything a course in one document may show.
EXPORT_STYLES = (
    *("tokens", "base", "shell", "catalogue", "bar", "lesson", "exercise", "assessment"),
    *("forms", "progress", "search", "export", "print"),
)


def script_files() -> tuple[Path, ...]:
    """The browser code that the server and the exports share, in loading order."""
    return tuple(file for name in SCRIPTS for file in _script_files(name))


def script(*, live: bool) -> str:
    """The browser code as one classic script: that of a server's own pages, or that of an export."""
    names = [name for name in SCRIPTS if name not in EXPORT_SCRIPTS] + [*LIVE_SCRIPTS] if live else SCRIPTS
    # A semicolon between files ends a last statement that lacks its own.
    return "\n;".join(file.read_text("utf-8") for name in names for file in _script_files(name))


def css(names: Sequence[str]) -> Markup:
    """These stylesheets as the text of one `<style>`, without comments or spare spaces."""
    return _css(tuple(names))


@cache
def _css(names: tuple[str, ...]) -> Markup:
    source = "\n".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in names)
    return Markup(squeeze(source))  # noqa: S704 - our own files


class PageStyles:
    """What a page's template knows as `assets`; it notes the inline styles for the page's content policy."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.hashes: list[str] = []

    def css(self, names: Sequence[str]) -> Markup:
        """As `assets.css`, noting what was used."""
        text = css(names)
        self.hashes.append(csp_hash(text))
        return text


@cache
def csp_hash(text: str) -> str:
    """The name that the content policy gives an inline element: base64 SHA-256 of exactly its text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def squeeze(source: str) -> str:
    """Drop a stylesheet's comments and the white space that means nothing; strings stay as they are."""
    pieces = re.split(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/)""", source, flags=re.DOTALL)
    return "".join(_squeeze_piece(piece) for piece in pieces).strip()


def _squeeze_piece(piece: str) -> str:
    if piece.startswith(('"', "'")):
        return piece
    if piece.startswith("/*"):
        return ""
    piece = re.sub(r"\s+", " ", piece)
    piece = re.sub(r" ?([{};,]) ?", r"\1", piece)
    return piece.replace(": ", ":").replace(";}", "}")


def _script_files(name: str) -> list[Path]:
    if name == TYPES:
        from lms.course.exercises import TYPES as types  # graders load only where a page or pack is made

        return [EXERCISES / kind / "exercise.js" for kind in types]
    return [STATIC / "js" / f"{name}.js"]
