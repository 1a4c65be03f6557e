"""One profile's progress in one course as a short text: for a chat, an SMS or a QR code. Pure.

Crockford's base32 of some bits and a CRC-32 of them, which no single altered character passes. Items are
known by their numbers (`lms.course.numbers`), the course by 24 bits of a checksum of its id, the profile by
the first 48 bits of its id; there is no name and no document. `docs/sync.md` gives the layout;
`lms/static/js/token.js` is the twin, and `tests/vectors/token.json` holds both to the same texts.
"""

import re
from binascii import crc32
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from lms.course.versions import is_version, numbers
from lms.errors import Invalid
from lms.sync.bits import Reader, Writer

Form = Literal[0, 1, 2]
"""0: lessons and assessments, for an SMS; 1: exercises too; 2: the choices in them too."""

SHORT: Literal[0] = 0
MARKS: Literal[1] = 1
ANSWERS: Literal[2] = 2
NOTHING, OPENED, COMPLETED, CHANGED = range(4)
"""What a lesson can be; `CHANGED` is one completed before it became another."""

MOST_BYTES = 2048
MOST_ATTEMPTS = 255
FULL = 60
"""Marks of exercises are sixtieths, so that halves, thirds, quarters, fifths and sixths are exact."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LOOKS_LIKE_ONE = re.compile(r"(?<![0-9A-Za-z])[23][0-9A-TV-Za-tv-z]{26,3300}(?![0-9A-Za-z])")
_FORMAT = 1
_FORMS: tuple[Form, ...] = (SHORT, MARKS, ANSWERS)
_FIRST_DAY = date(2024, 1, 1)
_LAST_DAY = 2**14 - 1
_UNMARKED = 255  # in place of an assessment's tenths: tried, and not graded yet
_MOST_ITEMS = 4095

ALTERED = "El código cambió en el camino: le falta o le cambió una letra. Cópialo otra vez, completo."


class Result(NamedTuple):
    """What somebody reached in an item: sixtieths of an exercise, tenths of an assessment, None: no mark yet.

    `answer` is of an exercise that is not fully right: a position, a list of them with nulls, or a boolean.
    """

    mark: int | None
    attempts: int
    answer: Any = None


class Token(NamedTuple):
    """What a token says. Items stand at their numbers; None is one that was not touched."""

    form: Form
    course: int
    profile: str
    day: date
    version: str
    lessons: tuple[int, ...]
    assessments: tuple[Result | None, ...]
    exercises: tuple[Result | None, ...] = ()


def course_key(course: str) -> int:
    """The 24 bits by which a token names a course."""
    return crc32(course.encode()) & 0xFFFFFF


def encode(token: Token) -> str:
    """The token as text, in capitals."""
    bits = Writer()
    bits.fixed(_FORMAT, 4)
    bits.fixed(token.form, 2)
    bits.fixed(token.course, 24)
    bits.fixed(int(token.profile, 16), 48)
    bits.fixed(min(max((token.day - _FIRST_DAY).days, 0), _LAST_DAY), 14)
    for number in numbers(token.version) if is_version(token.version) else (0, 0, 0):
        bits.gamma(number + 1)
    bits.gamma(len(token.lessons) + 1)
    for state in token.lessons:
        bits.text({NOTHING: "00", OPENED: "010", COMPLETED: "1", CHANGED: "011"}[state])
    _write_results(bits, token.assessments, _write_tenths)
    if token.form != SHORT:
        _write_results(bits, token.exercises, _write_sixtieths, answers=token.form == ANSWERS)
    content = bits.content()
    return _armoured(content + crc32(content).to_bytes(4, "big"))


def decode(text: str) -> Token:
    """What a token says; `Invalid` for one that is no token, was altered, or comes from a newer version."""
    content = _unarmoured(text)
    if crc32(content[:-4]) != int.from_bytes(content[-4:], "big"):
        raise Invalid(ALTERED)
    bits = Reader(content[:-4])
    if bits.fixed(4) != _FORMAT:
        raise Invalid("El código viene de una versión más nueva. Actualiza este servidor y vuelve a traerlo.")
    try:
        token = _read(bits)
    except (ValueError, IndexError):
        raise Invalid(ALTERED) from None
    if not bits.is_spent():
        raise Invalid(ALTERED)
    return token


def found_in(text: str) -> Iterator[str]:
    """Whatever looks like a token in a text, such as a whole chat, each once, in order."""
    seen: set[str] = set()
    for match in _LOOKS_LIKE_ONE.finditer(text):
        one = plain(match[0])
        if one not in seen:
            seen.add(one)
            yield one


def plain(text: str) -> str:
    """The one way to write a token: in capitals, without hyphens or spaces, with 0 and 1 for look-alikes."""
    letters = re.sub(r"[\s-]", "", text[: 4 * MOST_BYTES]).upper()
    return letters.replace("O", "0").replace("I", "1").replace("L", "1")


def size(text: str) -> int:
    """How many bytes a token's text stands for."""
    return len(text) * 5 // 8


