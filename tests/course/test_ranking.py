"""Who comes first, as arithmetic."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.ranking import Matches, amount, best, scores, similar, telling, typos


def matches(amounts, body=None):
    return Matches(dict(amounts), set(amounts) if body is None else set(body))


def order(*query, total=100, openers=None):
    """Unless said otherwise each passage is of another lesson, which it does not open."""
    lessons = range(-1, -total - 1, -1) if openers is None else openers
    return [passage for passage, _ in best(scores(query, total, lessons), 1000)]


def test_more_of_a_word_is_better():
    assert order(matches({1: 1.0, 2: 3.0})) == [2, 1]


def test_all_words_are_better_than_much_of_one():
    assert order(matches({1: 8.0, 2: 1.0}), matches({2: 1.0})) == [2, 1]


def test_a_rare_word_says_more_than_a_common_one():
    common = matches(dict.fromkeys(range(60), 1.0))
    assert order(common, matches({80: 1.0}))[0] == 80


def test_equals_stay_in_the_order_of_the_course():
    assert order(matches({3: 1.0, 1: 1.0, 2: 1.0})) == [1, 2, 3]


def test_a_title_alone_answers_only_with_the_passage_that_opens_the_lesson():
    titled = matches({4: 2.0, 5: 2.0, 6: 2.0}, body=[6])
    assert set(order(titled, openers=[0] * 4 + [4] * 5 + [9])) == {4, 6}


def test_of_two_passages_alike_the_one_whose_lesson_says_more_of_it_comes_first():
    lessons = [0, 0, 2, 2, 4, 4]
    assert order(matches({1: 1.0, 3: 1.0, 2: 1.0}), openers=lessons)[-1] == 1


def test_nothing_is_found_by_nothing():
    assert scores([], 10, range(10)) == []


def test_common_words_and_fillers_do_not_count_beside_rarer_ones():
    assert telling(["de", "luz", "zzz"], [60, 1, 0], 100) == [False, True, False]
    assert telling(["hago", "luz"], [2, 1], 100) == [False, True]


def test_they_count_when_there_is_nothing_else():
    assert telling(["de", "que", "zzz"], [60, 70, 0], 100) == [True, True, False]


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_an_amount_survives_a_store_of_32_bit_floats(mentions, length):
    much = amount(mentions, length)
    assert struct.unpack("f", struct.pack("f", much))[0] == much


@given(st.text(alphabet="abcz", min_size=3, max_size=8), st.data())
def test_a_typo_is_undone_by_another(word, data):
    typo = data.draw(st.sampled_from(list(typos(word))))
    assert word in set(typos(typo))


@pytest.mark.parametrize("typed", ["bateira", "batería"[:-1].replace("í", "i"), "baterya", "vateria"])
def test_similar_words_are_one_letter_away_or_longer(typed):
    assert "bateria" in similar(typed, ["bateria"] if "bateria".startswith(typed) else [], {"bateria"})


def test_everyday_words_lead_to_those_of_the_course():
    assert list(similar("contrasenas", [], {"clave"})) == ["clave"]
