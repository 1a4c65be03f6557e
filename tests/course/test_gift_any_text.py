"""Whatever is written, the reader reads it or says why not; and what is escaped comes back as it was."""

import re
import time

import pytest
from gift_reading import escaped, problems_of
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.course.exercises import TYPES, short
from lms.course.gift import parse_gift
from lms.course.model import Exercise, Problem


def test_a_huge_text_is_refused_at_once() -> None:
    assert problems_of("a" * 2_000_000) == [(1, "too-large")]


@pytest.mark.parametrize(
    "piece", ["\\", "{", "}", "=", "~", "#", "::q::a{=", "%", "=a->", "\n", "~%5", "[", " ", "&a"]
)
def test_reading_takes_time_linear_in_the_text(piece: str) -> None:
    started = time.perf_counter()
    parse_gift(piece * (900_000 // len(piece)), "banco.gift")
    parse_gift(("::q::a {" + piece * (20_000 // len(piece)) + "}\n\n") * 40, "banco.gift")
    assert time.perf_counter() - started < 10


LONGEST = 2000
SIGNS = """
:: ::q:: { } = ~ # #### %50% % -> .. : \\ \\n \\= >3 ALL T F a 0 3 * // $CATEGORY: [html] \ufdd1 \ud800
"""
gift_like = st.lists(
    st.sampled_from([*SIGNS.split(), " ", "\n", "\n\n", "\r\n"]) | st.text(max_size=5), max_size=400
).map(lambda pieces: "".join(pieces)[:LONGEST])


@given(
    text=st.text(st.characters(), max_size=LONGEST)
    | gift_like
    | gift_like.map(lambda inside: "::q::¿Cuál? {" + inside + "}")
)
def test_any_text_is_read_or_reported_and_never_stops_the_reader(text: str) -> None:
    found, problems = parse_gift(text, "banco.gift", 7)
    last = 7 + text.count("\n") + text.count("\r")
    assert all(7 <= problem.line <= last and problem.message and problem.code for problem in problems)
    assert all(isinstance(problem, Problem) for problem in problems)
    for exercise in found:
        TYPES[exercise.type].key(exercise)


texts = (
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n"), min_size=1, max_size=30
    )
    .map(lambda text: "\n".join(re.sub("[ \t]+", " ", line.strip()) for line in text.strip().split("\n")))
    .filter(lambda text: short.fold(text) != "")
)
several = st.lists(texts, min_size=4, max_size=6, unique_by=short.fold)
# Beside an `=`, Moodle takes every `->` for the arrow of a pair, and nothing escapes it.
arrowless = st.lists(
    texts.map(lambda text: text.replace("->", "→")), min_size=4, max_size=6, unique_by=short.fold
)


def written(text: str) -> str:
    """A text as Moodle's own export writes it: its format first, so that nothing in it is taken for one."""
    return "[plain]" + escaped(text)


def came_back(gift: str) -> Exercise:
    found, problems = parse_gift(gift, "banco.gift")
    assert [problem.message for problem in problems if problem.severity == "error"] == []
    assert len(found) == 1
    return found[0]


@given(texts=several)
def test_what_is_escaped_comes_back_as_it_was(texts: list[str]) -> None:
    prompt, *options = texts
    answers = "\n".join(
        f"{'~' if n else '='}{written(text)}#{written(prompt)}" for n, text in enumerate(options)
    )
    found = came_back(f"::q::{written(prompt)} {{\n{answers}\n####{written(options[0])}}}")
    assert (found.type, found.prompt, found.feedback) == ("single", prompt, options[0])
    assert {option.text: option.weight for option in found.options} == {
        text: float(not n) for n, text in enumerate(options)
    }
    assert {option.feedback for option in found.options} == {prompt}


@given(texts=arrowless)
def test_escaped_short_answers_come_back_as_they_were(texts: list[str]) -> None:
    prompt, *accepted = texts
    answers = "".join(f"={written(text)}#{written(prompt)}" for text in accepted)
    found = came_back(f"::q::{written(prompt)} {{{answers}}}")
    assert [option.text for option in found.options] == accepted


@given(texts=several)
def test_escaped_sentences_about_a_number_or_a_statement_come_back_as_they_were(texts: list[str]) -> None:
    prompt, one, other, general, *_ = texts
    number = came_back(
        f"::q::{written(prompt)} {{#3#{written(one)} ~#{written(other)} ####{written(general)}}}"
    )
    assert [option.feedback for option in number.options] == [one, other]
    assert (number.prompt, number.feedback) == (prompt, general)
    statement = came_back(
        f"::q::{written(prompt)} {{F#{written(one)}#{written(other)}####{written(general)}}} {escaped(one)}"
    )
    assert statement.data == {"right": False, "when_wrong": one, "when_right": other}
    assert statement.prompt == f"{prompt} _____ {one}"


@given(lefts=arrowless, rights=several)
def test_escaped_pairs_come_back_as_they_were(lefts: list[str], rights: list[str]) -> None:
    pairs = list(zip(lefts, rights, strict=False))
    answers = "\n".join(f"={written(left)} -> {escaped(right)}" for left, right in pairs)
    found = came_back(f"::q::Empareja. {{\n{answers}\n}}")
    together = zip(found.data["lefts"], found.data["pairs"], strict=True)
    assert [(left, found.data["rights"][right]) for left, right in together] == pairs


@given(texts=several)
def test_escaped_steps_come_back_as_they_were(texts: list[str]) -> None:
    steps = [re.sub("\n+", " ", text) for text in texts]
    assume(all(not step.startswith("//") and step != "0" for step in steps))
    lines = "\n".join(escaped(step) for step in steps)
    header = f">{len(steps)} ALL VERTICAL ALL_OR_NOTHING SHOW none"
    found = came_back(f"::q::Ordena. {{{header}\n{lines}\n}}")
    assert [found.data["items"][place] for place in found.data["order"]] == steps
