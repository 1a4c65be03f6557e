"""Tokens as text: for a chat, an SMS or a QR code. Pure.

Crockford's base32 of some bits and a CRC-32 of them, which no single altered character passes. Items are
known by their numbers (`lms.course.numbers`), the course by 24 bits of a checksum of its id, the profile by
the first 48 bits of its id; there is no name and no document. `docs/sync.md` gives the layout;
`lms/static/js/token.js` is the twin, and `tests/vectors/token.json` holds both to the same texts.
"""

import re
from binascii import crc32
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from lms.course.versions import is_version, numbers
from lms.errors import Invalid
from lms.sync import token_first
from lms.sync.bits import Reader, Writer
from lms.sync.token import ANSWERS, FORMS, MARKS, Result, Token
from lms.sync.token_items import read_items, write_items

MOST_BYTES = 2048
MOST_WITH_ANSWERS = 260
"""Bytes of a token with answers: what a QR code of version 13 holds beside an address."""

ALTERED = "El código cambió en el camino: le falta o le cambió una letra. Cópialo otra vez, completo."
NEWER = "El código viene de una versión más nueva. Actualiza este servidor y vuelve a traerlo."

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = str.maketrans(_ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")  # as int() reads them
_LETTERS = re.compile(f"[{_ALPHABET}]+")
_ALIKE = str.maketrans("OIL", "011")
_FEWEST_LETTERS, _MOST_LETTERS = 27, MOST_BYTES * 8 // 5
_MOST_PIECES = 208  # of two letters each, in a token with answers of the most bytes
_A_PIECE = 64  # letters that one more piece costs as much as
_MOST_LOOKED_AT = 93  # times the letters of the text: enough for one token in as many pieces
# What breaks a line or is inserted unseen: spaces, hyphens, marks of direction and width.
_BREAKS = r"\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff-"
_BEGINS = re.compile(r"(?<![0-9A-Za-z])[2-5][0-9A-TV-Za-tv-z]{1,3300}(?![0-9A-Za-z])")
_GOES_ON = re.compile(rf"[{_BREAKS}]{{1,4}}([0-9A-TV-Za-tv-z]+)(?![0-9A-Za-z])")
_FIRST_FORMAT, _FORMAT = 1, 2
_FIRST_DAY = date(2024, 1, 1)
_LAST_DAY = 2**14 - 1


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
    bits.text(write_items(token))
    content = bits.content()
    return _armoured(content + crc32(content).to_bytes(4, "big"))


def decode(text: str) -> Token:
    """What a token says; `Invalid` for one that is no token, was altered, or comes from a newer version."""
    content = _intact(plain(text))
    if not content:
        raise Invalid(ALTERED)
    bits = Reader(content)
    format = bits.fixed(4)
    if format not in (_FIRST_FORMAT, _FORMAT):
        raise Invalid(NEWER)
    try:
        token = _read(bits, format)
    except (ValueError, IndexError):
        raise Invalid(ALTERED) from None
    # Many bits read alike; only one way to write them is a token.
    if format == _FORMAT and encode(token) != plain(text):
        raise Invalid(ALTERED)
    return token


def fitting(token: Token, most: int = MOST_WITH_ANSWERS) -> Token:
    """As much of a token with answers as so many bytes hold: what matters least is left out first.

    First how often each exercise was tried, then the answers from the first exercise on, then all of them.
    """
    if token.form != ANSWERS or _fits(token, most):
        return token
    bare = token._replace(uncounted=True, exercises=tuple(_once(one) for one in token.exercises))
    count = len(bare.exercises)
    for unanswered in range(0, count, max(1, count // 24)):
        one = bare._replace(unanswered=unanswered, exercises=_untold(bare.exercises, unanswered))
        if _fits(one, most):
            return one
    return token._replace(form=MARKS, exercises=_untold(token.exercises, count))


def found_in(text: str) -> Iterator[str]:
    """Whatever looks like a token in a text, such as a whole chat, each once, in order."""
    return (one for one, _ in places_in(text))


def places_in(text: str) -> Iterator[tuple[str, int]]:
    """Whatever looks like a token in a text, with where it begins, each once, in order.

    One that was broken by lines, spaces or hyphens is put together as far as its checksum says.
    """
    seen: set[str] = set()
    at, left = 0, _MOST_LOOKED_AT * len(text)
    while match := _BEGINS.search(text, at):
        one, at, left = _put_together(text, match, left)
        if one and one not in seen:
            seen.add(one)
            yield one, match.start()


def plain(text: str) -> str:
    """The one way to write a token: in capitals, without hyphens or spaces, with 0 and 1 for look-alikes."""
    return re.sub(rf"[{_BREAKS}]", "", text[: 4 * MOST_BYTES]).upper().translate(_ALIKE)


def size(text: str) -> int:
    """How many bytes a token's text stands for."""
    return len(text) * 5 // 8


def _put_together(text: str, match: re.Match[str], left: int) -> tuple[str, int, int]:
    """The token that begins here, "" if none does, where it ends, and how many letters may yet be looked at."""
    letters, end = plain(match[0]), match.end()
    for _ in range(_MOST_PIECES):
        left -= len(letters) + _A_PIECE
        if len(letters) >= _FEWEST_LETTERS and is_intact(letters):
            return letters, end, left
        more = _GOES_ON.match(text, end) if left > 0 and len(letters) <= _MOST_LETTERS else None
        if more is None:
            break
        letters, end = letters + more[1].upper().translate(_ALIKE), more.end()
    alone = plain(match[0])
    return (alone if len(alone) >= _FEWEST_LETTERS else ""), match.end(), left


def is_intact(letters: str) -> bool:
    """Whether letters, written plainly, are those of a token that arrived as it was sent."""
    return bool(_intact(letters))


def _intact(letters: str) -> bytes:
    """The bytes before the checksum, none if it is not theirs."""
    content = _unarmoured(letters)
    return content[:-4] if crc32(content[:-4]) == int.from_bytes(content[-4:], "big") else b""


def _read(bits: Reader, format: int) -> Token:
    form = FORMS[bits.fixed(2)]
    course, profile = bits.fixed(24), f"{bits.fixed(48):012x}"
    day = _FIRST_DAY + timedelta(bits.fixed(14))
    version = ".".join(str(bits.gamma() - 1) for _ in range(3))
    items = token_first.read_items(bits, form) if format == _FIRST_FORMAT else read_items(bits.rest(), form)
    return Token(form, course, profile, day, version, *items)


def _fits(token: Token, most: int) -> bool:
    return size(encode(token)) <= most


def _once(one: Result | None) -> Result | None:
    return one and one._replace(attempts=1)


def _untold(exercises: Sequence[Result | None], count: int) -> tuple[Result | None, ...]:
    return (*(one and one._replace(answer=None) for one in exercises[:count]), *exercises[count:])


def _armoured(content: bytes) -> str:
    count = -(-len(content) * 8 // 5)
    number = int.from_bytes(content, "big") << (count * 5 - len(content) * 8)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(count - 1, -1, -1))


def _unarmoured(letters: str) -> bytes:
    count, spare = divmod(len(letters) * 5, 8)
    if count < 16 or spare > 4 or len(letters) > _MOST_LETTERS or not _LETTERS.fullmatch(letters):
        return b""
    number = int(letters.translate(_DIGITS), 32)
    return b"" if number & ((1 << spare) - 1) else (number >> spare).to_bytes(count, "big")
