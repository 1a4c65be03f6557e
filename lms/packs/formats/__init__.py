"""Every shape in which a course can leave: one name in FORMATS each."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, BinaryIO

from lms.course.model import Course
from lms.packs.formats import epub, printed, scorm, single, single_audio, site, videos, zim
from lms.packs.home import NOWHERE, Home


@dataclass(frozen=True, slots=True)
class Format:
    """One shape: `write_to(course, out, home)` writes the whole file, always the same for the same sources.

    `home` is where progress is brought, if that is known. `needs` are packages of an extra.
    What is built `apart` is so slow, or so heavy on memory, that a server gives it a process of its own, and
    only once somebody asks for it.
    `why_not` says why a course has none of it, "" if it has; `advice` what to say of a file of so many bytes;
    `size` how many it will have, near enough, where that is known before: then nobody needs it built to be told.
    """

    name: str
    suffix: str
    media_type: str
    label: str
    audience: str
    write_to: Callable[[Course, BinaryIO, Home], None]
    needs: tuple[str, ...] = ()
    apart: bool = False
    why_not: Callable[[Course], str] = lambda _: ""
    advice: Callable[[Course, int], str] = lambda _course, _size: ""
    size: Callable[[Course], int] = lambda _: 0

    @property
    def ready(self) -> bool:
        """Whether this installation can build it: what it needs is looked for, not imported."""
        return all(find_spec(package) for package in self.needs)

    def write(self, course: Course, home: Home = NOWHERE) -> bytes:
        """Return the whole file's bytes, for courses that fit in memory."""
        out = io.BytesIO()
        self.write_to(course, out, home)
        return out.getvalue()

    def file_name(self, course: Course) -> str:
        """Return the file's name, safe on FAT32 and in a chat: ASCII, lower case."""
        return f"{course.id}-{course.version}{self.suffix}"


def _format(module: Any) -> Format:
    """A module as a format; it has NEEDS, APART, `why_not`, `advice` and `size` if they say anything."""
    return Format(
        module.NAME,
        module.SUFFIX,
        module.MEDIA_TYPE,
        module.LABEL,
        module.AUDIENCE,
        module.write_to,
        getattr(module, "NEEDS", ()),
        getattr(module, "APART", False),
        getattr(module, "why_not", lambda _: ""),
        getattr(module, "advice", lambda _course, _size: ""),
        getattr(module, "size", lambda _: 0),
    )


FORMATS: dict[str, Format] = {
    module.NAME: _format(module) for module in (site, videos, single, single_audio, epub, zim, scorm, printed)
}


def ready_formats(course: Course) -> list[str]:
    """Name the formats that this installation can build of a course."""
    return [name for name, made in FORMATS.items() if made.ready and not made.why_not(course)]


def quick_formats(course: Course) -> list[str]:
    """Name those that a server may build before anybody asks for them."""
    ready = ready_formats(course)
    return [name for name in ready if not FORMATS[name].apart and not FORMATS[name].size(course)]
