"""One Jinja environment: strict, escaping (but in `.txt`), with the filters pages need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)

from lms.clock import PERU, day_in_words
from lms.web import assets

PACKAGE = Path(__file__).parent.parent
# What the shell reads and most pages have nothing to say about.
DEFAULTS: Mapping[str, Any] = {"styles": [], "scripts": [], "here": "", "query": "", "body_class": ""}


def render_text(name: str, /, **values: Any) -> str:
    """Render `base.html` and its kin by their name, a feature's template as `feature/name.html`."""
    return environment().get_template(name).render(values)


def render(name: str, values: Mapping[str, Any]) -> str:
    """As `render_text`, for values that already stand in a mapping."""
    return environment().get_template(name).render(values)


@cache
def environment() -> Environment:
    """The environment, made once; a name that a template misspells is an error, not a blank."""
    shared = FileSystemLoader([PACKAGE / "web" / "templates", PACKAGE / "static"])
    env = Environment(
        loader=ChoiceLoader([shared, PrefixLoader(_folders())]),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.filters.update(date=date, time=time, mark=mark, number=number)
    env.globals.update(DEFAULTS, early=assets.early)
    return env


def date(value: datetime | str) -> str:
    """A day as people write it: «14 mar 2026», in Peru's time; text is an RFC 3339 stamp."""
    return day_in_words(_local(value))


def time(value: datetime | str) -> str:
    """A time of day: «3:45 p. m.», in Peru's time."""
    moment = _local(value)
    half = "a. m." if moment.hour < 12 else "p. m."
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {half}"


def mark(value: float | None) -> str:
    """A mark from 0 to 20 with at most one decimal: «17», «16.5»; nothing yet is a dash."""
    return "–" if value is None else f"{round(value, 1):g}"


def number(value: float) -> str:
    """A number with a thin space between thousands and a point before decimals."""
    return f"{value:,}".replace(",", "\u202f")


def _local(value: datetime | str) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(PERU)


def _folders() -> dict[str, FileSystemLoader]:
    """Each feature's own templates, under the feature's name."""
    return {folder.parent.name: FileSystemLoader(folder) for folder in PACKAGE.glob("*/templates")}
