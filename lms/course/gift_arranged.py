"""Answers that are arranged: pairs to match and steps to order."""

import re

from lms.course.exercises import canonical_order, matching, ordering
from lms.course.exercises.short import fold
from lms.course.gift_parts import (
    MOST_OPTIONS,
    Answers,
    pieces_of,
    report_no_general,
    report_repeated,
    short,
    take_literal,
)
from lms.course.gift_text import Draft, Piece, has_escapes, plain

# What Moodle's own reader of ordering questions (question/type/ordering, import_from_gift) looks for. It
# is tried on the whole text, so each optional word may also swallow the beginning of the first step.
_HEADER = re.compile(
    r">\s*(\d{0,6})\s*"
    r"((?:ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?)\s*"
    r"((?:HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)?)\s*"
    r"((?:ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_NEXT_EXCLUDE_LAST"
    r"|RELATIVE_NEXT_INCLUDE_LAST|RELATIVE_ONE_PREVIOUS_AND_NEXT|RELATIVE_ALL_PREVIOUS_AND_NEXT"
    r"|RELATIVE_TO_CORRECT|RELATIVE|REL|LONGEST_ORDERED_SUBSET|LONGEST_CONTIGUOUS_SUBSET)?)\s*"
    r"((?:SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)?)\s*"
    r"((?:none|123|abc|ABCD|iii|IIII)?)\s*"
)
_GRADED_HERE = ("ALL_OR_NOTHING", "ABSOLUTE_POSITION", "ABSOLUTE", "ABS")


def read_matching(draft: Draft) -> Answers | None:
    """Read `=left -> right` pairs; an empty left leaves its right as a decoy."""
    report_no_general(draft, "La pregunta de emparejar")
    pairs = [_pair(piece, draft) for piece in pieces_of(draft, "=", draft.start)]
    whole = [pair for pair in pairs if pair is not None]
    lefts = [(left, line) for left, _, line in whole if left]
    if len(whole) < len(pairs) or not _enough_pairs(len(lefts), draft):
        return None
    if report_repeated(lefts, fold, draft.report):
        return None
    texts = list(dict.fromkeys(right for _, right, _ in whole))
    if len(texts) < 2:
        draft.report.error(draft.line, "repeated-option", f"En «{draft.name}» todas las parejas son iguales.")
        return None
    rights = [texts[place] for place in canonical_order(draft.name, texts)]
    chosen = [rights.index(right) for left, right, _ in whole if left]
    data = {"lefts": [left for left, _ in lefts], "rights": rights, "pairs": chosen}
    return Answers(matching.NAME, (), data)


def _pair(piece: Piece, draft: Draft) -> tuple[str, str, int] | None:
    left, arrow, right = piece.text.partition("->")
    if not piece.sign or not arrow:
        draft.report.error(
            piece.line,
            "bad-pair",
            f"«{short(plain(piece.text))}» no es una pareja. Escribe = izquierda -> derecha. "
            "Si no querías emparejar, cambia -> por →.",
        )
        return None
    if "#" in piece.text:
        draft.report.error(
            piece.line,
            "pair-feedback",
            "Moodle no lee explicaciones en las parejas: el signo # se vería tal cual. Explica al final, con "
            "####. Si el signo es parte del texto, escribe \\#.",
        )
        return None
    right = take_literal(right, piece.line, draft.report)
    if not right:
        draft.report.error(piece.line, "empty-option", "A una pareja le falta lo que va después de ->.")
        return None
    return plain(left), right, piece.line


def _enough_pairs(count: int, draft: Draft) -> bool:
    if count < 2:
        draft.report.error(
            draft.line, "few-options", f"«{draft.name}» necesita al menos dos parejas, mejor tres."
        )
        return False
    if count < 3:
        draft.report.warning(
            draft.line,
            "few-pairs",
            f"«{draft.name}» tiene solo dos parejas: al acertar una, la otra se adivina. Agrega una más.",
        )
    return True


def read_ordering(draft: Draft) -> Answers | None:
    """Read `{>5 ALL VERTICAL ALL_OR_NOTHING` and one step a line, in the right order."""
    report_no_general(draft, "La pregunta de ordenar")
    start = draft.block.text.index(">", draft.start)
    header = _HEADER.match(draft.block.text, start, draft.end)
    if header is None:  # it can't be: every part is optional
        return None
    steps = _steps(header.end(), draft)
    if len(steps) < 2 or len(steps) > MOST_OPTIONS:
        draft.report.error(
            draft.line,
            "few-options",
            f"«{draft.name}» necesita entre 2 y {MOST_OPTIONS} pasos, cada uno en su línea, después de la "
            "línea que empieza con {>.",
        )
        return None
    _check_header(header, len(steps), draft)
    texts = [take_literal(step.text, step.line, draft.report) for step in steps]
    lines = (step.line for step in steps)
    if report_repeated(zip(texts, lines, strict=True), fold, draft.report):
        return None
    shown = canonical_order(draft.name, texts)
    if shown == sorted(shown):
        draft.report.warning(
            draft.line,
            "shown-in-order",
            f"Los pasos de «{draft.name}» salen en la pantalla ya ordenados, por azar. "
            "Cambia una palabra de un paso y vuelve a revisar.",
        )
    data = {
        "items": [texts[place] for place in shown],
        "order": [shown.index(place) for place in range(len(texts))],
        "all_or_nothing": header[4] == "ALL_OR_NOTHING",
    }
    return Answers(ordering.NAME, (), data)


def _steps(start: int, draft: Draft) -> list[Piece]:
    pieces = [piece for piece in draft.block.split(start, draft.end, "\n") if piece.text]
    if pieces and pieces[-1].text == "0" and draft.block.text[start : draft.end].rstrip(" ").endswith("0"):
        draft.report.error(
            pieces[-1].line, "lone-zero", "Moodle descarta un paso que solo dice 0. Escríbelo con letras."
        )
    for piece in pieces:
        if has_escapes(piece.text):
            draft.report.warning(
                piece.line,
                "moodle-ordering-escape",
                "Moodle no entiende las barras \\ en los pasos de ordenar. Escribe el paso sin ellas.",
            )
    return pieces


def _check_header(header: re.Match[str], count: int, draft: Draft) -> None:
    line = draft.block.line_at(header.start())
    if not header[1]:
        draft.report.warning(
            line,
            "moodle-ordering-count",
            "Moodle no reconoce una pregunta de ordenar sin la cantidad de pasos. "
            f"Escribe {{>{count} ALL VERTICAL ALL_OR_NOTHING.",
        )
    elif header[2] in ("ALL", "EXACT") and int(header[1]) != count:
        draft.report.warning(
            line, "moodle-ordering-count", f"La primera línea dice {header[1]} pasos y hay {count}."
        )
    if header[2] not in ("ALL", "EXACT") or header[4] not in _GRADED_HERE:
        draft.report.warning(
            line,
            "ordering-graded-otherwise",
            "Aquí se muestran todos los pasos y se califica cada paso en su lugar. Para que Moodle haga lo "
            f"mismo, escribe {{>{count} ALL VERTICAL ABSOLUTE_POSITION, o ALL_OR_NOTHING.",
        )
    taken = max((header.end(part) for part in range(1, 7) if header[part]), default=header.start())
    if "\n" in draft.block.text[header.start() : taken]:
        draft.report.error(
            line,
            "ordering-first-step",
            "Moodle toma el comienzo del primer paso como parte de la primera línea. "
            "Cambia la primera palabra de ese paso.",
        )
