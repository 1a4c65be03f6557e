"""A lesson's page, prepared once: fixed pieces around the few places where a person's own words go."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from lms.course import pages
from lms.course.media import films, measures
from lms.course.model import Assessment, Course, Lesson, Unit
from lms.course.way import after_lesson
from lms.events.model import LONGEST_NOTE
from lms.events.own import Own
from lms.learning.pieces import Piece, joined, small
from lms.learning.study import States, lesson_states
from lms.learning.views import neighbours, unit_of
from lms.web import security
from lms.web.assets import TOOLS_STYLE, PageStyles, csp_hash, css
from lms.web.pages import asset_url
from lms.web.responses import HTML, Body
from lms.web.scripts import json_for_script
from lms.web.sessions import Session
from lms.web.site import Site
from lms.web.templates import environment, render_text

# Twin of `PRIVATE` in static/js/note.js.
NOTE_IS_PRIVATE = (
    "Solo tú la ves en Chaski; tu acompañante no. "
    "Va en el archivo de tu avance: quien abra ese archivo puede leerla."
)
_MENU, SHEET = ("menu",), ("sheet",)
_SLOT = re.compile("\x02([a-z]+[0-9]*)\x03")
_STATE = re.compile("\x02state:([a-z0-9-]+)\x03")


@dataclass(frozen=True, slots=True)
class Shell:
    """A page in pieces: `fixed[i]` stands before `slots[i]`, and one fixed piece ends it.

    `styles` fill slots too, with the same pieces in all lessons. `article` is the canonical article with this
    server's addresses; `contents` the list of lessons, with a mark where each lesson's state goes.
    `everybody` is the whole page for who has done nothing here yet; `hashes` are of the styles that
    every variant has.
    """

    fixed: tuple[Piece, ...]
    slots: tuple[str, ...]
    styles: Mapping[str, Piece]
    article: Piece
    contents: str
    everybody: Body
    hashes: tuple[str, ...]

    def filled(self, words: Mapping[str, Piece]) -> list[Piece]:
        """The page's pieces with `words` in the slots; a slot without words stays empty."""
        found = [self.fixed[0]]
        for slot, piece in zip(self.slots, self.fixed[1:], strict=True):
            if slot in words:
                found.append(words[slot])
            found.append(piece)
        return found

    def policy(self, *, person: bool, sheet: bool) -> str:
        """The content policy of the page with what only some have on it."""
        own = [names for names, shown in ((_MENU, person), (SHEET, sheet)) if shown]
        return security.policy([*self.hashes, *(csp_hash(css(names)) for names in own)])


def lesson_shell(here: Site, course: Course, lesson: Lesson) -> Shell:
    """Render a lesson's page. Slow (Markdown, compression): call it in a thread, once for each version."""
    written = pages.article(course, lesson)
    article = localised(course, written)
    before, after = neighbours(course, lesson)
    unit = unit_of(course, lesson)
    context = {
        "course": course,
        "lesson": lesson,
        "unit": unit,
        "before": before,
        "after": after,
        "onward": onward(course, lesson),
        "since": course.changes.major.get(lesson.id),
        "keys": keys_address(course, unit),
        "printable": 'class="part printable"' in article,
        "terms": Markup(pages.terms(course, written)),  # noqa: S704 - its template escapes the terms
        "scripts": ["film"] if "<video " in article else [],
        "slot": _slot,
    }
    styles = _StylesInSlots(here.scripts)
    page = render_text("learning/lesson.html", settings=here.settings, assets=styles, **context)
    parts = _SLOT.split(page)
    shell = Shell(
        tuple(Piece.of(part) for part in parts[::2]),
        tuple(parts[1::2]),
        styles.pieces,
        Piece.of(article),
        render_text("learning/contents.html", **context),
        Body(b"", False, "", HTML, security.policy(styles.hashes)),
        tuple(styles.hashes),
    )
    return replace(shell, everybody=_everybody(shell, course, lesson))


def own_words(
    shell: Shell, course: Course, lesson: Lesson, session: Session, states: States
) -> dict[str, Piece]:
    """What stands in a page's slots for this person."""
    return {
        **shell.styles,
        "article": shell.article,
        "person": _menu(session),
        "own": own_piece(Own()),
        **({"menu": own_style(_MENU)} if session.person else {}),
        "contents": contents(shell.contents, states),
        "complete": _finish(lesson.id, onward(course, lesson), dict(states)[lesson.id]),
    }


def _everybody(shell: Shell, course: Course, lesson: Lesson) -> Body:
    """The page of who has done nothing, compressed as a whole: a tenth smaller than in pieces."""
    words = own_words(shell, course, lesson, Session(), lesson_states(course, ()))
    body = Body.of(joined(shell.filled(words)), level=9)
    return replace(body, policy=shell.everybody.policy)


