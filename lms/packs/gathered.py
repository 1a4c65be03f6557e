"""A course's files from several places: what is here already, and the rest from what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from lms.errors import Invalid
from lms.packs.archive import CHUNK, Damaged
from lms.packs.contents import Contents
from lms.packs.difference import read_difference
from lms.packs.here import blobs
from lms.packs.manifest import DIFFERENCE, Listed, read_manifest
from lms.packs.names import shown
from lms.packs.papers import Papers, papers_of
from lms.packs.sources import sources_of
from lms.packs.verify import installed

Pieces = Callable[[], Iterator[bytes]]
"""Reads one file from its beginning."""


class Gathered:
    """Files by their path in a pack, each from where it is; read as a pack is."""

    def __init__(self, name: str, papers: Papers, files: Mapping[str, tuple[int, Pieces]]) -> None:
        own = {path: (len(content), partial(_once, content)) for path, content in papers.files.items()}
        self.name = name
        self.zipped = False
        self._files: dict[str, tuple[int, Pieces]] = {**files, **own}
        self.sizes = {path: size for path, (size, _) in self._files.items()}

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content in pieces."""
        return self._files[path][1]()


def completed(contents: Contents, courses: Path) -> Contents:
    """Return a pack as it is, or a difference with what it lacks from the course that is installed here.

    Invalid, when that course is not here or is another version than the one the difference is from.
    """
    if DIFFERENCE not in contents.sizes:
        return contents
    base = read_difference(contents)
    papers = papers_of(contents)
    manifest = read_manifest(papers.manifest, contents.name)
    sources = {listed.path: listed for listed in sources_of(manifest).values()}
    here = installed(courses, manifest.course.id)
    known = {sha256: file for one in here for sha256, file in blobs(one.folder).items()}
    files: dict[str, tuple[int, Pieces]] = {
        path: (size, partial(contents.chunks, path)) for path, size in contents.sizes.items()
    }
    for path in sources.keys() - files.keys():
        if sources[path].sha256 not in known:
            tells = f"aquí está la {here[0].version or 'que no dice su versión'}" if here else "aquí no está"
            raise Invalid(
                f"«{contents.name}» solo trae lo que cambió desde la versión {base.version} de "
                f"«{manifest.course.title}», y {tells}: falta {shown(path)}. Usa el paquete entero."
            )
        files[path] = from_file(sources[path], known[sources[path].sha256])
    whole = Gathered(contents.name, papers, files)
    whole.zipped = contents.zipped
    return whole


def from_file(listed: Listed, file: Path) -> tuple[int, Pieces]:
    """A listed file, read from a file that should hold the same."""
    return listed.size, partial(_read, listed, file)


def _read(listed: Listed, file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as content:
            while piece := content.read(CHUNK):
                yield piece
    except OSError:
        raise Damaged(file.name, listed.path) from None


def _once(content: bytes) -> Iterator[bytes]:
    yield content
