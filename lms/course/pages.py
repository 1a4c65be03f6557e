"""A lesson or an assessment as one `<article>`: the same bytes in every page and every export.

Nothing personal and no answer keys are in it; every id begins with `{lesson}--`. A picture's `src` is its
path in the course's folder and a link to another lesson is `other.md`: the page around it resolves both, and
changes nothing else.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from lms.course.exercises import TYPES, interior
from lms.course.glossary import PAGE
from lms.course.made import once
from lms.course.model import Assessment, Course, Exercise, Lesson
from lms.course.source import Cut, GiftBlock, cut_gift, marker

# Attribute values hold no `"`, and text holds no `<`: so what looks like a tag here is one.
_TAG = re.compile(r'<[a-z](?:[^">]|"[^"]*")*>')
_ADDRESS = re.compile(r'\b(href|src)="[^"]*"')
_MEDIA = re.compile(r'\bsrc="(media/[^"]*)"')
_PLAYER = re.compile(
    r'<(?:audio|video) (?:[^">]|"[^"]*")*?\bsrc="(media/[^"]*)"(?:[^">]|"[^"]*")*></(?:audio|video)>'
)
_LESSON = re.compile(r'\bhref="([a-z0-9-]+)\.md(?:#([^"]*))?"')
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["interior"] = interior

_MARKER = re.compile("<p>(\ue000\\d+\ue001)</p>")


def article(course: Course, lesson: Lesson) -> str:
    """Return a lesson's `<article>`; the same sources give the same bytes."""
    cut = cut_gift(lesson.body, lesson.line)
    blocks = {marker(n): _exercises(lesson, cut, n).strip() for n in range(len(cut.blocks))}
    body = _MARKER.sub(lambda found: blocks[found[1]], body_html(course, lesson))
    safe = Markup(body.strip())  # noqa: S704 - sanitised in body_html; the exercises' templates escape by themselves
    return _template("article.html", course=course, lesson=lesson, body=safe)


def assessment_article(course: Course, assessment: Assessment) -> str:
    """Return an assessment's `<article>` with its whole bank: who draws shows only some of its forms."""
    unit = next(unit for unit in course.units if unit.id == assessment.unit)
    return _template("assessment.html", course=course, unit=unit, assessment=assessment)


def terms(course: Course, article: str) -> str:
    """Return the terms to which a lesson's article leads, hidden: what a page without the glossary says of them."""
    named = {found[2] for found in _LESSON.finditer(article) if found[1] == PAGE}
    asked = [term for term in course.glossary if f"{PAGE}--{term.id}" in named]
    return _template("terms.html", page=PAGE, terms=asked) if asked else ""


def glossary_article(course: Course) -> str:
    """Return the course's glossary as an article: its terms in their order, then its acronyms."""
    return _template("glossary.html", page=PAGE, course=course)


def body_html(course: Course, lesson: Lesson) -> str:
    """Return a lesson's sanitised text, with a marker paragraph where its questions go.

    It imports Python-Markdown, which a server that has its pages ready never needs.
    """
    media = {media.path: media for media in course.media if media.path in lesson.media}
    names = {exercise.name for exercise in lesson.exercises}
    text = cut_gift(lesson.body, lesson.line).text

    def made() -> str:
        from lms.course.markdown import render

        return render(text, lesson.id, media, names)

    shown = (f"{path} {one.sha256}" for path, one in sorted(media.items()))
    return once(("body", lesson.id, text, *sorted(names), *shown), made)


def asked_in(lesson: Lesson, block: GiftBlock) -> list[Exercise]:
    """Return the questions of one of a lesson's gift blocks: those that begin on its lines."""
    lines = range(block.line, block.line + block.text.count("\n") + 1)
    return [exercise for exercise in lesson.exercises if exercise.line in lines]


def keys(exercises: Iterable[Exercise]) -> dict[str, dict[str, Any]]:
    """Return the answer keys by question, as JSON-able records: what pages load beside the article."""
    return {exercise.name: TYPES[exercise.type].key(exercise) for exercise in exercises}


def with_media(html: str, resolve: Callable[[str], str]) -> str:
    """Give every picture the address that `resolve` makes of its path (media/x.svg)."""

    def readdress(found: re.Match[str]) -> str:
        return f'src="{_attribute(resolve(found[1]))}"'

    return _TAG.sub(lambda tag: _MEDIA.sub(readdress, tag[0]), html)


def without(html: str, said: Callable[[str], str | None]) -> str:
    """Put a sentence where a sound or film stands that is not at hand; `said` gives None for one that is."""

    def replace(found: re.Match[str]) -> str:
        sentence = said(found[1])
        return found[0] if sentence is None else f'<p class="apart">{escape(sentence)}</p>'

    return _PLAYER.sub(replace, html)


def with_links(html: str, resolve: Callable[[str], str]) -> str:
    """Give every link to a lesson the address that `resolve` makes of its id.

    A link to a heading keeps its anchor; where lessons share one document (`resolve` gave `#…`), the anchor
    is the whole address.
    """

    def readdress(found: re.Match[str]) -> str:
        address, anchor = resolve(found[1]), found[2]
        if anchor:
            address = f"#{anchor}" if "#" in address else f"{address}#{anchor}"
        return f'href="{_attribute(address)}"'

    return _TAG.sub(lambda tag: _LESSON.sub(readdress, tag[0]), html)


def canonical(html: str) -> str:
    """Empty every `href` and `src`: what is left of an article is the same wherever it stands."""
    return _TAG.sub(lambda tag: _ADDRESS.sub(r'\1=""', tag[0]), html)


def _exercises(lesson: Lesson, cut: Cut, number: int) -> str:
    """Render the questions of one gift block."""
    exercises = asked_in(lesson, cut.blocks[number])
    return _template("exercises.html", page=lesson.id, exercises=exercises)


def _template(name: str, **values: Any) -> str:
    return _templates.get_template(name).render(values)


def _attribute(value: str) -> str:
    """Escape an address for a double-quoted attribute."""
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
