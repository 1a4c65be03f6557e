"""The words of xAPI that we use: verbs and kinds of activity of ADL's, names of activities and extensions of ours.

An activity's name says nothing of the server, so that a course is the same one wherever it was taken.
"""

from urllib.parse import quote, unquote

ADL = "http://adlnet.gov/expapi/"
VOIDED = f"{ADL}verbs/voided"
LANGUAGE = "es-PE"
OURS = "urn:chaski:"
"""All names that we make begin with this."""

VERBS = {
    "lesson.opened": ("experienced", "abrió"),
    "lesson.completed": ("completed", "terminó"),
    "exercise.answered": ("answered", "respondió"),
    "assessment.submitted": ("completed", "terminó"),
    "progress.reported": ("progressed", "avanzó en"),
}
"""By type of event: the verb's name at ADL, and what it is called here. A type that is not here is no statement."""

KINDS = {
    "lesson.opened": "lesson",
    "lesson.completed": "lesson",
    "exercise.answered": "cmi.interaction",
    "assessment.submitted": "assessment",
    "progress.reported": "course",
}
"""By type of event: the kind of activity at ADL that it is about."""


def verb(kind: str) -> str:
    """The verb of a type of event."""
    return f"{ADL}verbs/{VERBS[kind][0]}"


def types_of(verb_id: str) -> list[str]:
    """The types of events that have this verb."""
    return [kind for kind in VERBS if verb(kind) == verb_id]


def activity_type(name: str) -> str:
    """A kind of activity at ADL."""
    return f"{ADL}activities/{name}"


def activity(course: str, item: str = "") -> str:
    """The name of a course, or of what has this id in it: lessons, exercises and assessments share one namespace."""
    whole = f"{OURS}course:{course}"
    return f"{whole}:{quote(item, safe='')}" if item else whole


def place_of(activity_id: str) -> tuple[str, str] | None:
    """The course and the item that an activity is the name of; None if the name is not ours."""
    course, _, item = activity_id.removeprefix(f"{OURS}course:").partition(":")
    place = course, unquote(item)
    return place if course and activity(*place) == activity_id else None


def extension(name: str) -> str:
    """The name of an extension of ours."""
    return f"{OURS}xapi:{name}"


_VERSION = 14  # the sign of a UUID that says how it was made


def statement_id(event_id: str) -> str:
    """The id of an event's statement: the event's, marked as of version 4, as xAPI knows none newer than 5."""
    return f"{event_id[:_VERSION]}4{event_id[_VERSION + 1 :]}"


def event_id(statement_id: str) -> str:
    """The id that the event of a statement with this id has; empty if it can be of none."""
    if statement_id[_VERSION : _VERSION + 1] != "4":
        return ""
    return f"{statement_id[:_VERSION]}7{statement_id[_VERSION + 1 :]}"