class _StylesInSlots(PageStyles):
    """A page's styles, each in a slot: a third of the page is then kept once for all lessons."""

    def __init__(self, scripts: Mapping[str, str]) -> None:
        super().__init__(scripts)
        self.pieces: dict[str, Piece] = {}

    def css(self, names: Sequence[str]) -> Markup:
        """As for any page, but a mark of ours."""
        slot = f"styles{len(self.pieces)}"
        self.pieces[slot] = _styles(super().css(names))
        return _slot(slot)


@lru_cache(maxsize=4)
def _styles(text: str) -> Piece:
    return Piece.of(text)


@lru_cache(maxsize=256)
def _menu(session: Session) -> Piece:
    """The person's menu; rendering it again for each page would cost as much as all the rest."""
    return small(render_text("person.html", session=session))


@lru_cache(maxsize=2)
def own_style(names: tuple[str]) -> Piece:
    """A stylesheet of the few: of who is signed in, or of who prints a sheet."""
    return Piece.of(f"<style>{css(names)}</style>")


def own_piece(own: Own, *, open: bool = False) -> Piece:
    """Somebody's bookmark and note; never kept, as they are nobody else's."""
    return Piece.of(_own_html(own, open)) if own.any or open else _nothing_own(own)


@lru_cache(maxsize=256)
def _nothing_own(own: Own) -> Piece:
    return Piece.of(_own_html(own, False))


def _own_html(own: Own, open: bool) -> str:
    return render_text(
        "learning/own.html",
        own=own,
        open=open,
        record=json.dumps(own.said),
        style=asset_url(TOOLS_STYLE),
        longest=LONGEST_NOTE,
        privacy=NOTE_IS_PRIVATE,
    )


@lru_cache(maxsize=256)
def _finish(lesson_id: str, onward: str, state: str) -> Piece:
    exam = "/evaluaciones/" in onward
    return small(
        render_text("learning/complete.html", lesson_id=lesson_id, onward=onward, exam=exam, state_name=state)
    )


def onward(course: Course, lesson: Lesson) -> str:
    """Where finishing a lesson leads, or ""."""
    after = after_lesson(course, lesson)
    if isinstance(after, Assessment):
        return f"/cursos/{course.id}/evaluaciones/{after.id}"
    return f"/cursos/{course.id}/{after.id}" if after else ""


@lru_cache(maxsize=256)
def contents(unmarked: str, states: States) -> Piece:
    """The course's list of lessons with a person's states in it, as one piece; the latest are kept."""
    known = dict(states)
    icon = environment().get_template("macros.html").module.state_icon  # type: ignore[attr-defined]
    return small(_STATE.sub(lambda found: icon(known.get(found[1], "none")), unmarked))


def localised(course: Course, article: str) -> str:
    """Give an article's media and links the addresses they have on this server."""
    known = {media.path: media.sha256[:12] for media in course.media}
    article = pages.with_media(
        pages.without(article, _absent(course)),
        lambda path: f"/cursos/{course.id}/{path}?v={known.get(path, '')}",
    )
    return pages.with_links(article, lambda lesson: f"/cursos/{course.id}/{lesson}")


def _absent(course: Course) -> Callable[[str], str | None]:
    """What to say of a film that did not come with its course."""
    gone = {film.path: measures(film) for film in films(course) if not film.source.is_file()}
    return lambda path: f"El video no está en este servidor ({gone[path]})." if path in gone else None


def keys_script(course: Course, item: Unit | Assessment) -> str:
    """What the browser needs to grade a unit's exercises, or a bank's, and to know a unit's end: a script.

    One script for all lessons of a unit, as its next lesson then finds it in the browser's cache; so its
    outline holds that unit alone, and of it only what the scripts of a live page read.
    """
    groups = [lesson.exercises for lesson in item.lessons] if isinstance(item, Unit) else [item.bank]
    keys = pages.keys(exercise for group in groups for exercise in group)
    lessons = [{"id": lesson.id} for lesson in item.lessons] if isinstance(item, Unit) else []
    units = [{"number": item.number, "lessons": lessons}] if isinstance(item, Unit) else []
    outline = {"course": course.id, "pass_mark": course.pass_mark, "units": units}
    return f"lms.outline({json_for_script(outline)});\nlms.keys({json_for_script(keys)});\n"


def keys_address(course: Course, item: Unit | Assessment) -> str:
    """Where `keys_script` is served; it names its content, so it can be kept for ever."""
    digest = hashlib.sha256(keys_script(course, item).encode()).hexdigest()
    return f"/cursos/{course.id}/claves/{item.id}.js?v={digest[:12]}"


def assessment_article(course: Course, assessment: Assessment) -> str:
    """An assessment's article with the addresses of this server."""
    return localised(course, pages.assessment_article(course, assessment))


def _slot(name: str) -> Markup:
    return Markup(f"\x02{name}\x03")  # noqa: S704 - a mark of ours
