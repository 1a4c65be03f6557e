"""Document numbers: what is read, what is refused, what only warns."""

from __future__ import annotations

import pytest

from lms.errors import Invalid
from lms.people.documents import check_characters, parse_document, readings, stands_in

# Computed from the published rule; all but the first are made up.
CHECKS = {
    "10117410": ("2", "G"),
    "12345678": ("1", "E"),
    "00000001": ("4", "I"),
    "87654321": ("0", "D"),
    "40000002": ("1", "F"),
    "99999999": ("4", "I"),
}


@pytest.mark.parametrize(("number", "characters"), CHECKS.items())
def test_the_check_characters_of_a_dni_are_known(number: str, characters: tuple[str, str]) -> None:
    assert check_characters(number) == characters


@pytest.mark.parametrize(
    "typed", ["12345678", " 12 345 678 ", "12.345.678", "12345678-1", "12345678-e", "１２３４５６７８"]
)
def test_a_dni_is_read_however_it_is_written(typed: str) -> None:
    document = parse_document("dni", typed)
    assert (document.type, document.number, document.warning) == ("dni", "12345678", "")


def test_a_wrong_check_character_warns_and_the_number_stands() -> None:
    document = parse_document("dni", "12345678-9")
    assert document.number == "12345678"
    assert "«9»" in document.warning


@pytest.mark.parametrize(
    "typed", ["", "1234567", "1234567890", "abcdefgh", "00000000", "11111111", "12345678-Z"]
)
def test_what_cannot_be_a_dni_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_document("dni", typed)


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("ce", "001234567", "001234567"),
        ("pasaporte", "ab-123456", "AB123456"),
        ("otro", "PTP 123456", "PTP123456"),
    ],
)
def test_other_documents_have_letters(kind: str, typed: str, number: str) -> None:
    assert parse_document(kind, typed).number == number
    assert readings(typed)[0] == number


@pytest.mark.parametrize(
    ("kind", "typed"), [("ce", "12345678"), ("pasaporte", "12345"), ("otro", "ñandú"), ("", "1")]
)
def test_other_documents_have_their_lengths(kind: str, typed: str) -> None:
    with pytest.raises(Invalid):
        parse_document(kind, typed)


def test_signing_in_reads_a_dni_as_signing_up_does() -> None:
    for typed in ("12345678-1", " 12345678", "12345678-", "123456781", "12345678e"):
        assert parse_document("dni", typed).number in readings(typed), typed


def test_nine_characters_may_be_a_dni_or_another_document_whole() -> None:
    assert readings("123456781") == ("123456781", "12345678")
    assert readings("12345678-1") == ("12345678", "123456781")
    assert readings("1234567812") == ("1234567812",)


@pytest.mark.parametrize(
    "text",
    [
        "40000002", "DNI 40000002.", "dni:40000002", "mailto:40000002@ie.example", "40000002-1", "40000002f",
        "profesora_40000002", "Mi DNI es 40000002, gracias", "40.5 40000002", "https://ie.example/40000002",
    ],
)  # fmt: skip
def test_a_document_stands_in_a_text_as_a_word(text: str) -> None:
    assert stands_in(text, "40000002")


@pytest.mark.parametrize(
    "text",
    [
        "140000002", "400000021234", "400000027", "0.40000002", "40000002.5", "2026-11-26T10:00:01.40000002+00:00",
        "40000002-aaaa-4bbb-8ccc-dddddddddddd", "a40000002",
    ],
)  # fmt: skip
def test_digits_of_something_longer_are_no_document(text: str) -> None:
    assert not stands_in(text, "40000002")


def test_letters_of_a_document_may_be_small() -> None:
    assert stands_in("pasaporte ab123456", "AB123456")
    assert not stands_in("ab1234567", "AB123456")
