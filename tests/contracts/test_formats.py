"""A pack format is whole when all of this is true of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from libzim.reader import Archive

from lms.course import pages
from lms.course.model import Course
from lms.packs.formats import FORMATS, Format


@pytest.mark.parametrize("made", FORMATS.values(), ids=list(FORMATS))
def test_a_format_says_what_it_is_for(made: Format, course: Course) -> None:
    assert FORMATS[made.name] is made
    assert "." in made.suffix, f"{made.name}: SUFFIX ends in what kind of file it is"
    assert "/" in made.media_type, f"{made.name}: MEDIA_TYPE is a MIME type"
    assert made.label, f"{made.name}: LABEL tells a teacher what it is"
    assert made.audience, f"{made.name}: AUDIENCE tells a teacher what it is for"
    assert made.ready, f"{made.name}: tests have every extra"
    assert made.file_name(course).isascii(), f"{made.name}: file names travel through chats and FAT32"


# Paper has no pages of HTML, nor the assessments: tests/packs/test_booklet.py says what it holds. Films are films.
@pytest.mark.parametrize(
    "made",
    [made for name, made in FORMATS.items() if name not in ("printed", "videos")],
    ids=lambda made: made.name,
)
def test_a_format_writes_every_lesson(made: Format, course: Course) -> None:
    written = words(pages_in(made.write(course)))
    for lesson in course.lessons:
        assert words(pages.article(course, lesson)) in written, f"{made.name}: {lesson.id} is not whole"
    for unit in course.units:
        assert unit.assessment is not None
        article = pages.assessment_article(course, unit.assessment)
        assert words(article) in written, f"{made.name}: {unit.assessment.id} is not whole"


def pages_in(written: bytes) -> str:
    """The pages of a file in any format: itself, or those inside of it."""
    if written.startswith(b"ZIM\x04"):
        return "\n".join(pages_in_zim(written))
    if not zipfile.is_zipfile(io.BytesIO(written)):
        return written.decode()
    archive = zipfile.ZipFile(io.BytesIO(written))
    names = (name for name in archive.namelist() if name.endswith(("html", ".htm")))
    return "\n".join(archive.read(name).decode() for name in names)


def pages_in_zim(written: bytes) -> Iterator[str]:
    """The pages of a ZIM file, by the reader of who defines it."""
    with NamedTemporaryFile(suffix=".zim") as file:
        file.write(written)
        file.flush()
        archive = Archive(Path(file.name))
        for number in range(archive.all_entry_count):
            item = archive._get_entry_by_id(number).get_item()
            if item.mimetype.startswith("text/html"):
                yield bytes(item.content).decode()


def words(html: str) -> str:
    """What a reader reads of a page, whatever the elements around it."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
