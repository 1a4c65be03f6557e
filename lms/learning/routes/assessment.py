"""A unit's assessment: the browser draws and grades; until its scripts have come, if ever, one form does the same."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.course.model import Assessment, Course
from lms.course.way import after_assessment
from lms.errors import Invalid
from lms.events.recording import Draft, record
from lms.learning import examination
from lms.learning.examination import Attempt
from lms.learning.queries import outcomes, submissions
from lms.learning.routes.asked import asked_assessment, asked_course, library, owner_of, posted
from lms.learning.routes.shell import keys_address
from lms.learning.study import progress_in
from lms.learning.views import Exam, exam_of
from lms.web import sessions
from lms.web.responses import page, see_other
from lms.web.site import site


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where somebody stands in an assessment: their best so far, and the number of the attempt to come.

    `past` are the attempts of this browser's profile: what it draws next hangs on their number. `turn` is which of all
    their attempts, on whatever device, is the one to come.
    """

    course: Course
    assessment: Assessment
    exam: Exam
    profile: str
    past: tuple[Attempt, ...]

    @property
    def turn(self) -> int:
        """The attempt to come among all of the person's, from 1."""
        return max(self.exam.attempts + 1, self.next)

    @property
    def next(self) -> int:
        """The number that the attempt to come is drawn and delivered with, from 1."""
        return max((attempt.number for attempt in self.past), default=0) + 1


async def assessment(request: Request) -> Response:
    """GET: the whole bank for a script to draw from, and a form with what this attempt drew, for until one has."""
    sitting = await _sit(request)
    course, asked = sitting.course, sitting.assessment
    shown = _shown(request, sitting)
    drawn = examination.drawn(asked, sitting.profile, sitting.next) if sitting.profile and not shown else ()
    values = {
        "course": course,
        "unit": next(unit for unit in course.units if unit.assessment is asked),
        "sitting": sitting,
        "onward": after_assessment(course, asked),
        "article": Markup(await library(request.app).article(course, asked)),  # noqa: S704 - sanitised when rendered
        "keys": keys_address(course, asked),
        "questions": [examination.question(exercise) for exercise in drawn],
        "shown": shown,
        "review": examination.review(asked, shown) if shown else (),
    }
    return page(request, "learning/assessment.html", values)


async def post(request: Request) -> Response:
    """POST: begin (a guest gets a profile, which decides what is drawn) or deliver a whole attempt."""
    profile = sessions.profile_to_write(request)
    sitting = await _sit(request)
    form = await posted(request)
    address = request.url.path
    if "entregar" not in form:
        return see_other(address)
    number = form.get("intento", [""])[0]
    if number != str(sitting.next):
        # The same form twice (back, double tap): show what was delivered, count nothing again.
        return see_other(f"{address}?intento={sitting.next - 1}" if sitting.past else address)
    data = examination.submitted(sitting.assessment, profile, sitting.next, form)
    course, asked, here = sitting.course, sitting.assessment, site(request)
    draft = Draft("assessment.submitted", profile, course.id, course.version, asked.id, data)
    try:
        await record(here.db, draft, sender=owner_of(request).person, clock=here.clock)
    except Invalid as problem:
        raise Invalid(f"No pudimos guardar tu evaluación. {problem.message}") from problem
    return see_other(f"{address}?intento={number}")


async def _sit(request: Request) -> Sitting:
    course = asked_course(request)
    asked = asked_assessment(request, course)
    owner, db = owner_of(request), site(request).db
    progress = progress_in(course, await outcomes(db, owner, course.id))
    exam = exam_of(course, asked, progress)
    lines = await submissions(db, owner.profile, course.id, asked.id) if owner.profile else []
    return Sitting(course, asked, exam, owner.profile, examination.attempts(lines))


def _shown(request: Request, sitting: Sitting) -> Attempt | None:
    """The attempt whose result the address asks for, if this browser's profile delivered it."""
    wanted = request.query_params.get("intento", "")
    return next((attempt for attempt in reversed(sitting.past) if str(attempt.number) == wanted), None)


ROUTES = (
    Route("/cursos/{course}/evaluaciones/{item}", assessment, methods=["GET"]),
    Route("/cursos/{course}/evaluaciones/{item}", post, methods=["POST"]),
)
