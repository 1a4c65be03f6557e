"""What one running server knows, reachable from every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from lms.clock import Clock, system_clock
from lms.db import Database
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.course.model import Course


@dataclass(slots=True)
class Site:
    """The open database, the settings, the clock and the courses (by id) of one server.

    `secret` signs cookies; `scripts` says where browsers find the code of live pages, by name.
    """

    settings: Settings
    db: Database
    secret: str
    scripts: Mapping[str, str]
    clock: Clock = system_clock
    courses: dict[str, Course] = field(default_factory=dict)


def site(request: HTTPConnection) -> Site:
    """The server this request reached."""
    found: Site = request.app.state.site
    return found
