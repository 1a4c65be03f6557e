"""An exercise's form with an answer in it and what is said of it: a step after the article, without scripts.

The article stays the same bytes everywhere. Only the answer to a form posted without scripts passes through
here: what was posted stands in the fields again, and that form's empty `<output class="feedback">` is filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from lms.web.templates import render_text

_CONTROL = re.compile(r"<input\b[^>]*>|<select\b.*?</select>", re.DOTALL)
_NAME = re.compile(r'\bname="([^"]*)"')
_VALUE = re.compile(r'\bvalue="([^"]*)"')
_OUTPUT = re.compile(r'<output class="feedback"[^>]*></output>')


def state_of(mark: float | None) -> str:
    """The state a mark (0 to 1) is shown in: "right", "partial", "wrong", or "waiting" for no mark yet."""
    if mark is None:
        return "waiting"
    return "right" if mark >= 1 else "partial" if mark > 0 else "wrong"


def feedback(mark: float | None, sentences: Iterable[str]) -> Markup:
    """The filled `<output>`: state as icon, word and colour, then each sentence once."""
    said = tuple(dict.fromkeys(sentence for sentence in sentences if sentence))
    return Markup(render_text("learning/feedback.html", state=state_of(mark), sentences=said).strip())  # noqa: S704 - escaped in the template


def with_result(article: str, form_id: str, form: Mapping[str, list[str]], said: Markup) -> str:
    """The article with one form answered; unchanged if it has no such form."""
    start = article.find(f'<form class="exercise" id="{escape(form_id)}"')
    end = article.find("</form>", start)
    if start < 0 or end < 0:
        return article
    answered = _OUTPUT.sub(lambda _: said, with_answer(article[start:end], form), count=1)
    return article[:start] + answered + article[end:]


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


def unanswered() -> Markup:
    """What stands in the `<output>` when the form held no whole answer."""
    return Markup(
        '<output class="feedback"><p>Elige o escribe tu respuesta completa y vuelve a pulsar.</p></output>'
    )
