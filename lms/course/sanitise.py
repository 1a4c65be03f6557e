"""The last word on what HTML a course may hold: an explicit list, applied before exercises are put in."""

import re
from collections.abc import Callable

import nh3

from lms.course.links import leads_out, lesson_target, media_path
from lms.course.sections import PARTS

_TAGS = """
    a audio blockquote br code dd div dl dt em figcaption figure h2 h3 h4 hr img li ol p section strong
    table tbody td th thead tr ul video
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "div": {"role", "aria-label", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "width", "height", "loading", "decoding", "title"},
    "li": {"id"},
    "ol": {"start"},
    "p": {"id"},
    "section": {"id"},
    "th": {"scope"},
    "video": {"src", "controls", "preload", "aria-label"},
}
CLASSES: dict[str, set[str]] = {
    "div": {"admonition", "nota", "cuidado", "texto", "table"},
    "p": {"admonition-title"},
    "section": {"part", *(part.css for part in PARTS)},
    "td": {"right", "center"},
    "th": {"right", "center"},
    "ul": {"boxes"},
}
SCHEMES = {"https", "http", "mailto", "tel", "sms"}

_ANCHOR = re.compile(r"[a-z0-9-]+(?:_\d+)?")
_IN_PAGE = re.compile(r"#[a-z0-9-]+(?:_\d+)?")
_FIXED: dict[str, frozenset[str]] = {
    "loading": frozenset({"lazy"}),
    "decoding": frozenset({"async"}),
    "preload": frozenset({"none"}),
    "role": frozenset({"note", "group"}),
    "scope": frozenset({"col"}),
    "tabindex": frozenset({"0"}),
}


def sanitise(html: str) -> str:
    """Return only what the lists above allow; the contents of what is dropped stay as text."""
    return _cleaner.clean(html)


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Decide about one attribute that the lists let pass."""
    judge = _JUDGES.get(name)
    if judge:
        return value if judge(value) else None
    if name in _FIXED:
        return value if value in _FIXED[name] else None
    return value


def _is_target(value: str) -> bool:
    return bool(_IN_PAGE.fullmatch(value)) or leads_out(value) or lesson_target(value) is not None


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 5


_JUDGES: dict[str, Callable[[str], bool]] = {
    "href": _is_target,
    "src": lambda value: media_path(value) == value,
    "id": lambda value: bool(_ANCHOR.fullmatch(value)),
    "width": _is_number,
    "height": _is_number,
    "start": _is_number,
}
_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    attribute_filter=_allowed,
    allowed_classes=CLASSES,
    url_schemes=SCHEMES,
    link_rel=None,
)
