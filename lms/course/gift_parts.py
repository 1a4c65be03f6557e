"""The parts that answers of several types share: weights, feedback, repeated texts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lms.course.gift_text import Draft, Piece, Report, format_of, literal, plain
from lms.course.model import Option

MOST_OPTIONS = 50

_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")
# A text may begin with a lone `%`; what looks like a weight that Moodle would show as text may not.
_LIKE_A_WEIGHT = re.compile(r"%(?:\s*[-+.,]?[0-9]|[^%#\s]{0,20}%)")
# The weights Moodle takes, in percent (fraction_options_full in its question/engine/bank.php); it
# refuses the rest unless they are this near.
_MOODLE = [100 / n for n in range(1, 11)] + [90, 83.3333333, 80, 75, 70, 66.6666667, 60, 40, 30, 5, 0]
_EXACT, _NEAR = 0.001, 0.5


@dataclass(frozen=True, slots=True)
class Answers:
    """What was read between the braces: the type, its options and its data."""

    type: str
    options: tuple[Option, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


def has_weight(piece: Piece) -> bool:
    """Tell whether a piece begins with a weight, or with what somebody took for one."""
    return _LIKE_A_WEIGHT.match(piece.text) is not None


def take_weight(piece: Piece, default: float, report: Report) -> tuple[float, str]:
    """Return a piece's weight, 1.0 for 100 %, and its text without it."""
    if not has_weight(piece):
        return default, piece.text
    found = _WEIGHT.match(piece.text)
    if found is None or abs(float(found[1])) > 100:
        report.error(
            piece.line,
            "bad-weight",
            "El porcentaje no se entiende. Escríbelo entre dos signos %, con punto decimal y entre "
            "-100 y 100, por ejemplo %50% o %-33.333%.",
        )
        return default, piece.text
    return _moodle_weight(float(found[1]), piece.line, report), piece.text[found.end() :]


def _moodle_weight(percent: float, line: int, report: Report) -> float:
    nearest = min(_MOODLE, key=lambda known: abs(known - abs(percent)))
    distance = abs(nearest - abs(percent))
    if distance >= _EXACT:
        report.warning(
            line,
            "weight-not-in-moodle",
            f"Moodle no acepta el porcentaje {percent:g}. El más cercano que acepta es "
            f"{_shown(nearest if percent >= 0 else -nearest)}.",
        )
    if distance >= _NEAR:
        return round(percent / 100, 7)
    return round(nearest / 100, 7) * (-1 if percent < 0 else 1)


def _shown(percent: float) -> str:
    return f"{percent:.5f}".rstrip("0").rstrip(".")


def take_feedback(text: str) -> tuple[str, str]:
    """Split a piece into what is answered and what is said about it."""
    answer, _, feedback = text.partition("#")
    return plain(answer), plain(feedback)


def take_literal(text: str, line: int, report: Report) -> str:
    """Read a text where Moodle looks for no format prefix; one that stands there would be shown."""
    prefix = format_of(text)
    if prefix:
        report.warning(
            line, "format-not-read", f"Moodle no lee {prefix} en este lugar: se vería tal cual. Bórralo."
        )
    return literal(text)


def option_of(piece: Piece, default: float, report: Report) -> Option:
    """Read one whole option: weight, text, feedback; report what is missing."""
    weight, text = take_weight(piece, default, report)
    answer, feedback = take_feedback(text)
    if not answer:
        report.error(piece.line, "empty-option", "Hay una respuesta sin texto. Escríbela o bórrala.")
    elif not feedback:
        report.warning(
            piece.line,
            "no-feedback",
            f"La respuesta «{short(answer)}» no tiene explicación. Agrega # y una frase que diga por qué.",
        )
    return Option(answer, weight, feedback)


def pieces_of(draft: Draft, signs: str, start: int) -> list[Piece]:
    """Cut the answers at their signs, and report signs that look like part of a text."""
    pieces = list(draft.block.split(start, draft.end, signs))
    for found in re.compile(rf"(?<=[^\s~=#{{])[{signs}]").finditer(draft.block.text, start, draft.end):
        draft.report.warning(
            draft.block.line_at(found.start()),
            "glued-sign",
            f"El signo «{found[0]}» está pegado al texto y aquí empieza otra respuesta. "
            f"Si es parte del texto, escribe \\{found[0]}. Si no, pon la respuesta en otra línea.",
        )
    return pieces


def report_repeated(texts: Iterable[tuple[str, int]], fold: Callable[[str], str], report: Report) -> bool:
    """Report texts that say the same as an earlier one; tell whether there were any."""
    seen: set[str] = set()
    repeated = False
    for text, line in texts:
        if fold(text) in seen:
            report.error(line, "repeated-option", f"«{short(text)}» está repetida. Deja solo una.")
            repeated = True
        seen.add(fold(text))
    return repeated


def report_no_general(draft: Draft, what: str) -> None:
    """Report a missing general feedback, in the types where nothing else explains the answer."""
    if not draft.feedback:
        draft.report.warning(
            draft.line,
            "no-feedback",
            f"{what} «{draft.name}» no tiene explicación general. Agrega antes de «}}» una línea que "
            "empiece con #### y diga por qué.",
        )


def short(text: str) -> str:
    """Shorten a text for a message."""
    text = text.replace("\n", " ")
    return text if len(text) <= 40 else text[:39] + "…"
