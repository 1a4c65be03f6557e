"""The few lines that show why a passage was found."""

import json

import pytest
from cast import ROOT
from hypothesis import given
from hypothesis import strategies as st

from lms.course.analysis import forms, normal, words
from lms.search.extracts import LENGTH, Spot, extract, marked, phrase

MARKING = json.loads((ROOT / "tests/vectors/marking.json").read_text("utf-8"))
TEXT = " ".join(f"palabra{n}" for n in range(100)) + ". Aquí está el agua limpia. " + "Sigue más texto. " * 30


def shown(text, *wanted):
    spots = [Spot(start, wanted.index(word)) for start, word in words(text) if word in wanted]
    return extract(text, spots)


@pytest.mark.parametrize("case", MARKING, ids=lambda case: case["query"])
def test_titles_and_the_words_a_lesson_is_asked_by_are_marked(case):
    sought = {form for _, word in words(normal(case["query"])) for form in forms(word)}
    title = marked(case["text"], sought)
    assert plain(title) == case["marked"]
    assert plain(phrase(case["keywords"], title, sought)) == case["phrase"]


def plain(pieces):
    return "".join(f"[{piece.text}]" if piece.mark else piece.text for piece in pieces)


def test_a_short_text_is_shown_whole():
    assert "".join(piece.text for piece in shown("El agua limpia.", "agua")) == "El agua limpia."


def test_the_place_with_most_words_is_shown():
    text = "agua " * 5 + TEXT
    assert [piece.text for piece in shown(text, "agua", "limpia") if piece.mark] == ["agua", "limpia"]


def test_it_begins_with_the_sentence():
    pieces = shown(TEXT, "limpia")
    assert "".join(piece.text for piece in pieces).startswith("… Aquí está")


def test_without_a_match_the_beginning_is_shown():
    assert extract(TEXT, [])[0].text.startswith("palabra0")


@given(st.text(alphabet="ab .ñé’", max_size=700), st.data())
def test_it_is_a_stretch_of_the_text(text, data):
    found = list(words(text))
    chosen = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    pieces = extract(text, sorted(Spot(start, i % 3) for i, (start, _) in enumerate(chosen)))
    joined = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert joined in text
    assert len(joined) <= LENGTH + max((len(word) for _, word in found), default=0)
