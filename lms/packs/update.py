"""Renewing a course with what is not here yet: judged by its papers first, put in its place as an install does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms.errors import Invalid, TooLarge
from lms.packs.archive import MOST_BYTES, MOST_FILES
from lms.packs.gathered import Gathered, Pieces, from_file
from lms.packs.here import blobs
from lms.packs.install import Outcome, Terms, place_of, put_in, remember, require
from lms.packs.keyring import Keyring
from lms.packs.manifest import About, Listed
from lms.packs.origins import Origin
from lms.packs.papers import kept_papers
from lms.packs.sources import sources_of
from lms.packs.swap import recover_quietly, room_in
from lms.packs.verify import Verdict, installed, judged


@dataclass(frozen=True, slots=True)
class Here:
    """The place that is renewed: its courses, the keys it knows, what its keeper accepts."""

    courses: Path
    ring: Keyring
    terms: Terms


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update is about to do: files and bytes that must come, of how many the course has."""

    course: About
    before: str | None
    files: int
    size: int
    whole: int


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
    verdict = judged(name, papers, here.ring)
    require(verdict, here.terms)
    course = verdict.manifest.course
    if course.id != course_id:
        raise Invalid(f"«{origin.name}» da otro curso en lugar de «{course_id}». No se instaló nada.")
    folder, before = place_of(here.courses, course, here.terms)
    sources = {listed.path: listed for listed in sources_of(verdict.manifest).values()}
    _check_size(sources.values(), name)
    known = blobs(folder) if folder.is_dir() else {}
    lacking = {one.sha256: one for one in sources.values() if one.sha256 not in known}
    order = _Order(here.courses, course, before, lacking, watcher, sum(one.size for one in sources.values()))
    with origin.bringing(order) as brought, room_in(here.courses) as room:
        files = {path: _place(listed, known, brought) for path, listed in sources.items()}
        done = put_in(Gathered(name, papers, files), verdict, room, here.terms)
    remember(verdict, here.ring)
    return done


@dataclass(frozen=True, slots=True)
class _Order:
    courses: Path
    course: About
    before: str | None
    lacking: Mapping[str, Listed]
    watcher: Watcher
    whole: int

    @property
    def course_id(self) -> str:
        return self.course.id

    def begin(self, files: Iterable[Listed]) -> None:
        sizes = [listed.size for listed in files]
        self.watcher.plan(Plan(self.course, self.before, len(sizes), sum(sizes), self.whole))

    def came(self, size: int) -> None:
        self.watcher.came(size)


def _check_size(sources: Iterable[Listed], name: str) -> None:
    sizes = [listed.size for listed in sources]
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES:
        raise TooLarge(f"«{name}» pesa demasiado para ser un curso.")


def _place(listed: Listed, known: Mapping[str, Path], brought: Mapping[str, Pieces]) -> tuple[int, Pieces]:
    if listed.sha256 in brought:
        return listed.size, brought[listed.sha256]
    return from_file(listed, known[listed.sha256])
