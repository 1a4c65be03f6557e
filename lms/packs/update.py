"""Renewing a course with what is not here yet: judged by its papers first, put in its place as an install does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms.errors import Invalid, TooLarge
from lms.packs.archive import MOST_BYTES, MOST_FILES
from lms.packs.gathered import Gathered, Pieces, from_file
from lms.packs.here import blobs, has_films
from lms.packs.install import Outcome, Terms, place_of, put_in, remember, require
from lms.packs.keyring import Keyring
from lms.packs.manifest import About, Listed
from lms.packs.origins import Origin
from lms.packs.papers import kept_papers
from lms.packs.sources import films_of, sources_of
from lms.packs.swap import recover_quietly, room_in
from lms.packs.verify import Verdict, installed, judged

MOST_OF_FILMS = 0xFFFF_FFFF
"""Bytes of a course's films: more do not fit in the zip in which they travel."""


@dataclass(frozen=True, slots=True)
class Here:
    """The place that is renewed: its courses, the keys it knows, what its keeper accepts.

    `films` says whether films are brought; None: of those courses that have some here already.
    """

    courses: Path
    ring: Keyring
    terms: Terms
    films: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update is about to do: files and bytes that must come, of how many the course has.

    `films` are the bytes of films among those that must come.
    """

    course: About
    before: str | None
    files: int
    size: int
    whole: int
    films: int = 0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is asked and told: about the papers, before anything is fetched; the plan; bytes as they come."""

    judge: Callable[[Verdict], object]
    plan: Callable[[Plan], object]
    came: Callable[[int], object]


def update(origin: Origin, course_id: str, here: Here, watcher: Watcher) -> Outcome:
    """Renew a course, or bring it; an LmsError says why not, and then the course is as it was."""
    recover_quietly(here.courses)
    now = installed(here.courses, course_id)
    papers = origin.papers(course_id, kept_papers(now[0].folder) if now else None)
    name = f"{course_id} de {origin.name}"
    watcher.judge(judged(name, papers, here.ring))
    verdict = judged(name, papers, here.ring)  # once more: who was asked may have come to trust its keys
    require(verdict, here.terms)
    course = verdict.manifest.course
    if course.id != course_id:
        raise Invalid(
            f"«{origin.name}» da otro curso en lugar de «{course_id}». No se instaló nada. Avisa a quien lo administra."
        )
    folder, before = place_of(here.courses, course, here.terms)
    known = blobs(folder) if folder.is_dir() else {}
    wanted = _wanted(verdict, folder, here.films)
    order = _Order(here.courses, course, before, wanted, known.keys(), watcher)
    with origin.bringing(order) as brought, room_in(here.courses) as room:
        files = {one.path: _place(one, known, brought) for one in wanted.sources}
        files |= {one.path: (one.size, brought[one.sha256]) for one in wanted.films if one.sha256 in brought}
        done = put_in(Gathered(name, papers, files), verdict, room, here.terms)
    remember(verdict, here.ring)
    return done


@dataclass(frozen=True, slots=True)
class _Wanted:
    sources: tuple[Listed, ...]
    films: tuple[Listed, ...]

    @property
    def size(self) -> int:
        return sum(listed.size for listed in (*self.sources, *self.films))


def _wanted(verdict: Verdict, folder: Path, films: bool | None) -> _Wanted:
    brings = has_films(folder) if films is None else films
    apart = films_of(verdict.manifest).values() if brings else ()
    wanted = _Wanted(tuple(sources_of(verdict.manifest).values()), tuple(apart))
    texts = sum(listed.size for listed in wanted.sources)
    many = len(wanted.sources) + len(wanted.films)
    if many > MOST_FILES or texts > MOST_BYTES or wanted.size > texts + MOST_OF_FILMS:
        raise TooLarge(
            f"«{verdict.name}» pesa demasiado para ser un curso. No se instaló nada. Avisa a quien lo hizo."
        )
    return wanted


@dataclass(frozen=True, slots=True)
class _Order:
    courses: Path
    course: About
    before: str | None
    wanted: _Wanted
    known: Collection[str]
    watcher: Watcher

    @property
    def course_id(self) -> str:
        return self.course.id

    @property
    def lacking(self) -> Mapping[str, Listed]:
        return {one.sha256: one for one in self.wanted.sources if one.sha256 not in self.known}

    @property
    def films(self) -> Mapping[str, Listed]:
        return {one.sha256: one for one in self.wanted.films if one.sha256 not in self.known}

    def begin(self, files: Iterable[Listed]) -> None:
        sizes = {listed.sha256: listed.size for listed in files}
        films = sum(size for sha256, size in sizes.items() if sha256 in self.films)
        self.watcher.plan(
            Plan(self.course, self.before, len(sizes), sum(sizes.values()), self.wanted.size, films)
        )

    def came(self, size: int) -> None:
        self.watcher.came(size)


def _place(listed: Listed, known: Mapping[str, Path], brought: Mapping[str, Pieces]) -> tuple[int, Pieces]:
    if listed.sha256 in brought:
        return listed.size, brought[listed.sha256]
    return from_file(listed, known[listed.sha256])
