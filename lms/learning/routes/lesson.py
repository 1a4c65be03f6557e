"""Reading a lesson, and doing its exercises where there is no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.course.exercises import TYPES
from lms.course.model import Course, Exercise, Lesson
from lms.errors import Invalid, NotFound
from lms.events.log import Draft, record
from lms.events.model import ExerciseAnswered, LessonCompleted
from lms.learning.marked import feedback, unanswered, with_result
from lms.learning.pieces import Page, Piece, small
from lms.learning.queries import outcomes
from lms.learning.routes.asked import answer, asked_course, asked_lesson, library, owner_of, posted, values_of
from lms.learning.shell import Shell, contents, onward
from lms.learning.study import lesson_states
from lms.web import sessions
from lms.web.responses import see_other
from lms.web.sessions import Session
from lms.web.site import site
from lms.web.templates import render_text

LONGEST = 2_000  # characters of a posted answer that come back in the address


async def lesson(request: Request) -> Response:
    """GET /cursos/{course}/{lesson}: the article in its shell; `?ejercicio=…` shows an answer to that one."""
    course = asked_course(request)
    asked = asked_lesson(request, course)
    shell = await library(request).shell(site(request), course, asked)
    states = lesson_states(course, await outcomes(site(request).db, owner_of(request), course.id))
    done = dict(states)[asked.id] == "done"
    words = {
        "article": shell.body,
        "person": _menu(sessions.current(request)),
        "contents": contents(shell.contents, states),
        "complete": _button(asked.id, done),
    }
    if request.query_params:
        _as_asked(request.query_params, asked, shell, words)
    return answer(request, Page.of(shell.filled(words)), shell.policy)


@lru_cache(maxsize=256)
def _menu(session: Session) -> Piece:
    """The person's menu; rendering it again for each page would cost as much as all the rest."""
    return small(render_text("person.html", session=session))


@lru_cache(maxsize=256)
def _button(lesson_id: str, done: bool) -> Piece:
    return small(render_text("learning/complete.html", lesson_id=lesson_id, done=done))


async def post(request: Request) -> Response:
    """POST to the same address: an answer («exercise» names which), or «complete»; then 303."""
    course = asked_course(request)
    asked = asked_lesson(request, course)
    form = await posted(request)
    here = f"/cursos/{course.id}/{asked.id}"
    if "complete" in form:
        await _write_down(request, course, "lesson.completed", asked.id, LessonCompleted())
        # Without a fragment of its own the browser would keep the one of the answer seen last.
        return see_other((onward(course, asked) or f"/cursos/{course.id}") + "#main")
    exercise = _exercise(asked, form.get("exercise", [""])[0])
    given = TYPES[exercise.type].from_form(exercise, form)
    back = {"ejercicio": exercise.name}
    if given is not None:
        kind = TYPES[exercise.type]
        mark = kind.grade(kind.key(exercise), given).mark
        data = ExerciseAnswered(rev=exercise.rev, answer=given, mark=mark, graded="server")
        await _write_down(request, course, "exercise.answered", exercise.name, data)
    fields = [(name, value) for name in form if name != "exercise" for value in form[name]]
    query = urlencode([*back.items(), *fields])
    return see_other(f"{here}?{query[:LONGEST]}#{asked.id}--{exercise.name}")


def _as_asked(query: QueryParams, asked: Lesson, shell: Shell, words: dict[str, Piece]) -> None:
    """Change the page by its address: only the printable sheet, or the result of an answer."""
    if query.get("imprimir") == "hoja":
        words["sheet"] = small(' class="sheet"')
        words["notice"] = small(render_text("learning/sheet.html", lesson=asked))
    name = query.get("ejercicio")
    if name:
        words["article"] = Piece.of(_with_result(asked, shell.article, name, values_of(query)), 1)


def _with_result(asked: Lesson, article: str, name: str, form: Mapping[str, list[str]]) -> str:
    exercise = _exercise(asked, name)
    return with_result(article, f"{asked.id}--{name}", form, said_of(exercise, form))


def said_of(exercise: Exercise, form: Mapping[str, list[str]]) -> Markup:
    """What is said of a posted answer, as of today's key."""
    kind = TYPES[exercise.type]
    given = kind.from_form(exercise, form)
    if given is None:
        return unanswered()
    grade = kind.grade(kind.key(exercise), given)
    return feedback(grade.mark, grade.feedback)


def _exercise(asked: Lesson, name: str) -> Exercise:
    for exercise in asked.exercises:
        if exercise.name == name:
            return exercise
    raise NotFound("Esa pregunta no está en esta lección. Vuelve a abrir la lección e inténtalo otra vez.")


async def _write_down(
    request: Request, course: Course, type: str, item: str, data: ExerciseAnswered | LessonCompleted
) -> None:
    """The server is the device here: it writes what a browser with JavaScript would have written."""
    here = site(request)
    profile = sessions.profile_to_write(request)
    try:
        await record(here.db, Draft(type, profile, course.id, course.version, item, data), clock=here.clock)
    except Invalid as problem:
        raise Invalid(f"No pudimos guardar tu respuesta. {problem.message}") from problem


ROUTES = (
    Route("/cursos/{course}/{item}", lesson, methods=["GET"]),
    Route("/cursos/{course}/{item}", post, methods=["POST"]),
)
