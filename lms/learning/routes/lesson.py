"""Reading a lesson, and doing its exercises where there is no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.course.exercises import TYPES
from lms.course.glossary import PAGE
from lms.course.model import Course, Exercise, Lesson
from lms.errors import Invalid, NotFound
from lms.events.model import (
    LONGEST_NOTE,
    MOST_REPLACED,
    OWN,
    EventData,
    ExerciseAnswered,
    LessonBookmarked,
    LessonCompleted,
    NoteWritten,
)
from lms.events.own import Own, own
from lms.events.recording import Draft, record
from lms.learning.marked import with_result
from lms.learning.pieces import Piece, small
from lms.learning.queries import outcomes, own_events
from lms.learning.routes.asked import answer, asked_course, asked_lesson, library, owner_of, posted, values_of
from lms.learning.routes.shell import SHEET, Shell, own_piece, own_style, own_words
from lms.learning.study import lesson_states
from lms.web import sessions
from lms.web.responses import respond, see_other
from lms.web.site import site
from lms.web.templates import number, render_text

LONGEST = 200  # characters of each posted field that come back in the address
MOST_FIELDS = 40


async def lesson(request: Request) -> Response:
    """GET /cursos/{course}/{lesson}: the article in its shell; `?ejercicio=…` shows an answer to that one."""
    course = asked_course(request)
    asked = asked_lesson(request, course)
    shell = await library(request.app).shell(site(request), course, asked)
    owner = owner_of(request)
    has_query = bool(request.scope["query_string"])
    if not owner.known and not has_query:
        return respond(request, shell.everybody)
    done = await outcomes(site(request).db, owner, course.id)
    words = own_words(shell, course, asked, sessions.current(request), lesson_states(course, done))
    wanted = request.query_params.get("nota") == "si"
    if wanted or any(one.type in OWN and one.item == asked.id for one in done):
        words["own"] = own_piece(await _own(request, course, asked), open=wanted)
    if has_query:
        _as_asked(request.query_params, asked, shell, words)
    policy = shell.policy(person=bool(sessions.current(request).person), sheet="printing" in words)
    return answer(request, shell.filled(words), policy)


async def post(request: Request) -> Response:
    """POST to the same address: an answer («exercise» names which), «complete», «bookmark» or «note»; then 303."""
    course = asked_course(request)
    asked = asked_lesson(request, course)
    form = await posted(request)
    here = f"/cursos/{course.id}/{asked.id}"
    if "complete" in form:
        await _write_down(request, course, "lesson.completed", asked.id, LessonCompleted())
        # Here it says that it is done, and how to go on.
        return see_other(f"{here}#hecha")
    if "bookmark" in form or "note" in form:
        return see_other(here + await _keep_own(request, course, asked, form))
    exercise = _exercise(asked, form.get("exercise", [""])[0])
    given = TYPES[exercise.type].from_form(exercise, form)
    if given is not None:
        kind = TYPES[exercise.type]
        mark = kind.grade(kind.key(exercise), given).mark
        data = ExerciseAnswered(rev=exercise.rev, answer=given, mark=mark, graded="server")
        await _write_down(request, course, "exercise.answered", exercise.name, data)
    fields = [(name, value[:LONGEST]) for name in form if name != "exercise" for value in form[name]]
    query = urlencode([("ejercicio", exercise.name), *fields[:MOST_FIELDS]])
    return see_other(f"{here}?{query}#{asked.id}--{exercise.name}")


def _as_asked(query: QueryParams, asked: Lesson, shell: Shell, words: dict[str, Piece]) -> None:
    """Change the page by its address: only the printable sheet, or the result of an answer."""
    if query.get("imprimir") == "hoja":
        words["sheet"] = small(' class="sheet"')
        words["printing"] = own_style(SHEET)
        words["notice"] = small(render_text("learning/sheet.html", lesson=asked))
    name = query.get("ejercicio")
    if name:
        exercise, form = _exercise(asked, name), values_of(query)
        article = shell.article.plain.decode()
        words["article"] = Piece.of(with_result(article, f"{asked.id}--{name}", exercise, form), 1)


def _exercise(asked: Lesson, name: str) -> Exercise:
    for exercise in asked.exercises:
        if exercise.name == name:
            return exercise
    raise NotFound("Esa pregunta no está en esta lección. Vuelve a abrir la lección e inténtalo otra vez.")


async def _own(request: Request, course: Course, asked: Lesson) -> Own:
    found = await own_events(site(request).db, owner_of(request), course.id, asked.id)
    return own(found).get(asked.id, Own())


async def _keep_own(request: Request, course: Course, asked: Lesson, form: Mapping[str, list[str]]) -> str:
    """Write down a bookmark or a note; the rest of the address where it is seen."""
    now = await _own(request, course, asked)
    if "bookmark" in form:
        marked = form["bookmark"][0] == "si"
        await _write_down(
            request,
            course,
            "lesson.bookmarked",
            asked.id,
            LessonBookmarked(marked, now.marks[-MOST_REPLACED:]),
        )
        return ""
    text = "" if "delete" in form else form["note"][0].replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid(
            f"Tu nota tiene {number(len(text))} letras y puede tener {number(LONGEST_NOTE)}. Acórtala y guarda."
        )
    if text or now.texts:
        await _write_down(
            request, course, "note.written", asked.id, NoteWritten(text, now.notes[-MOST_REPLACED:])
        )
    return "#nota" if text else "?nota=si#nota"


async def _write_down(request: Request, course: Course, type: str, item: str, data: EventData) -> None:
    """The server is the device here: it writes what a browser with JavaScript would have written."""
    here, sender = site(request), owner_of(request).person
    draft = Draft(type, sessions.profile_to_write(request), course.id, course.version, item, data)
    try:
        await record(here.db, draft, sender=sender, clock=here.clock)
    except Invalid as problem:
        raise Invalid(f"No pudimos guardar tu respuesta. {problem.message}") from problem


class _LessonId(Convertor[str]):
    """The name of a lesson, or what might be one: no file, and not the glossary's page."""

    regex = rf"(?!{PAGE}(?:/|$))[^/.]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("lesson", _LessonId())

ROUTES = (
    Route("/cursos/{course}/{item:lesson}", lesson, methods=["GET"]),
    Route("/cursos/{course}/{item:lesson}", post, methods=["POST"]),
)
