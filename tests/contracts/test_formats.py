"""A pack format is whole when all of this is true of it."""

from __future__ import annotations

import pytest

from lms.course.model import Course
from lms.packs.formats import FORMATS, Format


@pytest.mark.parametrize("made", FORMATS.values(), ids=str)
def test_a_format_says_what_it_is_for(made: Format, course: Course) -> None:
    assert FORMATS[made.name] is made
    assert made.suffix.startswith("."), f"{made.name}: SUFFIX begins with a dot"
    assert "/" in made.media_type, f"{made.name}: MEDIA_TYPE is a MIME type"
    assert made.label, f"{made.name}: LABEL tells a teacher what it is"
    assert made.audience, f"{made.name}: AUDIENCE tells a teacher what it is for"
    assert made.file_name(course).isascii(), f"{made.name}: file names travel through chats and FAT32"


@pytest.mark.parametrize("made", FORMATS.values(), ids=str)
def test_a_format_writes_every_lesson(made: Format, course: Course) -> None:
    assert made.write(course), f"{made.name}: write(course) returns the file's bytes"
