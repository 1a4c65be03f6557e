"""The letters of GIFT: escapes, formats, comments, categories, blank lines and blanks to fill."""

import pytest
from gift_reading import problems_of, read, weights

from lms.course.gift import parse_gift


def test_a_missing_word_leaves_a_blank() -> None:
    assert read("::q::El chip va en la ranura {=SIM#sí =%0%*#no} del celular.").prompt == (
        "El chip va en la ranura _____ del celular."
    )


def test_escapes_formats_comments_and_categories() -> None:
    text = """\ufeff$CATEGORY: curso/unidad 1

// un comentario
::q::[markdown]Lee\\: 2 \\= 2,\\nsin { corchete, no {~\\~ \\# \\{ \\} \\\\ a#b // c
// otro comentario
=[plain]dos#tres
}
"""
    text = text.replace("sin { corchete, no ", "así ")
    exercise = read(text.replace("\n", "\r\n"))
    assert exercise.prompt == "Lee: 2 = 2,\nasí"
    assert set(weights(exercise)) == {"~ # { } \\ a", "dos"}
    assert exercise.line == 4


def test_line_breaks_are_spaces_and_hard_spaces_stay() -> None:
    assert read("::q::Cabe en\n  5\u202f000 mAh {T#a#b}").prompt == "Cabe en 5\u202f000 mAh"


@pytest.mark.parametrize("sign", list("~=#{}:\\"))
def test_a_backslash_makes_a_sign_text(sign: str) -> None:
    exercise = read(
        f"::q::¿Qué es \\{sign}? {{=\\{sign}#Es \\{sign}. ~otro#No es \\{sign}.####Un \\{sign}.}}"
    )
    assert exercise.prompt == f"¿Qué es {sign}?"
    assert sorted(weights(exercise)) == sorted([sign, "otro"])
    assert {option.feedback for option in exercise.options} == {f"Es {sign}.", f"No es {sign}."}
    assert exercise.feedback == f"Un {sign}."


def test_a_backslash_and_n_break_the_line_anywhere() -> None:
    exercise = read("::q::Uno\\ndos {=tres\\ncuatro#cinco\\n\\nseis ~b#c####siete\\nocho}")
    assert exercise.prompt == "Uno\ndos"
    assert weights(exercise)["tres\ncuatro"] == 1
    assert "cinco\n\nseis" in {option.feedback for option in exercise.options}
    assert exercise.feedback == "siete\nocho"


def test_an_escaped_backslash_escapes_nothing() -> None:
    assert read("::q::C\\\\n y \\\\\\n. {T#a#b}").prompt == "C\\n y \\\n."


@pytest.mark.parametrize("name", ["html", "markdown", "plain", "moodle"])
def test_a_format_before_a_text_is_not_part_of_it(name: str) -> None:
    exercise = read(
        f"::q:: [{name}] ¿Qué? {{=[{name}]a#[{name}]b ~%-50%[{name}]c# [{name}]d\n####[{name}]e}}"
    )
    assert (exercise.prompt, exercise.feedback) == ("¿Qué?", "e")
    assert weights(exercise) == {"a": 1, "c": -0.5}
    assert {option.feedback for option in exercise.options} == {"b", "d"}
    pairs = read(f"::q::[{name}]Empareja {{=[{name}]a -> b =c -> d =e -> f####x}}")
    assert pairs.data["lefts"] == ["a", "c", "e"]


@pytest.mark.parametrize(
    "written", ["[nota] ¿Qué?", "[HTML] ¿Qué?", "[] ¿Qué?", "[html ¿Qué?", "¿Qué? [html]"]
)
def test_other_brackets_are_text(written: str) -> None:
    assert read(f"::q::{written} {{T#a#b}}").prompt == written


@pytest.mark.parametrize(
    "answers",
    [
        "=a -> [html]b =c -> d =e -> f####x",
        "=a -> b =c -> d =e -> f#### [html]x",
        ">3 ALL VERTICAL ALL_OR_NOTHING\n[html]a\nb\nc####x",
    ],
)
def test_a_format_where_moodle_reads_none_is_text_and_a_problem(answers: str) -> None:
    (found,), problems = parse_gift(f"::q::¿Qué? {{{answers}}}", "banco.gift")
    assert [problem.code for problem in problems] == ["format-not-read"]
    assert "[html]" in f"{found.data} {found.feedback}"


def test_comments_stand_anywhere_at_the_start_of_a_line() -> None:
    exercise = read("// a\n::q::¿Qué\n  // b } {\nes? {\n//=d\n=e#f\n~g#h // i\n// }\n}\n// j")
    assert exercise.prompt == "¿Qué es?"
    assert {option.text for option in exercise.options} == {"e", "g"}


def test_a_comment_is_no_blank_line() -> None:
    assert problems_of("::a::Uno. {T#1#2}\n// dos\n::b::Dos. {T#1#2}") == [(3, "no-blank-line")]
    assert problems_of("// uno\n\n// dos\n\n::b::Dos. {T#1#2}\n// tres\n\n// cuatro") == []


@pytest.mark.parametrize(
    "question", ["::q::¿Qué? {T#a#b}", "¿Qué? {T#a#b}", "$CATEGORY: otra\n\n::q::¿Qué? {T#a#b}"]
)
def test_a_category_would_swallow_the_line_below_it(question: str) -> None:
    found, problems = parse_gift(f"$CATEGORY: curso/unidad 1\n// nota\n{question}\n", "banco.gift")
    assert (problems[0].line, problems[0].code) == (3, "no-blank-line")
    assert [exercise.name for exercise in found] == (["q"] if "::q::" in question else [])


def test_a_category_needs_a_blank_line_on_both_sides_and_only_that() -> None:
    assert problems_of("$CATEGORY: a\n// nota\n\n::q::¿Qué? {T#a#b}\n\n$CATEGORY: b") == []
    assert problems_of("::q::¿Qué? {T#a#b}\n$CATEGORY: b\n") == [(2, "no-blank-line")]


def test_a_line_with_only_spaces_is_blank() -> None:
    found, problems = parse_gift("::a::Uno. {T#1#2}\n \t \n::b::Dos. {T#1#2}", "banco.gift")
    assert ([one.name for one in found], problems) == (["a", "b"], ())


@pytest.mark.parametrize(
    ("after", "prompt"),
    [("", "Va"), ("  \n// nota\n", "Va"), (".", "Va _____."), (" aquí\\nhoy.", "Va _____ aquí\nhoy.")],
)
def test_a_blank_is_left_only_where_the_sentence_goes_on(after: str, prompt: str) -> None:
    assert read(f"::q::Va {{T#a#b}}{after}").prompt == prompt


def test_what_follows_the_last_four_signs_is_the_general_feedback() -> None:
    exercise = read("::q::¿Qué? {=a#b####c ~d#e\n####f # g}")
    assert exercise.feedback == "f # g"
    assert {option.feedback for option in exercise.options} == {"b####c", "e"}
