"""The top of a bundle: the page that lists its courses and searches all of them, and how to open it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lms.course import texts
from lms.course.model import Course, Term
from lms.packs.bundle_papers import COURSES, TEXTS
from lms.packs.document import notepad, page
from lms.packs.formats.site import ENTRY
from lms.web import assets
from lms.web.covers import cover
from lms.web.scripts import json_for_script


def top(courses: Sequence[Course]) -> dict[str, bytes]:
    """Return the files that stand beside the courses, by their path."""
    return {
        ENTRY: _start(courses).encode(),
        TEXTS: _texts(courses).encode(),
        "LEEME.txt": notepad("packs/bundle/LEEME.txt", courses=courses, entry=ENTRY),
    }


def home(course: Course) -> str:
    """Where a course's document stands, from the bundle's page."""
    return f"{COURSES}/{course.id}/{ENTRY}"


def _start(courses: Sequence[Course]) -> str:
    return page(
        "packs/bundle/start.html",
        courses=[{"course": course, "home": home(course), "cover": cover(course.id)} for course in courses],
        terms=_terms(courses),
        style=assets.css(assets.EXPORT_STYLES),
        scripts=assets.script(assets.BUNDLE_SCRIPT),
        data=f"lms.bundle({json_for_script([_outline(course) for course in courses])});",
    )


def _terms(courses: Sequence[Course]) -> list[Term]:
    """The words that the courses explain, each once, as the first of them explains it; acronyms last."""
    found: dict[str, Term] = {}
    for course in courses:
        for term in course.glossary:
            found.setdefault(term.id, term)
    return sorted(found.values(), key=lambda term: (term.acronym, term.id))


def _outline(course: Course) -> dict[str, Any]:
    """What the page needs to number what it finds and to know how far somebody is: no exercises, no banks."""
    outline = course.outline()
    return {
        "course": course.id,
        "title": course.title,
        "home": home(course),
        "pass_mark": course.pass_mark,
        "units": [
            {
                "id": unit["id"],
                "lessons": [{**lesson, "exercises": []} for lesson in unit["lessons"]],
                "assessment": {"id": unit["assessment"]["id"]} if unit["assessment"] else None,
            }
            for unit in outline["units"]
        ],
    }


def _texts(courses: Sequence[Course]) -> str:
    """A classic script a line a course: browsers read siblings of a page on a disk in no other way."""
    return "".join(f"lms.bundleTexts({argument});\n" for argument in _passages(courses))


def _passages(courses: Sequence[Course]) -> Iterator[str]:
    for course in courses:
        found = [texts.for_browser(passage) for passage in texts.passages(course)]
        yield f"{json_for_script(course.id)}, {json_for_script(found)}"
