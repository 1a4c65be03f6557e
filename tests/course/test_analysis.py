"""Texts become the same words and forms everywhere."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.analysis import APOSTROPHES, fold, forms, normal, query_forms, three_vowels, words

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "analysis.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_vectors(vector):
    found = [
        {
            "start": start,
            "word": word,
            "fold": fold(word),
            "forms": list(forms(word)),
            "query": list(query_forms(word)),
        }
        for start, word in words(normal(vector["text"]))
    ]
    assert found == vector["words"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("pedagogico", "pedagógico"),
        ("baterias", "batería"),
        ("PINGUINO", "pingüino"),
        ("nino", "niño"),
        ("luz", "luces"),
        ("maestras", "maestro"),
        ("caminar", "caminaron"),
        ("qelqa", "qilqa"),
        ("Qosqo", "Qusqu"),
        ("panqa", "p’anqa"),
        ("ika", "ɨka"),
        ("maya", "mäya"),
    ],
)
def test_what_is_typed_shares_a_form_with_what_is_written(typed, written):
    assert set(query_forms(typed)) & set(forms(written))


def test_enye_is_not_exactly_n():
    assert fold("año") == "año"
    assert forms("año")[0] != forms("ano")[0]
    assert forms("año")[1] == forms("ano")[1]


def test_every_apostrophe_is_the_same_sound():
    assert {fold(f"q{mark}umir") for mark in APOSTROPHES} == {"qumir"}


def test_spanish_words_keep_their_vowels():
    assert [three_vowels(word) for word in ("queso", "quiero", "casa", "esquema")] == [""] * 4


@given(st.text(max_size=60))
def test_any_text_has_words_that_stand_where_they_say(text):
    text = normal(text)
    for start, word in words(text):
        assert text[start : start + len(word)] == word
        assert query_forms(word)


@given(st.text(alphabet="abcñáéíóúü'’ qQkuo", max_size=30))
def test_how_accents_are_encoded_does_not_matter(text):
    apart = unicodedata.normalize("NFD", text)
    assert [word for _, word in words(normal(apart))] == [word for _, word in words(normal(text))]
