"""A token says exactly what was put in it, and nothing once a letter of it is another."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from cast import ROOT
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.sync.over_token import ANSWERS, FULL, SHORT, Result, Token, decode, encode, found_in, plain

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


positions = st.integers(0, 9)
answers = st.none() | positions | st.booleans() | st.lists(st.none() | positions, max_size=6)


@st.composite
def exercises(draw: st.DrawFn, form: int) -> Result | None:
    if draw(st.booleans()):
        return None
    mark = draw(st.sampled_from([0, FULL]) | st.integers(0, FULL))
    answer = draw(answers) if form == ANSWERS and mark < FULL else None
    return Result(mark, draw(st.integers(1, 255)), answer)


@st.composite
def tokens(draw: st.DrawFn) -> Token:
    form = draw(st.integers(SHORT, ANSWERS))
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
        tuple(draw(st.lists(exercises(form), max_size=60))) if form else (),
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


def test_every_token_of_a_chat_is_found_once() -> None:
    codes = [case["text"] for case in VECTORS["read"]]
    chat = "\n".join(
        f"25/11/26, 10:0{n} - Nélida: Mi avance: https://aula.example/p/{code} ¿llegó?"
        for n, code in enumerate([*codes, codes[0].lower()])
    )

    assert list(found_in(chat + "\n999888777666555444333222111000999888777")) == codes
