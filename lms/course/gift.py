"""Questions in Moodle's GIFT format, read as Moodle reads them.

The rules are those of Moodle's own readers, which its manual (https://docs.moodle.org/en/GIFT_format) only
outlines: question/format/gift/format.php, and question/type/ordering/questiontype.php for steps to order.
A blank line ends a question; the first unescaped `{` and `}` hold its answers; the kind of question is
decided by the same tests in the same order. What Moodle would swallow in silence is a `Problem` here, and so
is what is not graded here: essays, and texts without answers. Reading takes time linear in the text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lms.course.exercises import TYPES, revision
from lms.course.gift_arranged import read_matching, read_ordering
from lms.course.gift_choices import is_true_or_false, read_choice, read_true_or_false
from lms.course.gift_parts import MOST_OPTIONS, Answers, short, take_literal
from lms.course.gift_text import Block, Draft, Report, clean, plain
from lms.course.gift_typed import read_number, read_short
from lms.course.model import Exercise, Problem

LONGEST = 1_000_000
LONGEST_QUESTION = 30_000
BLANK = "_____"

_CATEGORY = "$CATEGORY:"

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MARKUP = re.compile(r"</?[a-zA-Z]|&[a-z]+;")

Lines = list[tuple[int, str]]


def parse_gift(text: str, file: str, first_line: int = 1) -> tuple[tuple[Exercise, ...], tuple[Problem, ...]]:
    """Read every question of a text whose first line is line `first_line` of `file`; never raises.

    A question that cannot be graded is left out and its problem says why. Problems come in line order.
    Texts over `LONGEST` characters and questions over `LONGEST_QUESTION` are not read.
    """
    report = Report(file)
    if len(text) > LONGEST:
        report.error(
            first_line, "too-large", "El texto pasa de un millón de letras. Divídelo en varios archivos."
        )
        return (), tuple(report.problems)
    lines, dirty = clean(text)
    for number in dirty:
        report.error(
            first_line + number, "bad-character", "Hay un carácter invisible que no es texto. Bórralo."
        )
    exercises = _exercises([(first_line + number, line) for number, line in enumerate(lines)], report)
    return exercises, tuple(sorted(report.problems, key=lambda problem: problem.line))


def _exercises(lines: Lines, report: Report) -> tuple[Exercise, ...]:
    found: dict[str, Exercise] = {}
    names: dict[str, int] = {}
    cut_short = False
    for block in _blocks(lines, report):
        opened = block.text.find("{")
        closed = block.text.find("}")
        if cut_short and closed >= 0 and (opened < 0 or closed < opened):
            cut_short = False  # the rest of a question already reported as cut by a blank line
            continue
        cut_short = opened >= 0 and closed < 0
        exercise = _question(block, opened, closed, report)
        if exercise is None:
            continue
        if exercise.name in names:
            report.error(
                exercise.line,
                "repeated-name",
                f"El nombre «{exercise.name}» ya está en la línea {names[exercise.name]}. "
                "Cada pregunta necesita el suyo.",
            )
            continue
        names[exercise.name] = exercise.line
        found[exercise.name] = exercise
    return tuple(found.values())


def _blocks(lines: Lines, report: Report) -> Iterator[Block]:
    """Join the lines of each question; where a blank line was forgotten, say so and cut there."""
    gathered: Lines = []
    for number, line in [*lines, (0, "")]:
        text = line.strip(" \t\f\v")  # as Moodle: a line with a no-break space is not blank
        if text.startswith("//"):
            continue
        category = bool(gathered) and gathered[0][1].startswith(_CATEGORY)
        if gathered and (not text or category or text.startswith(("::", _CATEGORY))):
            if text:
                report.error(
                    number,
                    "no-blank-line",
                    "Falta una línea en blanco antes de esta línea. Sin ella, Moodle la junta con lo de arriba.",
                )
            if not category:
                yield Block.of(gathered)
            gathered = []
        if text == "0":
            report.error(
                number,
                "lone-zero",
                "Para Moodle, una línea que solo dice 0 es una línea en blanco. Escribe algo más en ella.",
            )
        if text:
            gathered.append((number, text))


def _question(block: Block, opened: int, closed: int, report: Report) -> Exercise | None:
    line = block.numbers[0]
    if len(block.text) > LONGEST_QUESTION:
        report.error(line, "too-large", "La pregunta pasa de 30 000 letras. Acórtala.")
        return None
    name, start = _name(block, report)
    if not _braces_close(block, opened, closed, report):
        return None
    if opened < 0:
        what = name or short(plain(block.text))
        report.warning(
            line,
            "not-graded",
            f"«{what}» no tiene respuestas entre llaves {{ }}: para Moodle es solo un texto, y aquí no saldrá.",
        )
        return None
    draft = _draft(block, name, start, (opened, closed), report)
    answers = _read(draft)
    _report_escapes(block, answers, report)
    if answers is None or not draft.prompt or name is None:
        return None
    exercise = Exercise(
        name, answers.type, draft.prompt, "", answers.options, draft.feedback, answers.data, report.file, line
    )
    return replace(exercise, rev=revision(TYPES[exercise.type].canonical(exercise)))


def _name(block: Block, report: Report) -> tuple[str | None, int]:
    """Return the question's name, None when it can't be used, and where its prompt starts."""
    line = block.numbers[0]
    end = block.text.find("::", 2) if block.text.startswith("::") else -1
    if end < 0:
        report.error(
            line,
            "no-name",
            f"La pregunta «{short(plain(block.text))}» no tiene nombre. Empieza con ::un-nombre-corto::, "
            "que no cambie nunca.",
        )
        return None, 0
    name = plain(block.text[2:end])
    if not _NAME.fullmatch(name) or len(name) > 64:
        report.error(
            line,
            "bad-name",
            f"El nombre «{short(name)}» no sirve. Usa letras minúsculas sin tilde, números y guiones, "
            "hasta 64.",
        )
        return None, end + 2
    if name.isdecimal():  # as for a lesson's id (`lms.course.schema`)
        report.error(
            line,
            "name-of-digits",
            f"El nombre «{name}» no sirve: es solo un número. Ponle alguna letra, como «pregunta-{name}».",
        )
        return None, end + 2
    return name, end + 2


def _braces_close(block: Block, opened: int, closed: int, report: Report) -> bool:
    if opened >= 0 and closed < 0:
        report.error(
            block.line_at(opened),
            "open-brace",
            "Esta llave { no se cierra. Pon } después de las respuestas, sin líneas en blanco dentro.",
        )
        return False
    if closed >= 0 and (opened < 0 or closed < opened):
        report.error(
            block.line_at(closed),
            "stray-brace",
            "Hay una llave } sin su {. Si es parte del texto, escribe \\}.",
        )
        return False
    extra = max(block.text.find("{", closed), block.text.find("}", closed + 1)) if closed >= 0 else -1
    inside = block.text.find("{", opened + 1, closed) if closed >= 0 else -1
    if max(extra, inside) >= 0:
        report.error(
            block.line_at(max(extra, inside)),
            "second-braces",
            "Hay otra llave en la misma pregunta. Falta una línea en blanco entre dos preguntas, o la llave "
            "es parte del texto y se escribe \\{ o \\}.",
        )
        return False
    return True


def _draft(block: Block, named: str | None, start: int, braces: tuple[int, int], report: Report) -> Draft:
    opened, closed = braces
    after = block.text[closed + 1 :].strip()
    prompt = plain(block.text[start:opened] + (BLANK + block.text[closed + 1 :] if after else ""))
    name = named or short(prompt) or "sin nombre"
    general = block.text.rfind("####", opened, closed)
    feedback = _general(block, general, closed, report) if general >= 0 else ""
    line = block.numbers[0]
    if not prompt:
        report.error(line, "empty-prompt", f"La pregunta «{name}» no tiene enunciado.")
    if _MARKUP.search(block.text):
        report.warning(
            line, "markup", f"«{name}» parece tener etiquetas HTML. Aquí se ven tal cual: usa texto simple."
        )
    return Draft(name, prompt, feedback, block, opened + 1, general if general >= 0 else closed, line, report)


def _general(block: Block, start: int, end: int, report: Report) -> str:
    text = block.text[start + 4 : end]
    # Moodle looks for a format right after the signs, and nowhere else.
    return take_literal(text, block.line_at(start), report) if text[:1].isspace() else plain(text)


def _read(draft: Draft) -> Answers | None:
    answers = draft.answers
    count = answers.count("~") + answers.count("=") - answers.count("~=")
    if count > MOST_OPTIONS and not answers.startswith(">"):
        draft.report.error(
            draft.line, "too-many-options", f"La pregunta tiene más de {MOST_OPTIONS} respuestas. Divídela."
        )
        return None
    for is_this, read in _READERS:
        if is_this(answers):
            return read(draft)
    return read_short(draft)


def _not_graded(draft: Draft) -> None:
    draft.report.warning(
        draft.line,
        "not-graded",
        f"«{draft.name}» es una pregunta abierta, sin respuestas: todavía no se califica aquí, y no saldrá.",
    )


def _report_escapes(block: Block, answers: Answers | None, report: Report) -> None:
    literal_asterisk = answers is not None and answers.type == "short"
    for line, escape in block.unknown_escapes:
        if not (literal_asterisk and escape == "\\*"):
            report.error(
                line,
                "unknown-escape",
                f"«{escape}» no significa nada en GIFT. La barra va solo delante de ~ = # {{ }} : n \\.",
            )


# Moodle's tests, in Moodle's order: plugins (ordering) first, short answer last.
_READERS: Sequence[tuple[Callable[[str], bool], Callable[[Draft], Answers | None]]] = (
    (lambda answers: answers.startswith(">"), read_ordering),
    (lambda answers: answers == "", _not_graded),
    (lambda answers: answers.startswith("#"), read_number),
    (lambda answers: "~" in answers, read_choice),
    (lambda answers: "=" in answers and "->" in answers, read_matching),
    (is_true_or_false, read_true_or_false),
)
