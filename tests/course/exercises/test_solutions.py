"""Right answers in words, for who checks on paper."""

from __future__ import annotations

import pytest

from lms.course.exercises import TYPES
from lms.course.gift import parse_gift


@pytest.mark.parametrize(
    ("gift", "right"),
    [
        ("{=Sí.#Bien.\n~No.#Mal.}", ("Sí.",)),
        ("{~%50%Uno.#Bien.\n~%50%Dos.#Bien.\n~%-50%Tres.#Mal.}", ("Uno.", "Dos.")),
        ("{T#Mal.#Bien.}", ("Verdadero",)),
        ("{=modo avión#Bien.\n=%50%avión#Casi.}", ("modo avión",)),
        ("{#12000000#Bien.}", ("12000000",)),
        ("{#1234567:1#Bien.}", ("de 1234566 a 1234568",)),
        ("{#0.3:0.1#Bien.}", ("de 0.2 a 0.4",)),
        ("{=uno -> 1\n=dos -> 2\n####Bien.}", ("uno → 1", "dos → 2")),
    ],
)
def test_the_right_answer_is_said_in_words(gift: str, right: tuple[str, ...]) -> None:
    (exercise,), _ = parse_gift(f"::una::¿Cuál? {gift}", "x.gift")
    said, why = TYPES[exercise.type].solution(exercise)
    assert set(said) == set(right)
    assert all("Bien" in sentence for sentence in why)
