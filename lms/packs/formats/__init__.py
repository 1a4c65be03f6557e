"""Every shape in which a course can leave: one name in FORMATS each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.course.model import Course
from lms.packs.formats import single, site


@dataclass(frozen=True, slots=True)
class Format:
    """One shape: `write(course, site)` returns the whole file's bytes, the same for the same sources.

    `site` is the address where progress is brought, "" where none is known.
    """

    name: str
    suffix: str
    media_type: str
    label: str
    audience: str
    write: Callable[..., bytes]

    def file_name(self, course: Course) -> str:
        """Return the file's name, safe on FAT32 and in a chat: ASCII, lower case."""
        return f"{course.id}-{course.version}{self.suffix}"


FORMATS: dict[str, Format] = {
    module.NAME: Format(
        module.NAME, module.SUFFIX, module.MEDIA_TYPE, module.LABEL, module.AUDIENCE, module.write
    )
    for module in (site, single)
}