def _read(bits: Reader) -> Token:
    form = _FORMS[bits.fixed(2)]
    course, profile = bits.fixed(24), f"{bits.fixed(48):012x}"
    day = _FIRST_DAY + timedelta(bits.fixed(14))
    version = ".".join(str(bits.gamma() - 1) for _ in range(3))
    lessons = tuple(_read_lesson(bits) for _ in range(_count(bits)))
    assessments = tuple(_read_assessment(bits) for _ in range(_count(bits)))
    exercises = () if form == SHORT else tuple(_read_exercise(bits, form) for _ in range(_count(bits)))
    return Token(form, course, profile, day, version, lessons, assessments, exercises)


def _count(bits: Reader) -> int:
    count = bits.gamma() - 1
    if count > _MOST_ITEMS:
        raise ValueError(count)
    return count


def _read_lesson(bits: Reader) -> int:
    if bits.fixed(1):
        return COMPLETED
    return (CHANGED if bits.fixed(1) else OPENED) if bits.fixed(1) else NOTHING


def _read_assessment(bits: Reader) -> Result | None:
    if not bits.fixed(1):
        return None
    tenths = bits.fixed(8)
    if 200 < tenths < _UNMARKED:
        raise ValueError(tenths)
    return Result(None if tenths == _UNMARKED else tenths, bits.gamma())


def _read_exercise(bits: Reader, form: int) -> Result | None:
    if not bits.fixed(1):
        return None
    mark = FULL if bits.fixed(1) else (bits.fixed(6) if bits.fixed(1) else 0)
    if mark > FULL:
        raise ValueError(mark)
    attempts = bits.gamma()
    return Result(mark, attempts, _read_answer(bits) if form == ANSWERS and mark < FULL else None)


def _read_answer(bits: Reader) -> Any:
    kind = bits.fixed(2)
    if kind == 0:
        return None
    if kind == 1:
        return bits.rice()
    if kind == 2:
        return [bits.rice() - 1 if bits.fixed(1) else None for _ in range(_count(bits))]
    return bool(bits.fixed(1))


def _write_results(
    bits: Writer, results: Sequence[Result | None], mark: Any, *, answers: bool = False
) -> None:
    bits.gamma(len(results) + 1)
    for result in results:
        bits.fixed(int(result is not None), 1)
        if result is not None:
            mark(bits, result.mark)
            bits.gamma(min(max(result.attempts, 1), MOST_ATTEMPTS))
            if answers and result.mark != FULL:
                _write_answer(bits, result.answer)


def _write_tenths(bits: Writer, mark: int | None) -> None:
    bits.fixed(_UNMARKED if mark is None else mark, 8)


def _write_sixtieths(bits: Writer, mark: int | None) -> None:
    if mark == FULL:
        bits.text("1")
    elif not mark:
        bits.text("00")
    else:
        bits.text("01")
        bits.fixed(mark, 6)


def _write_answer(bits: Writer, answer: Any) -> None:
    if isinstance(answer, bool):
        bits.text("11")
        bits.fixed(int(answer), 1)
    elif isinstance(answer, int):
        bits.text("01")
        bits.rice(answer)
    elif isinstance(answer, list):
        bits.text("10")
        bits.gamma(len(answer) + 1)
        for position in answer:
            bits.fixed(int(position is not None), 1)
            if position is not None:
                bits.rice(position + 1)
    else:
        bits.text("00")


def _armoured(content: bytes) -> str:
    count = -(-len(content) * 8 // 5)
    number = int.from_bytes(content, "big") << (count * 5 - len(content) * 8)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(count - 1, -1, -1))


def _unarmoured(text: str) -> bytes:
    letters = plain(text)
    if not letters or len(letters) > MOST_BYTES * 8 // 5 or not all(letter in _VALUES for letter in letters):
        raise Invalid(ALTERED)
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    spare = len(letters) * 5 % 8
    count = len(letters) * 5 // 8
    if count < 16 or spare > 4 or number & ((1 << spare) - 1):
        raise Invalid(ALTERED)
    return (number >> spare).to_bytes(count, "big")
