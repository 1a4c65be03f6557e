"""What a pack says of itself: course, version, and every file with its size and SHA-256."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from lms.course.model import Course, Media
from lms.course.versions import is_version
from lms.errors import Invalid
from lms.packs.names import clash, fault
from lms.packs.zipped import Content

MANIFEST, SIGNATURES = "manifest.json", "manifest.sig"
DIFFERENCE = "difference.json"
"""Stands in a pack that only holds what an older one lacks."""
BUNDLE, BUNDLE_LIST = "mochila-digital", "mochila.json"
"""What a bundle is called, and its list, which no pack has."""
FORMAT = "chaski-pack"
PLAIN, WITH_PARTS = 1, 2
"""By which rules a pack is written: the second has files that may be missing."""
READER = 2
"""What this program can read: packs that ask for no more than this. docs/pack-format.md says when it is raised."""
LONGEST = 2_000_000

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Listed(msgspec.Struct, frozen=True):
    """One file of a pack: where it stands, its size in bytes, its content's hash in hexadecimal."""

    path: str
    size: int
    sha256: str


class About(msgspec.Struct, frozen=True):
    """The course that a pack holds."""

    id: str
    version: str
    title: str


class Manifest(msgspec.Struct, frozen=True):
    """A manifest that was read; fields of later versions are passed over.

    A pack is whole without its `optional` files; those that are there must be as they were made.
    """

    course: About
    files: tuple[Listed, ...]
    optional: tuple[Listed, ...] = ()


class _Head(msgspec.Struct, frozen=True):
    """What every version of the format begins with."""

    format: str
    minimum_reader: int


def manifest(
    course: Course, kind: str, entry: str, files: Mapping[str, Content], optional: Sequence[Media] = ()
) -> dict[str, Any]:
    """Describe a pack's `files`; sizes in bytes, paths sorted so that it is reproducible."""
    rules = WITH_PARTS if optional else PLAIN
    parts = {"optional": [listed(media.path, media) for media in optional]} if optional else {}
    described = {
        "format": FORMAT,
        "format_version": rules,
        "minimum_reader": rules,
        "kind": kind,
        "course": {
            "id": course.id,
            "version": course.version,
            "title": course.title,
            "language": course.language,
            "licence": course.licence,
        },
        "entry": entry,
        "files": [listed(path, content) for path, content in sorted(files.items())],
        **parts,
    }
    written: dict[str, Any] = msgspec.to_builtins(described)
    return written


def listed(path: str, content: Content) -> Listed:
    """Say of a file what a manifest lists."""
    if isinstance(content, bytes):
        return Listed(path, len(content), sha256(content).hexdigest())
    return Listed(path, content.size, content.sha256)


def encode(described: Mapping[str, Any]) -> bytes:
    """Write a manifest as UTF-8 JSON that a person can read too, ending in a newline."""
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(content: bytes, pack: str) -> Manifest:
    """Read a manifest; Invalid for one that is none, breaks a rule, or asks for a newer reader than this."""
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format == FORMAT and head.minimum_reader > READER:
            raise newer(pack)
        read = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _no_pack(pack) from None
    if head.format != FORMAT or not _is_sound(read):
        raise _no_pack(pack)
    return read


def newer(name: str) -> Invalid:
    """The refusal of what asks for a newer reader than this."""
    return Invalid(
        f"«{name}» es de una versión más nueva que este programa. Actualiza el programa y vuelve a intentarlo."
    )


def _no_pack(pack: str) -> Invalid:
    return Invalid(
        f"«{pack}» no es un paquete de un curso: su {MANIFEST} no se entiende. Usa el archivo original."
    )


def _is_sound(read: Manifest) -> bool:
    every = (*read.files, *read.optional)
    paths = [listed.path for listed in every]
    return (
        _ID.fullmatch(read.course.id) is not None
        and fault(read.course.id) is None
        and is_version(read.course.version)
        and not {MANIFEST, SIGNATURES, DIFFERENCE} & set(paths)
        and not any(map(fault, paths))
        and clash(paths) is None
        and all(listed.size >= 0 and _SHA256.fullmatch(listed.sha256) for listed in every)
    )
