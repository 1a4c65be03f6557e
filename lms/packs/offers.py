"""What a server gives another to update a course with: its papers, and each source by its hash.

Everything is as the papers say, or it is not given. A course that a pack brought goes on under its publisher's papers;
one that was written here, or changed, under those of the pack that this server makes of it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from lms.course.glossary import FILE as GLOSSARY_FILE
from lms.course.glossary import glossary_file
from lms.course.model import Course
from lms.errors import LmsError, Unavailable
from lms.files import in_words
from lms.packs.contents import open_contents
from lms.packs.formats.site import NAME
from lms.packs.here import sha256_of
from lms.packs.manifest import Listed, read_manifest
from lms.packs.papers import Papers, kept_papers, papers_of
from lms.packs.shelf import Shelf
from lms.packs.sources import films_of, sources_of

Mark = tuple[str, int, int, int]
"""A file and what changes when somebody writes it: path, time, size, place on the disk."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One source: where it lies and what it looked like when its hash was taken."""

    sha256: str
    file: Path
    mark: Mark

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.mark[2]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one course gives: its papers, and the blobs that they list and that are here, by hash.

    It is `whole` without the films that are not here.
    """

    papers: Papers
    blobs: Mapping[str, Blob]
    whole: bool


class Offers:
    """The offers of a server's courses: hashes are taken once, and again when files changed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[str, tuple[Course, list[Mark], Offer]] = {}
        self._turn = asyncio.Lock()

    async def papers(self, course: Course) -> Papers:
        """Return the papers under which a course can be had from here now.

        Unavailable when its files changed: since they were read, or since its very version was signed elsewhere.
        """
        offer = await self._offer(course)
        if not offer.whole:
            raise Unavailable(
                "Los archivos de este curso cambiaron y no son los de su paquete. Quien administra este servidor debe "
                "reiniciarlo. Si el paquete que tiene está firmado, debe subir antes «version» en el course.toml."
            )
        return offer.papers

    async def blob(self, course: Course, sha256: str) -> Blob | None:
        """Return the file with that hash if this course gives it and it is still the same."""
        known = self._known.get(course.id)
        blob = known[2].blobs.get(sha256) if known else None
        if blob is None or _mark(blob.file) != blob.mark:
            blob = (await self._offer(course)).blobs.get(sha256)
        return blob

    async def _offer(self, course: Course) -> Offer:
        async with self._turn:
            marks = await to_thread.run_sync(_marks, course.folder)
            known = self._known.get(course.id)
            if known and known[0] is course and known[1] == marks:
                return known[2]
            offer = await to_thread.run_sync(_as_installed, course.folder)
            if offer is None:
                pack = await self._shelf.take(course, NAME)
                offer = await to_thread.run_sync(_as_built, pack, course.folder)
            self._known[course.id] = (course, marks, offer)
            return offer


def _marks(folder: Path) -> list[Mark]:
    """What the files of a course look like from outside: two hundred take a millisecond or two."""
    shared = glossary_file(folder)
    outside = [folder / shared] if shared else []
    with in_words():
        found = (_mark(file) for file in (*folder.rglob("*"), *outside))
        return sorted(mark for mark in found if mark)


def _mark(file: Path) -> Mark | None:
    try:
        seen = os.stat(file)
    except OSError:
        return None
    return str(file), seen.st_mtime_ns, seen.st_size, seen.st_ino


def _as_installed(folder: Path) -> Offer | None:
    """The offer of a course that is still as the pack brought it."""
    papers = kept_papers(folder)
    try:
        offer = _offer(papers, folder) if papers else None
    except LmsError:
        return None
    return offer if offer and offer.whole else None


def _as_built(pack: Path, folder: Path) -> Offer:
    with open_contents(pack) as contents:
        return _offer(papers_of(contents), folder)


def _offer(papers: Papers, folder: Path) -> Offer:
    manifest = read_manifest(papers.manifest, folder.name)
    sources = sources_of(manifest)
    found = (_blob(folder, inside, listed) for inside, listed in {**sources, **films_of(manifest)}.items())
    blobs = {blob.sha256: blob for blob in found if blob}
    return Offer(papers, blobs, blobs.keys() >= {listed.sha256 for listed in sources.values()})


def _blob(folder: Path, inside: str, listed: Listed) -> Blob | None:
    """The source that stands there, if it is the one listed; a glossary may be the one that courses share."""
    file = folder / (glossary_file(folder) or inside if inside == GLOSSARY_FILE else inside)
    mark = _mark(file)
    if mark is None or mark[2] != listed.size or sha256_of(file) != listed.sha256:
        return None
    return Blob(listed.sha256, file, mark)
