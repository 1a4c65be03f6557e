"""One thing that waits for a coach, as a page shows it, and what a list of them is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.db import Database


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that waits. Texts are for people, and empty where nothing is known; `at` is when it arrived.

    `key` is what a form sends back: two names and the number of what was shown, with spaces between them. `who` has
    the profile, `offer` is to whom one tap would link it. `unlike`: it calls its user by another name than theirs whose
    it may be.
    """

    key: str
    who: str
    profile: str = ""
    document: str = ""
    said: str = ""
    others: tuple[str, ...] = ()
    lines: int = 0
    what: str = ""
    device: str = ""
    way: str = ""
    at: str = ""
    why: str = ""
    offer: str = ""
    codes: tuple[str, ...] = ()
    unlike: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks (a coach answers for nobody's own, not even theirs), and at which part of a list.

    `known` is what one look at several lists found out already.
    """

    db: Database
    coach: str
    titles: Mapping[str, str] = field(default_factory=dict)
    start: int = 0
    most: int = 0
    known: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """How many wait for one reason, and those that were asked for."""

    total: int
    items: tuple[Item, ...] = ()
