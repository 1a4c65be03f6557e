"""Answers that are typed: short texts and numbers."""

import math
import re

from lms.course.exercises import numerical
from lms.course.exercises import short as short_answer
from lms.course.gift_parts import (
    Answers,
    option_of,
    pieces_of,
    report_no_general,
    report_repeated,
    short,
    take_feedback,
    take_weight,
)
from lms.course.gift_text import Draft, Piece, plain
from lms.course.model import Option

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def read_short(draft: Draft) -> Answers | None:
    """Read `=` answers, each an accepted text."""
    pieces = pieces_of(draft, "=", draft.start)
    for piece in pieces:
        if not piece.sign:
            _report_bare(piece, draft)
    options = [option_of(piece, 1.0, draft.report) for piece in pieces]
    if not options or any(not option.text for option in options):
        return None
    lines = ((option.text, piece.line) for option, piece in zip(options, pieces, strict=True))
    if report_repeated(lines, short_answer.fold, draft.report) or not _has_right(options, draft):
        return None
    if not any(option.text == "*" for option in options):
        _report_no_catch_all(draft)
    return Answers(short_answer.NAME, tuple(options))


def _report_bare(piece: Piece, draft: Draft) -> None:
    draft.report.warning(
        piece.line,
        "bare-answer",
        f"«{short(plain(piece.text))}» se lee como respuesta corta. Pon = delante. "
        "Si querías verdadero o falso, escribe {T} o {F}, en mayúscula.",
    )


def _report_no_catch_all(draft: Draft) -> None:
    if not draft.feedback:
        draft.report.warning(
            draft.line,
            "no-feedback",
            f"«{draft.name}» no dice nada a quien escribe otra cosa. Agrega al final =%0%*#y una frase.",
        )


def _has_right(options: list[Option], draft: Draft) -> bool:
    if any(option.weight == 1 for option in options):
        return True
    draft.report.error(
        draft.line, "no-right", f"En «{draft.name}» ninguna respuesta vale 100 %. Corrige los porcentajes."
    )
    return False


def read_number(draft: Draft) -> Answers | None:
    """Read what follows `{#`: `=number:tolerance`, `=least..most`, and `~` or `*` for anything else."""
    report_no_general(draft, "La pregunta numérica")
    start = draft.block.text.index("#", draft.start) + 1
    pieces = pieces_of(draft, "=~", start)
    _check_ends(pieces, draft)
    read = [_range(piece, draft) for piece in pieces]
    if not read:
        draft.report.error(
            draft.line, "no-right", f"«{draft.name}» no tiene ninguna respuesta después de {{#."
        )
        return None
    found = [one for one in read if one is not None]
    if len(found) < len(read) or not _has_right([option for option, _ in found], draft):
        return None
    lines = ((option.text, draft.line) for option, _ in found)
    if report_repeated(lines, str.strip, draft.report):
        return None
    options = tuple(option for option, _ in found)
    return Answers(numerical.NAME, options, {"ranges": [span for _, span in found]})


def _check_ends(pieces: list[Piece], draft: Draft) -> None:
    """Report what Moodle drops in silence: a bare 0 at the beginning, and all but feedback after `~`."""
    if pieces and not pieces[0].sign and pieces[0].text == "0":
        draft.report.error(
            pieces[0].line, "lone-zero", "Moodle no lee un 0 que va solo después de {#. Escribe {#=0."
        )
    tildes = [place for place, piece in enumerate(pieces) if piece.sign == "~"]
    if tildes and (tildes[0] < len(pieces) - 1 or take_feedback(pieces[-1].text)[0]):
        draft.report.error(
            pieces[tildes[0]].line,
            "after-tilde",
            "En una pregunta numérica, ~ va al final y después solo # y la explicación: el resto Moodle no lo "
            "lee. Para aceptar otro número, escribe =.",
        )


def _range(piece: Piece, draft: Draft) -> tuple[Option, list[float] | None] | None:
    if piece.sign == "~":
        return Option("*", 0.0, take_feedback(piece.text)[1]), None
    weight, text = take_weight(piece, 1.0, draft.report)
    answer, feedback = take_feedback(text)
    if answer == "*":
        return Option("*", weight, feedback), None
    span = _span(answer)
    if span is None:
        draft.report.error(
            piece.line,
            "bad-number",
            f"«{short(answer)}» no es un número que se pueda leer. Escribe 18.5 con punto, 18.5:0.1 con "
            "tolerancia, o 18..19 de menor a mayor.",
        )
        return None
    return Option(answer, weight, feedback), span


def _span(text: str) -> list[float] | None:
    """Read a number as [answer, tolerance]."""
    if text.find("..") > 0:
        least, most = (_number(part) for part in text.split("..", 1))
        if least is None or most is None or most < least:
            return None
        middle = (most + least) / 2
        return [middle, most - middle]
    answer, colon, tolerance = text.partition(":")
    numbers = [_number(answer), _number(tolerance) if colon else 0.0]
    found = [number for number in numbers if number is not None]
    return found if len(found) == 2 and found[1] >= 0 else None


def _number(text: str) -> float | None:
    text = text.strip()
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) and abs(number) < 1e15 else None
