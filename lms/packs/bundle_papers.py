"""A bundle's papers: what stands at its top and which packs it was made with, so that one signature covers all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from lms.errors import Invalid
from lms.packs.manifest import BUNDLE, BUNDLE_LIST, LONGEST, MANIFEST, Listed, encode, listed, newer
from lms.packs.names import fault
from lms.packs.papers import LONGEST_SIGNATURES, Papers

SIGNATURES = "mochila.sig"
COURSES, TEXTS = "cursos", "textos.js"
FORMAT = "chaski-bundle"
READER = 1


class Held(msgspec.Struct, frozen=True):
    """One course of a bundle; `manifest` is the hash of its pack's manifest, which says all the rest."""

    id: str
    version: str
    title: str
    manifest: str


class Bundle(msgspec.Struct, frozen=True):
    """What a bundle says of itself: its courses, and the files that stand beside them."""

    courses: tuple[Held, ...]
    files: tuple[Listed, ...]


class _Head(msgspec.Struct, frozen=True):
    format: str
    minimum_reader: int


def described(held: list[Held], top: Mapping[str, bytes]) -> bytes:
    """Write the list of a bundle with these courses and files."""
    files = [listed(path, content) for path, content in sorted(top.items())]
    head = {"format": FORMAT, "format_version": 1, "minimum_reader": READER}
    return encode(msgspec.to_builtins({**head, "courses": held, "files": files}))


def read_bundle(content: bytes, name: str) -> Bundle:
    """Read a bundle's list; Invalid for what is none, or asks for a newer reader than this."""
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format == FORMAT and head.minimum_reader > READER:
            raise newer(name)
        read = msgspec.json.decode(content, type=Bundle)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        read = None
    inside = [*(one.path for one in read.files), *(one.id for one in read.courses)] if read else [""]
    if read is None or head.format != FORMAT or any("/" in part or fault(part) for part in inside):
        raise Invalid(
            f"«{name}» no es una mochila digital: su {BUNDLE_LIST} no se entiende. Cópiala de nuevo."
        )
    return read


def papers_of_bundle(folder: Path) -> Papers | None:
    """Return a bundle's list and what signs it; None for one of before there were any. Invalid if a disk gives not both."""
    if not (folder / BUNDLE_LIST).is_file():
        return None
    signed = (folder / SIGNATURES).is_file()
    signatures = _whole(folder / SIGNATURES, LONGEST_SIGNATURES) if signed else None
    return Papers(_whole(folder / BUNDLE_LIST, LONGEST), signatures)


def _whole(file: Path, most: int) -> bytes:
    try:
        if file.stat().st_size <= most:
            return file.read_bytes()
    except OSError:
        raise Invalid(
            f"{file.name} de «{file.parent.name}» no se puede leer. Copia de nuevo la mochila."
        ) from None
    raise Invalid(f"{file.name} de «{file.parent.name}» es demasiado grande. Copia de nuevo la mochila.")


def made_in(folder: Path, *, zipped: bool) -> Path:
    """Return what a bundle is called that is made in a folder: one zip, or a folder itself."""
    return folder / (f"{BUNDLE}.zip" if zipped else BUNDLE)


def bundle_in(path: Path) -> Path | None:
    """Return the bundle that a folder is, or that lies in it under its usual name; None if it is none."""
    for folder in (path, path / BUNDLE):
        listed = (folder / BUNDLE_LIST).is_file() or (folder / TEXTS).is_file()
        if listed and (folder / COURSES).is_dir() and not (folder / MANIFEST).exists():
            return folder
    return None


def packs_of(bundle: Path) -> dict[str, Path]:
    """Return the extracted packs of a bundle, by the name of their folder, which is the course's id."""
    return {found.parent.name: found.parent for found in sorted(bundle.glob(f"{COURSES}/*/{MANIFEST}"))}
