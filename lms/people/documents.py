"""Identity documents: which kinds there are, and how a typed number is read and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from lms.errors import Invalid

# RENIEC's check character: weights, then a digit (a letter in blue DNIs before 2007) by the sum modulo 11.
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DIGITS = "65432110987"
_LETTERS = "KJIHGFEDCBA"
LONGEST = 20
"""Letters and digits of the longest number that is kept."""

_UUID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document's number as it is kept, always text; `warning` is a sentence or empty."""

    type: str
    number: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document: its code, its name for people and how its number is read (raises `Invalid`)."""

    code: str
    name: str
    read: Callable[[str], Document]


def parse_document(kind: str, typed: str) -> Document:
    """Read a number as somebody typed it; `Invalid` says in Spanish what is wrong with it."""
    known = {document.code: document for document in DOCUMENT_TYPES}
    if kind not in known:
        raise Invalid("Elige qué documento tienes.")
    return known[kind].read(_plain(typed))


def readings(typed: str) -> tuple[str, ...]:
    """The numbers that a document of any kind, as somebody typed it, may be kept under; the likeliest first.

    A DNI's check character is left out, and may stand without its hyphen: nine characters are a DNI with it
    or another document whole.
    """
    text = _plain(typed)
    whole = text.replace("-", "")
    dni = re.fullmatch(r"(\d{8})(-?)[0-9A-K]", text)
    if not dni:
        return (whole,)
    return (dni[1], whole) if dni[2] else (whole, dni[1])


def stands_in(text: str, number: str) -> bool:
    """Whether a text has a document as a word of its own, perhaps with its check character.

    Digits of a longer number, of a fraction, of a moment or of a UUID are no document.
    """
    checks = "".join(check_characters(number)) if re.fullmatch(r"\d{8}", number) else ""
    check = f"[{checks}]?" if checks else ""
    word = rf"(?<![^\W_])(?<!\d[.,:]){re.escape(number)}{check}(?![^\W_])(?![.,]\d)"
    return re.search(word, _UUID.sub(" ", text), re.IGNORECASE) is not None


def check_characters(dni: str) -> tuple[str, str]:
    """The digit and the letter that may follow the eight digits of a DNI."""
    position = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, dni, strict=True)) % 11
    return _DIGITS[position], _LETTERS[position]


def _plain(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed).upper()
    return re.sub(r"[\s.\x00]", "", re.sub(r"[‐‑–—−]", "-", text))


def _dni(text: str) -> Document:
    found = re.fullmatch(r"(\d{8})-?([0-9A-K])?", text)
    if not found:
        raise Invalid("El DNI tiene 8 números. Revisa si falta el cero del inicio.")
    number, check = found[1], found[2]
    if len(set(number)) == 1:
        raise Invalid("Ese número de DNI no existe. Mira tu DNI y escribe sus 8 números.")
    if check and check not in check_characters(number):
        return Document(
            "dni", number, f"El carácter «{check}» no corresponde al DNI {number}. Revisa tu número."
        )
    return Document("dni", number)


def _other(code: str, pattern: str, sentence: str) -> Callable[[str], Document]:
    def read(text: str) -> Document:
        number = text.replace("-", "")
        if not re.fullmatch(pattern, number):
            raise Invalid(sentence)
        return Document(code, number)

    return read


DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    DocumentType("dni", "DNI", _dni),
    DocumentType(
        "ce",
        "Carné de extranjería",
        _other("ce", r"[0-9A-Z]{9,12}", "El carné de extranjería tiene de 9 a 12 letras y números."),
    ),
    DocumentType(
        "pasaporte",
        "Pasaporte",
        _other("pasaporte", r"[0-9A-Z]{6,12}", "El pasaporte tiene de 6 a 12 letras y números."),
    ),
    DocumentType(
        "otro",
        "Otro documento",
        _other(
            "otro",
            rf"[0-9A-Z]{{5,{LONGEST}}}",
            f"Escribe el documento con letras y números, de 5 a {LONGEST}.",
        ),
    ),
)
