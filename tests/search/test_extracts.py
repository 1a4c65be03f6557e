"""The few lines that show why a passage was found."""

from hypothesis import given
from hypothesis import strategies as st

from lms.course.analysis import words
from lms.search.extracts import LENGTH, Spot, extract

TEXT = " ".join(f"palabra{n}" for n in range(100)) + ". Aquí está el agua limpia. " + "Sigue más texto. " * 30


def shown(text, *wanted):
    spots = [Spot(start, wanted.index(word)) for start, word in words(text) if word in wanted]
    return extract(text, spots)


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
