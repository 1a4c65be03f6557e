"""Names as people write them: accents, ñ, apostrophes and hyphens are all part of a name."""

from __future__ import annotations

import unicodedata

from lms.errors import Invalid

LONGEST = 60

_ALSO_ALLOWED = " .-'’‘ʼ´"


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


def _in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in _ALSO_ALLOWED
