"""What was given out under a version: whoever has it takes it that this version has this content, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lms.course.model import Course
from lms.errors import LmsError
from lms.packs.bundle_papers import COURSES, made_in
from lms.packs.contents import open_contents
from lms.packs.formats import FORMATS
from lms.packs.formats.site import NAME, sources
from lms.packs.keyring import Keyring
from lms.packs.manifest import BUNDLE, listed, read_manifest
from lms.packs.papers import Papers, kept_papers, papers_of
from lms.packs.sources import source_path, sources_of
from lms.packs.verify import verify

State = Literal["signed", "installed", "draft"]
"""Nobody signs a draft, so an unsigned pack is one; what was installed from a pack came from somebody."""


@dataclass(frozen=True, slots=True)
class Given:
    """A pack of a course's very version with other content: where it is, and which of the course's files differ."""

    place: Path
    state: State
    differ: tuple[str, ...]


def given_otherwise(course: Course, folder: Path) -> list[Given]:
    """Find the packs of a course's version whose sources are others, in a `folder` of packs and beside the course."""
    now = {
        inside: listed(path, content).sha256
        for path, content in sources(course).items()
        if (inside := source_path(path))
    }
    return [
        Given(place, state, differ)
        for place, state, papers in _papers(course, folder)
        if (differ := _differing(course, papers, now))
    ]


def signed_pack(course: Course, folder: Path) -> Path | None:
    """Return the pack of a course's version in a `folder` of packs, if it is whole and signed by anybody."""
    place = folder / FORMATS[NAME].file_name(course)
    nobody = Keyring(folder)
    with suppress(LmsError), open_contents(place) as contents:
        verdict = verify(contents, nobody)
        said = verdict.manifest.course
        if verdict.whole and verdict.signers and (said.id, said.version) == (course.id, course.version):
            return place
    return None


def _papers(course: Course, folder: Path) -> Iterator[tuple[Path, State, Papers]]:
    kept = kept_papers(course.folder)
    if kept:
        yield course.folder, "installed", kept
    inside = f"{COURSES}/{course.id}/"
    places = (
        (folder / FORMATS[NAME].file_name(course), ""),
        (made_in(folder, zipped=False) / inside, ""),
        (made_in(folder, zipped=True), f"{BUNDLE}/{inside}"),
    )
    for place, at in places:
        with (
            suppress(LmsError),
            open_contents(place) as contents,
        ):  # what cannot be read says nothing of a version
            papers = papers_of(contents, at)
            yield place, "signed" if papers.signatures is not None else "draft", papers


def _differing(course: Course, papers: Papers, now: dict[str, str]) -> tuple[str, ...]:
    """Name the files that are not as in these papers; none where they are of another version."""
    try:
        manifest = read_manifest(papers.manifest, course.id)
        then = {inside: one.sha256 for inside, one in sources_of(manifest).items()}
    except LmsError:
        return ()
    if (manifest.course.id, manifest.course.version) != (course.id, course.version):
        return ()
    return tuple(sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path)))
