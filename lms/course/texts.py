"""A course's text without its markup, heading by heading: what search indexes and shows extracts of.

The twin, which reads it from the articles of a pack, is `static/js/passages.js`; `tests/browser/test_bundle.py` compares.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.course.analysis import normal, words
from lms.course.model import Course, Lesson
from lms.course.pages import asked_in, body_html
from lms.course.sections import TITLE_ANCHOR
from lms.course.source import cut_gift, marker

# A section's anchor is its own, that of a smaller heading stands in the heading.
_START = re.compile(
    r'<section [^>]*?id="([^"]+)"[^>]*>\s*<h2>(.*?)</h2>|<h[34] id="([^"]+)">(.*?)</h[34]>', re.DOTALL
)
_ALT = re.compile(r'<img alt="([^"]*)"[^>]*>')
_BREAK = re.compile(r"</(?:p|li|td|th|h\d|dt|dd|figcaption|div)>|<br>")
_CELL = re.compile(r"</t[hd]>(?=\s*<t[hd])")
_NO_CELL = re.compile(r"(?: ·){2,}(?: |$)")
_MARKUP = re.compile(r'<[a-z/](?:[^">]|"[^"]*")*>')
_MARKER = re.compile("\ue000(\\d+)\ue001")
_WRITING_LINES = re.compile(r"_{2,}|☐")


@dataclass(frozen=True, slots=True)
class Passage:
    """The plain text under one heading, on one line; `anchor` is the id that leads to it.

    `lesson` and `unit` are ids. A lesson's first passage has its title as heading, begins with its objective;
    it alone has `keywords`, which are looked in, and shown only where nothing else says why it was found.
    """

    lesson: str
    lesson_title: str
    unit: str
    anchor: str
    heading: str
    text: str
    keywords: str = ""


def passages(course: Course) -> tuple[Passage, ...]:
    """Cut every lesson at its headings; questions' prompts are included, answers and feedback are not."""
    return tuple(passage for lesson in course.lessons for passage in passages_of(course, lesson))


def passages_of(course: Course, lesson: Lesson) -> Iterator[Passage]:
    """One lesson's, from its top."""
    source = _with_prompts(lesson, body_html(course, lesson))
    starts = list(_START.finditer(source))
    opening = source[: starts[0].start()] if starts else source
    anchor, text = f"{lesson.id}--{TITLE_ANCHOR}", f"{lesson.objective} {plain(opening)}".strip()
    yield Passage(
        lesson.id, lesson.title, lesson.unit, anchor, lesson.title, text, ", ".join(lesson.keywords)
    )
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        text = plain(source[start.end() : following.start() if following else len(source)])
        heading, anchor = plain(start[2] or start[4] or ""), start[1] or start[3]
        if text:
            yield Passage(lesson.id, lesson.title, lesson.unit, anchor, heading, text)


def for_browser(passage: Passage) -> dict[str, str | int]:
    """What a browser's search reads of a passage; counting its words here saves every reader's device from it."""
    return {
        "lesson": passage.lesson,
        "title": passage.lesson_title,
        "anchor": passage.anchor,
        "heading": passage.heading,
        **({"keywords": passage.keywords} if passage.keywords else {}),
        "text": passage.text,
        "words": sum(1 for _ in words(normal(passage.text))),
    }


def plain(source: str) -> str:
    """Return sanitised HTML's text on one line: pictures by their alternative text, no lines to write on."""
    text = _CELL.sub(" · ", _ALT.sub(r" \1 ", source))
    text = _MARKUP.sub("", _BREAK.sub(" ", text))
    line = " ".join(_WRITING_LINES.sub(" ", html.unescape(text)).split())
    return _NO_CELL.sub(" ", line).strip(" ·")


def _with_prompts(lesson: Lesson, source: str) -> str:
    """Put the questions' prompts where their forms will stand."""
    blocks = cut_gift(lesson.body, lesson.line).blocks
    prompts: dict[str, str] = {}
    for n, block in enumerate(blocks):
        asked = (exercise.prompt for exercise in asked_in(lesson, block))
        prompts[marker(n)] = html.escape(" ".join(asked))
    return _MARKER.sub(lambda found: prompts.get(found[0], ""), source)
