"""A word or a few, typed.

`options` are the accepted answers as authored, in order: `*` stands for any text, `\\*` for an asterisk;
`data` is empty. The answer is the text as typed, up to 200 characters: `"SIM"`.
Key: `accepted`, a list of `{text, weight, feedback}`.

Two texts are alike when they differ only in capitals, in spaces, or in the apostrophe used; accents and ñ
do count, because here they are part of what is taught. Among the answers that match, the one worth most
counts; among equals, the first.
"""

import re
import unicodedata
from typing import Any

from lms.course.exercises import typed
from lms.course.exercises.exercise_type import SPACES, Key, Solution, Worth
from lms.course.model import Exercise

NAME = "short"
LIMIT = 200

_APOSTROPHES = re.compile("[\u2019\u2018\u02bc\u00b4`]")
_ASTERISK = "\ufdd0"  # a code point that no text may hold, so it can stand for a literal `*`

from_form = typed.from_form


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return the accepted answers and what each is worth."""
    return {"accepted": [[option.text, option.weight] for option in exercise.options]}


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the accepted answers as authored."""
    accepted = [
        {"text": option.text, "weight": option.weight, "feedback": option.feedback}
        for option in exercise.options
    ]
    return {"accepted": accepted}


def valid(key: Key, answer: Any) -> bool:
    """Accept a text with something in it."""
    return isinstance(answer, str) and len(answer) <= LIMIT and fold(answer) != ""


def grade(key: Key, answer: str) -> Worth:
    """Give the weight and sentence of the accepted answer that matches and is worth most."""
    text = fold(answer)
    matching = (accepted for accepted in key["accepted"] if matches(accepted["text"], text))
    return typed.worth_most(matching, key["feedback"])


def to_form(answer: str) -> dict[str, list[str]]:
    """Type it again."""
    return {"answer": [answer]}


def fold(text: str) -> str:
    """Bring a text to the form in which it is compared."""
    text = unicodedata.normalize("NFC", _APOSTROPHES.sub("'", text))
    return unicodedata.normalize("NFC", SPACES.sub(" ", text).strip(" ").lower())


def matches(pattern: str, text: str) -> bool:
    """Tell whether a folded text fits an accepted answer, in time linear in the text."""
    pieces = [fold_piece(piece) for piece in pattern.replace("\\*", _ASTERISK).split("*")]
    first, last = pieces[0].lstrip(" "), pieces[-1].rstrip(" ")
    if len(pieces) == 1:
        return first.rstrip(" ") == text
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in pieces[1:-1]:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def fold_piece(piece: str) -> str:
    """Fold a piece between two `*`, where a space at either end does count."""
    text = unicodedata.normalize("NFC", _APOSTROPHES.sub("'", piece))
    folded = unicodedata.normalize("NFC", SPACES.sub(" ", text).lower())
    return folded.replace(_ASTERISK, "*")


def solution(exercise: Exercise) -> Solution:
    """Return what is worth the whole mark, as authored, and why."""
    right = [option for option in exercise.options if option.weight == 1 and option.text != "*"]
    return tuple(option.text.replace("\\*", "*") for option in right), tuple(one.feedback for one in right)
