"""A token says exactly what was put in it, and nothing once a letter of it is another."""

from __future__ import annotations

import json
import time
from binascii import crc32
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from cast import ROOT
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.sync.over_token import decode, encode, fitting, found_in, plain, size
from lms.sync.token import ANSWERS, FULL, SHORT, Result, Token

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/token.json").read_text("utf-8"))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS_ALIKE = [{"0", "O", "o"}, {"1", "I", "i", "L", "l"}]


def token_of(plain_values: dict[str, Any]) -> Token:
    results = {
        kind: tuple(one and Result(*one) for one in plain_values[kind])
        for kind in ("assessments", "exercises")
    }
    day, lessons = date.fromisoformat(plain_values["day"]), tuple(plain_values["lessons"])
    return Token(**{**plain_values, **results, "day": day, "lessons": lessons})


positions = st.integers(0, 9) | st.integers(0, 63)
answers = (
    st.none() | positions | st.booleans() | st.lists(st.none() | positions, max_size=6)
    | st.permutations(range(5)) | st.sets(positions, min_size=1).map(sorted)
)  # fmt: skip


@st.composite
def exercises(draw: st.DrawFn, told: bool, uncounted: bool) -> Result | None:
    if draw(st.booleans()):
        return None
    mark = draw(st.sampled_from([0, FULL]) | st.integers(0, FULL))
    answer = draw(answers) if told and mark < FULL else None
    return Result(mark, 1 if uncounted else draw(st.integers(1, 255)), answer)


@st.composite
def tokens(draw: st.DrawFn) -> Token:
    form = draw(st.integers(SHORT, ANSWERS))
    uncounted = draw(st.booleans()) if form else False
    unanswered = draw(st.integers(0, 9)) if form == ANSWERS else 0
    count = draw(st.integers(0, 60)) if form else 0
    results = st.builds(Result, st.none() | st.integers(0, 200), st.integers(1, 255), st.none())
    numbers = st.integers(0, 9999)
    return Token(
        form,  # type: ignore[arg-type]
        draw(st.integers(0, 2**24 - 1)),
        f"{draw(st.integers(0, 2**48 - 1)):012x}",
        draw(st.dates(date(2024, 1, 1), date(2068, 1, 1))),
        ".".join(str(draw(numbers)) for _ in range(3)),
        tuple(draw(st.lists(st.integers(0, 3), max_size=40))),
        tuple(draw(st.lists(st.none() | results, max_size=10))),
        tuple(draw(exercises(form == ANSWERS and n >= unanswered, uncounted)) for n in range(count)),
        uncounted,
        unanswered,
    )


@given(tokens())
def test_a_token_says_what_was_put_in_it(token: Token) -> None:
    assert decode(encode(token)) == token


@given(tokens(), st.data())
def test_any_altered_letter_is_refused(token: Token, data: st.DataObject) -> None:
    good = encode(token)
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.sampled_from([letter for letter in LETTERS if letter != good[at]]))

    with pytest.raises(Invalid):
        decode(good[:at] + other + good[at + 1 :])


@given(tokens(), st.data())
def test_two_letters_that_changed_places_are_refused(token: Token, data: st.DataObject) -> None:
    good = encode(token)
    at = data.draw(st.integers(0, len(good) - 2))
    swapped = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
    if swapped != good:
        with pytest.raises(Invalid):
            decode(swapped)


@given(tokens())
def test_small_letters_hyphens_and_look_alikes_change_nothing(token: Token) -> None:
    good = encode(token)
    for alike in LOOKS_ALIKE:
        for letter in alike:
            written = good.replace(next(iter(alike & set("01"))), letter)
            assert decode(written) == token
    assert decode("-".join([good[:9].lower(), f" {good[9:]} "])) == token


