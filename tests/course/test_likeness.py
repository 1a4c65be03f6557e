"""Which texts nearly say the same, and how soon that is known."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_courses import GOOD, sample

from lms.course.checks import check_courses
from lms.course.likeness import NEARLY, Likenesses, _runs

WORDS = ["agua", "pozo", "tapa", "balde", "lluvia"]
SENTENCE = "Cada mañana, a la misma hora, anota en tu cuaderno hasta qué altura llegó el agua del vaso."


def test_a_text_with_one_word_changed_nearly_says_the_same() -> None:
    met = Likenesses[int]()
    met.add([SENTENCE], 1)

    assert met.find([SENTENCE.replace("Cada", "Toda").upper()]) == 1
    assert met.find([SENTENCE.replace("cuaderno", "hoja").replace("altura", "raya")]) is None


def test_the_order_of_parts_says_nothing() -> None:
    met = Likenesses[int]()
    met.add(["¿Qué haces primero?", "Apago el equipo.", "Espero a que enfríe."], 1)

    assert met.find(["¿Qué haces primero?", "Espero a que enfríe.", "Apago el equipo."]) == 1


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=8))
def test_nothing_alike_is_missed_for_being_looked_up_by_few_runs(texts: list[str]) -> None:
    met = Likenesses[str]()
    for n, text in enumerate(texts):
        mine = _runs([text])
        alike = [old for old in texts[:n] if _share(mine, _runs([old])) >= NEARLY]
        assert met.find([text]) == (alike[0] if alike else None)
        met.add([text], text)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def test_four_courses_are_compared_in_less_than_a_second() -> None:
    chance = random.Random(7)
    said = [f"{word}{n}" for n in range(600) for word in WORDS]
    texts = [" ".join(chance.choices(said, k=40)) for _ in range(4_500)]
    met = Likenesses[int]()
    started = time.process_time()
    for n, text in enumerate(texts):
        met.find([text])
        met.add([text], n)

    assert time.process_time() - started < 1


@pytest.fixture
def two_courses(tmp_path: Path) -> list[Path]:
    """A course, and another one in which its questions were pasted."""
    first = sample("near-duplicate", tmp_path / "one")
    second = Path(shutil.copytree(GOOD, tmp_path / "two" / "lluvia"))
    toml = second / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "agua"', 'id = "lluvia"'), "utf-8")
    return [first, second]


def test_what_another_course_says_already_is_named_with_its_place(two_courses: list[Path]) -> None:
    _, second = check_courses(two_courses)
    told = [problem for problem in second.problems if problem.code == "near-duplicate"]

    assert str(two_courses[1] / "lessons/el-pozo.md") in {problem.file for problem in told}
    assert any("agua/lessons/el-pozo.md, línea 37 («pozo-tapa»)" in problem.message for problem in told)


def test_a_copy_of_a_course_repeats_nothing(two_courses: list[Path]) -> None:
    _, copy = check_courses(
        [two_courses[1], Path(shutil.copytree(two_courses[1], two_courses[1].parent / "copy"))]
    )

    assert not [problem for problem in copy.problems if problem.code == "near-duplicate"]
