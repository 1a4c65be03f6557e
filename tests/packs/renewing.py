"""What the tests of updates share: a city whose server has a newer course, and renewing the school's."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cast import Server, start_server, stop_server
from packs.conftest import TODAY, Publisher, School
from packs.network import Wire, wire
from sample_courses import GOOD

from lms.packs import origins
from lms.packs.install import Outcome, Terms, install
from lms.packs.keyring import Keyring
from lms.packs.update import Here, Plan, Watcher, update
from lms.remote import Remote

FILM = 1_000_000
"""Bytes of the film that comes with 1.1.0."""


@dataclass
class Renewal:
    """What somebody saw of an update."""

    outcome: Outcome
    plans: list[Plan] = field(default_factory=list)
    came: int = 0
    received: int = 0

    @property
    def plan(self) -> Plan:
        return self.plans[0]


def renew(
    origin: origins.Origin, school: School, terms: Terms | None = None, course: str = "agua"
) -> Renewal:
    """Update a course, asking nobody."""
    return _renewed(origin, course, Here(school.courses, school.ring, terms or Terms()))


def renew_with(origin: origins.Origin, school: School, films: bool | None = None) -> Renewal:
    """Update «agua», with films or without, or as is usual."""
    return _renewed(origin, "agua", Here(school.courses, school.ring, Terms(), films))


def _renewed(origin: origins.Origin, course: str, here: Here) -> Renewal:
    plans: list[Plan] = []
    sizes: list[int] = []
    outcome = update(origin, course, here, Watcher(lambda verdict: None, plans.append, sizes.append))
    return Renewal(outcome, plans, sum(sizes), origin.received)


def remote(url: str) -> Remote:
    """A server asked by somebody who never waits."""
    return Remote(url, wait=lambda seconds: None)


def renew_from(url: str, school: School, terms: Terms | None = None, course: str = "agua") -> Renewal:
    """Update from a server."""
    there = remote(url)
    try:
        return renew(origins.Server(there), school, terms, course)
    finally:
        there.close()


def folder_of(courses: Path) -> dict[str, bytes]:
    """Everything in a folder of courses, by its path."""
    files = (path for path in courses.rglob("*") if path.is_file())
    return {path.relative_to(courses).as_posix(): path.read_bytes() for path in files}


def with_film(publisher: Publisher, version: str = "1.1.0", size: int = FILM) -> Path:
    """The pack of a version that has a film, too."""
    publisher.pack(version, ())
    source = publisher.folder / f"source-{version}"
    film = source / "media/clase.mp3"
    if not film.exists():
        film.write_bytes(random.Random(7).randbytes(size))
        with (source / "lessons/la-lluvia.md").open("a", encoding="utf-8") as lesson:
            lesson.write("\n![Escucha: la clase](../media/clase.mp3)\n")
    return publisher.pack(version)


@dataclass(frozen=True)
class City:
    """A server elsewhere with 1.1.0 as its publisher signed it, and the wire that leads to it."""

    school: School
    wire: Wire

    @property
    def url(self) -> str:
        return self.wire.url


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server, a program of its own, that knows «Agua para la escuela»."""
    home = tmp_path_factory.mktemp("city")
    shutil.copytree(GOOD, home / "courses" / "agua")
    server = start_server(home, courses=home / "courses")
    yield server
    stop_server(server)


@pytest.fixture
def city(running: Server, publisher: Publisher) -> Iterator[City]:
    """What the server has is renewed for each test: it looks at its folder again."""
    city = School(running.data / "courses", Keyring(running.data / publisher.signer.key.id))
    city.ring.keep(publisher.signer.key, "trusted", TODAY)
    shutil.rmtree(city.courses / "agua", ignore_errors=True)
    install(with_film(publisher), city.courses, city.ring, Terms())
    with wire(running.url) as made:
        yield City(city, made)