@pytest.mark.parametrize("case", VECTORS["read"], ids=lambda case: case["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    token = token_of(case["token"])

    assert encode(token) == case["text"]
    assert decode(case["text"]) == token


@pytest.mark.parametrize("case", VECTORS["first"], ids=lambda case: case["name"])
def test_a_token_of_the_first_format_is_read_for_ever(case: dict[str, Any]) -> None:
    assert decode(case["text"]) == token_of(case["token"])


@pytest.mark.parametrize("case", VECTORS["fitting"], ids=lambda case: case["name"])
def test_what_matters_least_is_left_out(case: dict[str, Any]) -> None:
    token = token_of(case["token"])
    fits = fitting(token)

    assert encode(fits) == case["text"]
    assert size(case["text"]) <= case["most"]
    assert (fits == token) == (size(encode(token)) <= case["most"])
    assert [one and one.mark for one in fits.exercises] == [one and one.mark for one in token.exercises]


@pytest.mark.parametrize("text", VECTORS["same"])
def test_the_same_token_written_otherwise(text: str) -> None:
    assert decode(text) == token_of(VECTORS["read"][1]["token"])
    assert plain(text) == VECTORS["read"][1]["text"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_what_is_no_token_is_refused_with_a_sentence(case: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="El código"):
        decode(case["text"])


@given(st.text(max_size=200) | st.text(LETTERS, max_size=400))
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    list(found_in(text))
    with suppress(Invalid):
        decode(text)


@pytest.mark.parametrize("case", VECTORS["found"], ids=lambda case: case["name"])
def test_the_tokens_of_a_chat_are_found_in_both_languages(case: dict[str, Any]) -> None:
    assert list(found_in(case["text"])) == case["tokens"]


def checked(content: bytes) -> str:
    """Some bytes written as a token: its checksum is right."""
    whole = content + crc32(content).to_bytes(4, "big")
    count = -(-len(whole) * 8 // 5)
    number = int.from_bytes(whole, "big") << (count * 5 - len(whole) * 8)
    return "".join(LETTERS[number >> 5 * place & 31] for place in range(count - 1, -1, -1))


@given(st.integers(SHORT, ANSWERS), st.binary(min_size=24, max_size=300))
def test_what_somebody_made_up_is_a_token_or_refused(form: int, rest: bytes) -> None:
    text = checked(bytes([2 << 4 | form << 2]) + rest)
    try:
        token = decode(text)
    except Invalid:
        return
    assert encode(token) == text


@pytest.mark.parametrize("byte", [0x00, 0xFF, 0x55])
def test_the_longest_text_made_to_cost_time_costs_little(byte: int) -> None:
    text = checked(bytes([2 << 4 | ANSWERS << 2]) + bytes([byte]) * 2000)
    began = time.process_time()
    with suppress(Invalid):
        decode(text)
    assert time.process_time() - began < 3


@given(st.lists(tokens(), min_size=1, max_size=4), st.data())
def test_every_token_of_a_chat_is_found_once_however_it_was_broken(
    sent: list[Token], data: st.DataObject
) -> None:
    codes = list(dict.fromkeys(map(encode, sent)))
    shown = []
    for code in [*codes, codes[0].lower()]:
        width = data.draw(st.integers(2, 70))
        between = data.draw(st.sampled_from(["\n", " ", "-", "\r\n", "\u200e\n"]))
        alike = code.replace("0", "O").replace("1", data.draw(st.sampled_from("IilL")))
        shown.append(between.join(alike[n : n + width] for n in range(0, len(alike), width)))
    chat = "\n".join(
        f"25/11/26, 10:0{n} - Nélida: Mi avance: https://aula.example/p/{code} gracias, ¿ya está?"
        for n, code in enumerate(shown)
    )

    assert list(found_in(chat + "\n999888777666555444333222111000999888777")) == codes


def test_all_codes_of_a_chat_of_200_messages_are_found_though_each_was_broken() -> None:
    long = max((token_of(case["token"]) for case in VECTORS["fitting"]), key=lambda one: size(encode(one)))
    codes = [encode(fitting(long._replace(profile=f"{n:012x}"))) for n in range(200)]
    chat = "".join(
        f"25/11/26, 10:03 - Nélida: mi avance\n{chr(10).join(code[n : n + 18] for n in range(0, len(code), 18))}\n"
        for code in codes
    )

    assert min(map(len, codes)) > 400
    assert list(found_in(chat)) == codes


@pytest.mark.parametrize("line", ["22222 ", "2" * 60 + "\n", "22222 " * 20 + "2 " * 60, "22 " * 44 + ". "])
def test_a_chat_made_to_cost_time_costs_little(line: str) -> None:
    chat = line * (256 * 1024 // len(line))
    began = time.process_time()

    assert len(list(found_in(chat))) <= 2
    assert time.process_time() - began < 2
