"""Answers that are chosen: single, multiple, true or false."""

from itertools import zip_longest

from lms.course.exercises import canonical_order, multiple, single, truefalse
from lms.course.exercises.short import fold
from lms.course.gift_parts import Answers, has_weight, option_of, pieces_of, report_repeated, short
from lms.course.gift_text import Draft, Piece, plain
from lms.course.model import Option

TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")


def read_choice(draft: Draft) -> Answers | None:
    """Read `~` and `=` answers: single when any `=` says which one is right, else multiple."""
    pieces = _whole(pieces_of(draft, "~=", draft.start))
    options = [_choice(piece, draft) for piece in pieces]
    if any(not option.text for option in options) or not _enough(options, draft):
        return None
    lines = ((option.text, piece.line) for option, piece in zip(options, pieces, strict=True))
    if report_repeated(lines, fold, draft.report):
        return None
    right = _single if any(piece.sign == "=" for piece in pieces) else _multiple
    return right(draft, options)


def _whole(pieces: list[Piece]) -> list[Piece]:
    """Leave out the nothing between the two signs of `~=`."""
    return [
        piece
        for piece, after in zip_longest(pieces, pieces[1:])
        if piece.text or piece.sign != "~" or after is None or after.sign != "="
    ]


def _choice(piece: Piece, draft: Draft) -> Option:
    if not piece.sign:
        draft.report.error(
            piece.line,
            "bare-answer",
            f"«{short(plain(piece.text))}» está antes de la primera respuesta. "
            "Cada respuesta empieza con = (correcta) o ~ (incorrecta).",
        )
    if piece.sign == "=" and has_weight(piece):
        draft.report.error(
            piece.line,
            "bad-weight",
            "Después de = no va un porcentaje en una pregunta con ~, porque = ya vale 100 %. "
            "Quita el porcentaje, o escribe ~%…% en vez de =%…%.",
        )
    return option_of(piece, 1.0 if piece.sign == "=" else 0.0, draft.report)


def _enough(options: list[Option], draft: Draft) -> bool:
    if len(options) >= 2:
        return True
    draft.report.error(
        draft.line, "few-options", f"La pregunta «{draft.name}» necesita al menos dos respuestas."
    )
    return False


def _single(draft: Draft, options: list[Option]) -> Answers:
    if sum(option.weight == 1 for option in options) > 1:
        draft.report.warning(
            draft.line,
            "several-right",
            f"La pregunta «{draft.name}» tiene más de una respuesta correcta con =. Si se debe marcar "
            "una sola, deja un solo =. Si se deben marcar varias, usa ~%50% en cada una.",
        )
    return Answers(single.NAME, _in_order(draft.name, options))


def _multiple(draft: Draft, options: list[Option]) -> Answers | None:
    right = sum(option.weight for option in options if option.weight > 0)
    wrong = sum(option.weight for option in options if option.weight < 0)
    if not right:
        draft.report.error(
            draft.line,
            "no-right",
            f"La pregunta «{draft.name}» no tiene respuesta correcta. Pon = delante de la correcta.",
        )
        return None
    if abs(right - 1) > 0.005:
        draft.report.error(
            draft.line,
            "weights",
            f"Los porcentajes de «{draft.name}» suman {right * 100:g} y deben sumar 100.",
        )
        return None
    if len(options) > sum(option.weight > 0 for option in options) and right + wrong > 0.995:
        draft.report.warning(
            draft.line,
            "no-penalty",
            f"En «{draft.name}» quien marca todo obtiene la nota completa. "
            "Da un porcentaje negativo a cada respuesta incorrecta, por ejemplo ~%-50%.",
        )
    return Answers(multiple.NAME, _in_order(draft.name, options))


def _in_order(name: str, options: list[Option]) -> tuple[Option, ...]:
    return tuple(options[place] for place in canonical_order(name, (option.text for option in options)))


def is_true_or_false(answers: str) -> bool:
    """Tell whether the answers are one of the four words Moodle knows, in capitals."""
    return answers.partition("#")[0].strip() in TRUE + FALSE


def read_true_or_false(draft: Draft) -> Answers:
    """Read `{T#when wrong#when right}`."""
    word, wrong, right = [*draft.answers.split("#", 2), "", ""][:3]
    data = {"right": word.strip() in TRUE, "when_wrong": plain(wrong), "when_right": plain(right)}
    for feedback, case in ((data["when_wrong"], "se equivoca"), (data["when_right"], "acierta")):
        if not feedback:
            draft.report.warning(
                draft.line,
                "no-feedback",
                f"«{draft.name}» no explica nada a quien {case}. El orden es "
                "{T#si se equivoca#si acierta}.",
            )
    return Answers(truefalse.NAME, (), data)
