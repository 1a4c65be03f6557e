"""An exercise's form with an answer in it and what is said of it: a step after the article, without scripts.

The article stays the same bytes everywhere. Only the answer to a form posted without scripts passes through
here: what was posted stands in the fields again, the choices made are marked, and the empty
`<output class="feedback">` is filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from lms.course.exercises import TYPES, Form, Grade, Key, interior
from lms.course.model import Exercise
from lms.web.templates import render_text

_CONTROL = re.compile(r"<input\b[^>]*>|<select\b.*?</select>", re.DOTALL)
_NAME = re.compile(r'\bname="([^"]*)"')
_VALUE = re.compile(r'\bvalue="([^"]*)"')
_OUTPUT = re.compile(r'<output class="feedback"[^>]*></output>')
_PAIR = re.compile(r'<label class="match">(.*?)</label>', re.DOTALL)
_SELECTED = re.compile(r'<option value="([^"]+)" selected')
_CHOSEN = re.compile(r'<label class="choice">(<input\b[^>]*\bvalue="([^"]*)"[^>]* checked>)')


_HALF = 0.5  # below it nobody is told that they do well. Twin of exercise-form.js


def state_of(mark: float | None) -> str:
    """The state a mark (0 to 1) is shown in: "right", "partial", "wrong", or "waiting" for no mark yet."""
    if mark is None:
        return "waiting"
    return "right" if mark >= 1 else "partial" if mark > 0 else "wrong"


def feedback(mark: float | None, sentences: Iterable[str]) -> Markup:
    """The filled `<output>`: state as icon, word and colour, then each sentence once."""
    said = tuple(dict.fromkeys(sentence for sentence in sentences if sentence))
    little = mark is not None and 0 < mark < _HALF
    return Markup(  # noqa: S704 - escaped in the template
        render_text("learning/feedback.html", state=state_of(mark), little=little, sentences=said).strip()
    )


def with_result(article: str, form_id: str, exercise: Exercise, form: Form) -> str:
    """The article with one form answered and explained, by today's key; unchanged if it has no such form."""
    opening = f'<form class="exercise" id="{escape(form_id)}"'
    start = article.find(opening)
    end = article.find("</form>", start)
    if start < 0 or end < 0:
        return article
    kind, html = TYPES[exercise.type], with_answer(article[start:end], form)
    given = kind.from_form(exercise, form)
    if given is None:
        return article[:start] + _OUTPUT.sub(lambda _: _UNANSWERED, html, count=1) + article[end:]
    key = kind.key(exercise)
    grade = kind.grade(key, given)
    said = feedback(grade.mark, grade.feedback)
    html = _OUTPUT.sub(lambda _: said, with_verdicts(html, key, grade), count=1)
    return f'{article[:start]}{opening} data-result="{state_of(grade.mark)}"{html[len(opening) :]}{article[end:]}'


def answered(exercise: Exercise, answer: Any, grade: Grade) -> str:
    """The inside of a question's fieldset with an answer in it, its choices marked; any JSON value may have come."""
    kind = TYPES[exercise.type]
    fields = with_answer(interior(exercise), kind.to_form(exercise, answer))
    return with_verdicts(fields, kind.key(exercise), grade)


def with_verdicts(html: str, key: Key, grade: Grade) -> str:
    """Mark each choice made as right or wrong, by its own weight where each has one, and each pair made.

    Twin of exercise-form.js.
    """
    if "pairs" in key:
        return _with_pairs(html, key["pairs"])

    def mark(chosen: re.Match[str]) -> str:
        worth = key["weights"][int(chosen[2])] if "weights" in key else grade.mark
        return f'<label class="choice" data-given="{"right" if worth > 0 else "wrong"}">{chosen[1]}'

    return _CHOSEN.sub(mark, html)


def _with_pairs(html: str, pairs: Sequence[int]) -> str:
    rights = iter(pairs)

    def mark(label: re.Match[str]) -> str:
        right, chosen = str(next(rights)), _SELECTED.search(label[1])
        if not chosen:
            return label[0]
        given = "right" if chosen[1] == right else "wrong"
        return f'<label class="match" data-given="{given}">{label[1]}</label>'

    return _PAIR.sub(mark, html)


def with_answer(html: str, form: Mapping[str, list[str]]) -> str:
    """Fields with what was posted in them: checked, selected or written."""

    def fill(control: re.Match[str]) -> str:
        name = _NAME.search(control[0])
        values = form.get(name[1], []) if name else []
        return _filled(control[0], {str(escape(value)) for value in values}) if values else control[0]

    return _CONTROL.sub(fill, html)


def _filled(control: str, values: set[str]) -> str:
    if control.startswith("<select"):
        return re.sub(
            r'<option value="([^"]*)"',
            lambda option: option[0] + (" selected" if option[1] in values else ""),
            control,
        )
    value = _VALUE.search(control)
    if 'type="text"' in control:
        return f'{control[:-1]} value="{next(iter(values))}">'
    return f"{control[:-1]} checked>" if value and value[1] in values else control


_UNANSWERED = (
    '<output class="feedback"><p>Elige o escribe tu respuesta completa y vuelve a pulsar.</p></output>'
)
