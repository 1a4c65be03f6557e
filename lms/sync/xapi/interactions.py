"""An exercise as xAPI describes one: its kind of interaction, what there was to choose from, what is right.

It is made of the revision that was answered, as it was published here, so it fits the answer also when the course
has changed since. Positions are the names of choices, as in our own answers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from lms.course.exercises.numerical import read_number
from lms.events.grading import Revision
from lms.sync.xapi.vocabulary import LANGUAGE

Source = Mapping[str, Any]
Definition = dict[str, Any]


class Interaction(Struct, frozen=True):
    """How one type of exercise is told: its definition, and an answer as text (None: it is not valid)."""

    definition: Callable[[Source], Definition]
    response: Callable[[Any], str]


def definition_of(revision: Revision) -> Definition:
    """What xAPI calls the interaction, with the question and what is right."""
    told = INTERACTIONS[revision.type].definition(revision.source)
    return {**told, "description": _words(revision.source["prompt"])}


def response_to(revision: Revision, answer: Any) -> str:
    """A valid answer to a revision, as the text that its kind of interaction wants."""
    return INTERACTIONS[revision.type].response(answer)


def _words(text: str) -> dict[str, str]:
    return {LANGUAGE: text}


def _components(texts: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": str(place), "description": _words(text)} for place, text in enumerate(texts)]


def _listed(values: Sequence[Any]) -> str:
    return "[,]".join(map(str, values))


def _pairs(rights: Sequence[int | None]) -> str:
    return _listed([f"{left}[.]{right}" for left, right in enumerate(rights) if right is not None])


def _single(source: Source) -> Definition:
    best = max(source["weights"], default=0.0)
    right = [str(place) for place, weight in enumerate(source["weights"]) if weight == best]
    return {
        "interactionType": "choice",
        "choices": _components(source["options"]),
        "correctResponsesPattern": right,
    }


def _multiple(source: Source) -> Definition:
    right = [place for place, weight in enumerate(source["weights"]) if weight > 0]
    return {
        "interactionType": "choice",
        "choices": _components(source["options"]),
        "correctResponsesPattern": [_listed(right)],
    }


def _truefalse(source: Source) -> Definition:
    return {
        "interactionType": "true-false",
        "correctResponsesPattern": ["true" if source["right"] else "false"],
    }


def _short(source: Source) -> Definition:
    """A pattern with `*` for any text has no equal in xAPI and is left out."""
    right = [text for text, weight in source["accepted"] if weight == 1 and "*" not in text]
    patterns = {"correctResponsesPattern": [f"{{case_matters=false}}{text}" for text in right]}
    return {"interactionType": "fill-in", **(patterns if right else {})}


def _numerical(source: Source) -> Definition:
    ranges = zip(source["ranges"], source["weights"], strict=True)
    right = [
        f"{number - tolerance:g}[:]{number + tolerance:g}" if tolerance else f"{number:g}"
        for (number, tolerance) in (span for span, weight in ranges if span and weight == 1)
    ]
    return {"interactionType": "numeric", **({"correctResponsesPattern": right} if right else {})}


def _typed_number(answer: str) -> str:
    number = read_number(answer)
    return answer if number is None else f"{number:.15g}"


def _matching(source: Source) -> Definition:
    return {
        "interactionType": "matching",
        "source": _components(source["left"]),
        "target": _components(source["right"]),
        "correctResponsesPattern": [_pairs(source["pairs"])],
    }


def _ordering(source: Source) -> Definition:
    return {
        "interactionType": "sequencing",
        "choices": _components(source["items"]),
        "correctResponsesPattern": [_listed(source["order"])],
    }


INTERACTIONS = {
    "single": Interaction(_single, str),
    "multiple": Interaction(_multiple, lambda answer: _listed(sorted(answer))),
    "truefalse": Interaction(_truefalse, lambda answer: "true" if answer else "false"),
    "short": Interaction(_short, str),
    "numerical": Interaction(_numerical, _typed_number),
    "matching": Interaction(_matching, _pairs),
    "ordering": Interaction(_ordering, _listed),
}
"""By type of exercise; every type has its row."""
