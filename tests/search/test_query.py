"""A teacher's queries over the real course."""

import json
import random
from pathlib import Path

import pytest

from lms.course.analysis import fold, plain, words
from lms.course.ranking import typos
from lms.course.texts import passages
from lms.search.query import find
from lms.search.shown import PASSAGES_A_LESSON

QUERIES = json.loads((Path(__file__).parent.parent / "vectors" / "search.json").read_text("utf-8"))


@pytest.mark.parametrize("wanted", QUERIES, ids=lambda wanted: wanted["query"])
def test_the_lesson_one_expects_is_among_the_first_three(index, wanted):
    hits = find(index, wanted["query"]).hits
    assert wanted["lesson"] in list(dict.fromkeys(hit.lesson for hit in hits))[:3]
    if "anchor" in wanted:
        shown = [hit.anchor for hit in hits if hit.lesson == wanted["lesson"]][:PASSAGES_A_LESSON]
        assert wanted["anchor"] in shown


def test_a_typo_is_named(index):
    assert find(index, "bateira").meant == "batería"
    assert (
        find(index, "vateria").meant == "batería"
    )  # what the course teaches; its own text must not spell it so
    assert find(index, "batería").meant == ""


def test_a_beginning_is_enough(index):
    found = find(index, "almoh")
    assert found.hits
    assert found.meant == ""


def test_a_letter_wrong_still_finds_what_was_meant(index, course):
    everything = passages(course)
    places: dict[str, set[str]] = {}
    for passage in everything:
        for _, word in words(f"{passage.heading}\n{passage.text}"):
            places.setdefault(plain(fold(word)), set()).add(passage.anchor)
    draw = random.Random(7)
    content = [word for word in sorted(places) if len(word) >= 5 and word.isalpha()]
    lost = []
    for word in draw.sample(content, 200):
        typo = draw.choice([typo for typo in typos(word) if typo.isalpha() and typo not in places])
        if not places[word] & {hit.anchor for hit in find(index, typo, limit=200).hits}:
            lost.append((word, typo))
    # A few typos are the plural or another gender of a different word, and find that one.
    assert len(lost) <= 2, lost


@pytest.mark.parametrize(
    "query", ["", "   ", "¿?", "'", "xyzw", "a", "ñ" * 500, "<script>", "q\0w", "*", "a:b~"]
)
def test_odd_queries_break_nothing(index, query):
    assert find(index, query).total >= 0


def test_a_query_of_a_hundred_common_words_ends(index):
    assert find(index, "de la que el en y a los se del las un por con no una su para es al lo como " * 3).hits


def test_one_course_only(index, course):
    assert find(index, "batería", course.id).hits == find(index, "batería").hits
    assert not find(index, "batería", "otro-curso").hits


def test_marks_stand_on_the_words(index):
    for hit in find(index, "batería").hits:
        for piece in hit.extract:
            if piece.mark:
                assert plain(fold(piece.text)).startswith("bat")
