"""Names as people write them: accents, ñ, apostrophes and hyphens are all part of a name."""

from __future__ import annotations

import re
import unicodedata

from lms.errors import Invalid

LONGEST = 60

_ALSO_ALLOWED = " .-'’‘ʼ´"
_NO_APOSTROPHES = str.maketrans("", "", "'’‘ʼ´")
_LINKING = frozenset({"de", "del", "la", "las", "los", "y"})


def parse_name(typed: str, *, what: str, required: bool = True) -> str:
    """A name with its spaces tidied; `Invalid` asks for `what` («tus nombres») when it is missing or odd."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        if required:
            raise Invalid(f"Escribe {what}.")
        return ""
    if len(name) > LONGEST:
        raise Invalid(f"Escribe {what} con {LONGEST} letras como máximo.")
    if not all(_in_a_name(letter) for letter in name) or not any(letter.isalpha() for letter in name):
        raise Invalid(f"Escribe {what} solo con letras.")
    return name


def words_of(name: str) -> frozenset[str]:
    """The words by which a name is compared: without case, accents and what only links surnames."""
    return frozenset(re.findall(r"\w+", _plain(name))) - _LINKING


def plain_name(*names: str) -> str:
    """Names as lists of people sort and search them: one after the other, without case, accents and apostrophes."""
    return " ".join(_plain(" ".join(names)).translate(_NO_APOSTROPHES).split())


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in _ALSO_ALLOWED
