"""A difference: a small pack with the papers of a new version and only those of its files that an older one lacks."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from lms.course.versions import is_older, is_version
from lms.errors import Conflict, Invalid
from lms.files import whole_file
from lms.packs.contents import Contents, checked, open_contents, whole
from lms.packs.manifest import DIFFERENCE, Listed, Manifest, newer, read_manifest
from lms.packs.names import shown
from lms.packs.papers import Papers, papers_of
from lms.packs.sources import sources_of
from lms.packs.zipped import entry_for

FORMAT = "chaski-difference"
READER = 1
_LONGEST = 10_000


class Base(msgspec.Struct, frozen=True):
    """The pack that a difference is from: its course's version and the hash of its manifest."""

    version: str
    manifest: str


class _Difference(msgspec.Struct, frozen=True, rename={"base": "from"}):
    format: str
    minimum_reader: int
    kind: Literal["difference"]
    base: Base


def read_difference(contents: Contents) -> Base:
    """Say what a difference is from; nothing is trusted because of it, it is only for the sentence when that lacks."""
    try:
        read = msgspec.json.decode(whole(contents, DIFFERENCE, _LONGEST), type=_Difference)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        read = None
    if read is None or read.format != FORMAT or not is_version(read.base.version):
        raise Invalid(
            f"«{contents.name}» no se entiende: su {DIFFERENCE} no es de un paquete. Pide otra vez el archivo."
        )
    if read.minimum_reader > READER:
        raise newer(contents.name)
    return read.base


def difference_name(old: Manifest, new: Manifest) -> str:
    """Return what a difference's file is called."""
    return f"{new.course.id}-{old.course.version}-a-{new.course.version}.zip"


def papers_and_manifest(contents: Contents) -> tuple[Papers, Manifest]:
    """Return a pack's papers, as they are and as read."""
    papers = papers_of(contents)
    return papers, read_manifest(papers.manifest, contents.name)


def make_difference(old: Path, new: Path, folder: Path, file: Path | None = None) -> Path:
    """Write what `new` has and `old` lacks to `file`, or in `folder` under its usual name; return where it is.

    Conflict, and nothing is written, unless `new` is a later version of what `old` is.
    """
    with open_contents(old) as before, open_contents(new) as after:
        old_papers, had = papers_and_manifest(before)
        papers, manifest = papers_and_manifest(after)
        if DIFFERENCE in after.sizes:
            raise Conflict(f"«{after.name}» ya es una diferencia. Usa el paquete entero.")
        _check_order((before.name, had), (after.name, manifest))
        known = {listed.sha256 for listed in sources_of(had).values()}
        fresh = [listed for listed in sources_of(manifest).values() if listed.sha256 not in known]
        destination = file or folder / difference_name(had, manifest)
        with whole_file(destination) as out:
            small = {DIFFERENCE: _described(had, old_papers), **papers.files}
            _write(out, small, after, fresh)
    return destination


def _check_order(old: tuple[str, Manifest], new: tuple[str, Manifest]) -> None:
    """Whoever has the old pack would refuse any difference but one that leads forwards."""
    (before, had), (after, has) = old, new
    version = f"la versión {has.course.version} de «{has.course.title}»"
    if had.course.id != has.course.id:
        raise Conflict(f"«{before}» y «{after}» son de cursos distintos. Elige dos del mismo.")
    if is_older(has.course.version, had.course.version):
        raise Conflict(
            f"«{after}» trae {version}, más antigua que la {had.course.version} de «{before}». "
            "Escribe primero el paquete viejo y después el nuevo."
        )
    if has.course.version != had.course.version:
        return
    if _sources(had) == _sources(has):
        raise Conflict(f"«{before}» y «{after}» traen lo mismo, {version}: no hay nada nuevo que llevar.")
    raise Conflict(
        f"«{before}» y «{after}» dicen ser {version}, y su contenido es distinto. "
        "Sube «version» en el course.toml del nuevo y vuelve a hacer su paquete."
    )


def _sources(manifest: Manifest) -> dict[str, str]:
    return {inside: listed.sha256 for inside, listed in sources_of(manifest).items()}


def _described(had: Manifest, papers: Papers) -> bytes:
    base = {"version": had.course.version, "manifest": sha256(papers.manifest).hexdigest()}
    described = {
        "format": FORMAT,
        "format_version": 1,
        "minimum_reader": READER,
        "kind": "difference",
        "from": base,
    }
    return (json.dumps(described, indent=1) + "\n").encode()


def _write(destination: BinaryIO, small: dict[str, bytes], after: Contents, fresh: list[Listed]) -> None:
    with zipfile.ZipFile(destination, "w") as archive:
        for path, content in small.items():
            archive.writestr(entry_for(path), content, compresslevel=9)
        for listed in sorted(fresh, key=lambda listed: listed.path):
            if listed.path not in after.sizes:
                raise Invalid(f"A «{after.name}» le falta {shown(listed.path)}. Usa el paquete entero.")
            entry = entry_for(listed.path)
            entry.file_size = listed.size
            with archive.open(entry, "w") as out:
                for piece in checked(after, listed):  # films do not pass through memory
                    out.write(piece)
