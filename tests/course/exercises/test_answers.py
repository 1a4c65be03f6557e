"""Answers as they come: from forms, from other devices, from whoever writes to an open door."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.exercises import TYPES
from lms.course.gift import parse_gift
from lms.course.model import Exercise

ROOT = Path(__file__).parents[3]

GIFT = {
    "single": "::q::¿Cuál? {=uno#a ~dos#b ~%33.333%tres#c}",
    "multiple": "::q::¿Cuáles? {~%33.333%uno#a ~%33.333%dos#b ~%33.333%tres#c ~%-50%cuatro#d ~%-50%cinco#e}",
    "truefalse": "::q::¿Es así? {T#no#sí}",
    "short": "::q::¿Cómo? {=la SIM#a =%50%mi*ro sd#b =ñandú'*#c =%0%*#d}",
    "numerical": "::q::¿Cuánto? {#=18.5:0.1#a =%50%17..19#b =5000#c =-0.3:0.1#d =%0%*#e ####x}",
    "matching": "::q::Empareja {=a -> x =b -> y =c -> z =d -> x = -> w ####x}",
    "ordering": "::q::Ordena {>4 ALL VERTICAL ABSOLUTE_POSITION\nuno\ndos\ntres\ncuatro\n####x}",
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def exercise(name: str) -> Exercise:
    (found,), _ = parse_gift(GIFT[name], "q.gift")
    return found


@pytest.mark.parametrize("name", TYPES)
@given(answer=json_values)
def test_no_answer_stops_a_grader(name: str, answer: Any) -> None:
    kind = TYPES[name]
    key = kind.key(exercise(name))
    grade = kind.grade(key, answer)
    assert 0 <= grade.mark <= 1
    if not kind.valid(key, answer):
        assert grade.mark == 0
        assert grade.feedback == ()


@pytest.mark.parametrize("name", TYPES)
@given(
    form=st.dictionaries(
        st.sampled_from(["answer", "m0", "m1", "m2", "m3", "p0", "p1", "p2", "p3"]),
        st.lists(st.text() | st.sampled_from(["0", "1", "2", "3", "4", "true", "18,5", "-1", "٣", "²"])),
    )
)
def test_whatever_a_form_holds_it_gives_a_valid_answer_or_none(name: str, form: dict[str, list[str]]) -> None:
    asked = exercise(name)
    answer = TYPES[name].from_form(asked, form)
    assert answer is None or TYPES[name].valid(TYPES[name].key(asked), answer)


@pytest.mark.parametrize(
    ("name", "form", "answer"),
    [
        ("single", {"answer": ["2"]}, 2),
        ("single", {"answer": ["3"]}, None),
        ("single", {"answer": ["1", "2"]}, None),
        ("multiple", {"answer": ["3", "0"]}, [0, 3]),
        ("multiple", {"answer": ["0", "7"]}, None),
        ("truefalse", {"answer": ["false"]}, False),
        ("short", {"answer": ["  la sim "]}, "  la sim "),
        ("short", {"answer": ["   "]}, None),
        ("numerical", {"answer": ["18,5"]}, "18,5"),
        ("matching", {"m0": ["1"], "m1": [""], "m2": ["0"], "m3": ["3"]}, [1, None, 0, 3]),
        ("matching", {"m0": [""], "m1": [""]}, None),
        ("ordering", {"p0": ["3"], "p1": ["1"], "p2": ["2"], "p3": ["4"]}, [1, 2, 0, 3]),
        ("ordering", {"p0": ["1"], "p1": ["1"], "p2": ["2"], "p3": ["4"]}, None),
        ("ordering", {"p0": ["1"], "p1": ["2"], "p2": ["3"], "p3": [""]}, None),
    ],
)
def test_a_posted_form_is_read(name: str, form: dict[str, list[str]], answer: Any) -> None:
    assert TYPES[name].from_form(exercise(name), form) == answer


def test_short_answers_match_in_linear_time() -> None:
    (asked,), _ = parse_gift("::q::¿Qué? {=" + "*a" * 200 + "*b#x =%0%*#y}", "q.gift")
    grade = TYPES["short"].grade(TYPES["short"].key(asked), "a" * 200)
    assert grade.feedback == ("y",)


def random_answer(name: str, dice: Random) -> Any:
    count = dice.randrange(0, 6)
    if name == "single":
        return dice.randrange(-1, 5)
    if name == "truefalse":
        return dice.choice([True, False, None, 0, "true"])
    if name == "multiple":
        picks = [dice.randrange(0, 6) for _ in range(count)]
        return sorted(set(picks)) if dice.random() < 0.8 else picks
    if name == "matching":
        return [dice.choice([0, 1, 2, 3, None]) for _ in range(4)]
    if name == "ordering":
        return dice.sample(range(4), 4) if dice.random() < 0.8 else [dice.randrange(0, 5) for _ in range(4)]
    letters = (
        "lamicroSIMsdD ñÑn\u0303ú'’´ \u00a0\u2009\ufeff\x85\x1cİıßΣς*😀"
        if name == "short"
        else "0123456789,. -+−\u00a0\u202fe"
    )
    pieces = ["la SIM", "micro sd", "ñandú'"] if name == "short" else ["18,5", "18.6", "17", "5 000", "-0,4"]
    text = dice.choice(pieces) if dice.random() < 0.5 else ""
    place = dice.randrange(0, len(text) + 1)
    return text[:place] + "".join(dice.choice(letters) for _ in range(count)) + text[place:]


@pytest.mark.skipif(shutil.which("node") is None, reason="the twins need Node to be compared")
def test_python_and_javascript_agree_on_a_thousand_answers_of_each_type() -> None:
    dice = Random(20261123)
    cases = [
        (name, TYPES[name].key(exercise(name)), random_answer(name, dice))
        for name in TYPES
        for _ in range(1000)
    ]
    program = (
        "const fs = require('fs');"
        + "".join(
            f"require({json.dumps(str(ROOT / 'lms/course/exercises' / name / 'exercise.js'))});"
            for name in TYPES
        )
        + "const cases = JSON.parse(fs.readFileSync(0, 'utf8'));"
        "const grade = ([name, key, answer]) => lms.exercises[name].grade(key, answer);"
        "console.log(JSON.stringify(cases.map(grade)));"
    )
    done = subprocess.run(
        ["node", "-e", program],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for (name, key, answer), found in zip(cases, json.loads(done.stdout), strict=True):
        grade = TYPES[name].grade(key, answer)
        assert found == {"mark": grade.mark, "feedback": list(grade.feedback)}, (name, answer)
