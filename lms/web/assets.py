"""Scripts and styles: listed here, joined and squeezed once in memory, named by their content."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import rjsmin
from markupsafe import Markup

STATIC = Path(__file__).parent.parent / "static"
EXERCISES = Path(__file__).parent.parent / "course" / "exercises"

# Stands in each page itself, before anything is painted.
EARLY_SCRIPT = ("early",)
# In loading order; `lms/static/js/README.md` says why. The exercise types' own scripts stand at `TYPES`.
TYPES = "<types>"
# A course in one document carries all of it.
EXPORT_SCRIPT = (
    *("namespace", "elements", "dialogs", "sha256", "draw", "ids", "keys", "session", "progress"),
    TYPES,
    *("mirror", "idb", "store", "journal", "outbox", "status"),
    *("exercise-form", "lesson", "tools", "meaning", "look", "own", "note"),
    *("assessment", "delivery", "progress-view", "own-list"),
    *(
        "people",
        "remembered",
        "choosing",
        "sealing",
        "closing",
        "device",
        "carrier",
        "saved",
        "carrying",
        "unsaved",
    ),
    *("bringing", "unit-end", "print", "film"),
    *("late-media", "whole"),
    *("bits", "ranges", "token-items", "token-first", "token", "report", "qr", "copying", "photo"),
    *("chain", "receipt", "received", "message"),
    *(
        "fold",
        "stem",
        "rank",
        "glossary",
        "scan",
        "vocabulary",
        "search",
        "passages",
        "extracts",
        "results",
        "search-view",
    ),
    *("router", "start"),
)
# The page that many courses on one stick share: it lists and searches them, and reads what they kept.
BUNDLE_SCRIPT = (
    *("namespace", "elements", "ids", "progress", "mirror", "idb", "store"),
    *("people", "remembered"),
    *("tools", "look", "fold", "stem", "rank", "glossary", "scan", "vocabulary"),
    *("search", "extracts", "results", "search-view"),
    *("bundle", "router"),
)
# One page by itself, which nobody keeps; and in somebody else's platform, which does.
PAGE_SCRIPT = (
    *("namespace", "elements", "sha256", "draw", "keys", "progress"),
    TYPES,
    *(
        "visit",
        "exercise-form",
        "lesson",
        "tools",
        "meaning",
        "look",
        "assessment",
        "delivery",
        "print",
        "start",
    ),
)
SCORM_SCRIPT = (*PAGE_SCRIPT[:-1], "suspend", "result", "scorm", PAGE_SCRIPT[-1])
# Every page of a server loads the core; the rest only where a page or `lesson.js` names it.
CORE = "lms"
LIVE_SCRIPTS = {
    CORE: (
        *("namespace", "elements", "ids", "keys", "session"),
        TYPES,
        *("mirror", "idb", "store", "journal", "outbox", "status"),
        *("exercise-form", "lesson", "tools", "people", "start"),
    ),
    # Fetched by `tools.js` when somebody uses one.
    "tools": ("meaning", "look", "own", "note", "print"),
    # Of the page where somebody begins; lessons go without.
    "receipts": ("sha256", "chain", "receipts"),
    # Wherever a server says that it may have lost something.
    "again": ("sha256", "chain", "receipts", "again"),
    # Of «Mi avance».
    "mine": ("sha256", "chain", "receipts", "mine", "own-file"),
    "film": ("film",),
    "assessment": ("sha256", "draw", "progress", "assessment", "delivery"),
    "account": ("account-form",),
    "carrying": (
        *("dialogs", "sha256", "sealing", "closing", "device"),
        *("carrier", "carrying", "unsaved", "unit-end", "copying"),
    ),
    "photo": ("photo",),
    "keep": ("kept", "kept-pages", "keeping", "kept-shelf"),
    # What a worker adds to pages that it shows without the server.
    "away": ("progress", "progress-view", "kept", "away"),
    "search": (
        "fold",
        "stem",
        "rank",
        "glossary",
        "scan",
        "vocabulary",
        "search",
        "extracts",
        "results",
        "kept-search",
    ),
}
# Fetched with the script `tools`.
TOOLS_STYLE = "css/tools.css"
# Fetched by the script `carrying`.
DIALOG_STYLE = "css/dialog.css"
# A kept page, which is a guest's, fetches it for the menu that it makes.
MENU_STYLE = "css/menu.css"
# What a browser that keeps courses runs beside its pages.
WORKER_SCRIPT = ("kept", "kept-pages", "worker-session", "worker")

# Everything a course in one document may show.
EXPORT_STYLES = (
    *("tokens", "base", "shell", "catalogue", "bar", "lesson", "exercise", "assessment"),
    *("glossary", "tools", "forms", "dialog", "progress", "search", "export", "print", "sheet"),
)


@cache
def early() -> Markup:
    """What a page runs before its first paint; the same text wherever it stands."""
    return Markup(script(EARLY_SCRIPT))  # noqa: S704 - our own file


def script(names: Sequence[str]) -> str:
    """Browser code as one classic script: these files in this order, without comments or spare spaces."""
    return squeezed(source(names))


def source(names: Sequence[str]) -> str:
    """These files in this order, as they are written; a semicolon ends a last statement that lacks its own."""
    return "\n;".join(file.read_text("utf-8") for file in script_files(names))


def squeezed(source: str) -> str:
    """Browser code without comments or spare spaces."""
    return str(rjsmin.jsmin(source))


def script_files(names: Iterable[str]) -> Iterator[Path]:
    """Where the code of these names stands, the exercise types' own at `TYPES`."""
    for name in names:
        if name == TYPES:
            from lms.course.exercises import TYPES as types  # graders load only where a page or pack is made

            yield from (EXERCISES / kind / "exercise.js" for kind in types)
        else:
            yield STATIC / "js" / f"{name}.js"


def css(names: Sequence[str]) -> Markup:
    """These stylesheets as the text of one `<style>`, without comments or spare spaces."""
    return _css(tuple(names))


@cache
def _css(names: tuple[str, ...]) -> Markup:
    source = "\n".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in names)
    return Markup(squeeze(source))  # noqa: S704 - our own files


class PageStyles:
    """What a page's template knows as `assets`; it notes the inline styles for the page's content policy."""

    def __init__(self, scripts: Mapping[str, str]) -> None:
        self.scripts = scripts
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
