"""What is said, and where, when Moodle would swallow a mistake."""

import pytest
from gift_reading import problems_of

from lms.course.gift import parse_gift

MISTAKES = {
    "no-name": "¿Cuál? {=a#1 ~b#2}",
    "bad-name": "::Una Pregunta::¿Cuál? {=a#1 ~b#2}",
    "repeated-name": "::q::¿Cuál? {T#1#2}\n\n::q::¿Otra? {T#1#2}",
    "open-brace": "::q::¿Cuál? {=a#1\n\n~b#2}",
    "stray-brace": "::q::¿Cuál? =a#1 ~b#2}",
    "second-braces": "::q::¿Cuál? {=a#1 ~b#2}\n¿Otra? {=a#1 ~b#2}",
    "no-blank-line": "::q::¿Cuál? {=a#1 ~b#2}\n::r::¿Otra? {=a#1 ~b#2}",
    "unknown-escape": "::q::¿Cuál\\? {=a#1 ~b#2}",
    "empty-prompt": "::q:: {=a#1 ~b#2}",
    "empty-option": "::q::¿Cuál? {=a#1 ~b#2 ~#3}",
    "bare-answer": "::q::¿Cuál? {a =b#1 ~c#2}",
    "few-options": "::q::¿Cuál? {~%100%a#1}",
    "repeated-option": "::q::¿Cuál? {=Una#1 ~una #2}",
    "no-right": "::q::¿Cuál? {~a#1 ~b#2}",
    "weights": "::q::¿Cuál? {~%50%a#1 ~%40%b#2 ~%-50%c#3}",
    "bad-weight": "::q::¿Cuál? {~%33,3%a#1 ~%-50%c#3 =d#4}",
    "weight-not-in-moodle": "::q::¿Cuál? {~%33.33%a#1 ~b#2 =c#3}",
    "no-penalty": "::q::¿Cuál? {~%50%a#1 ~%50%b#2 ~c#3}",
    "several-right": "::q::¿Cuál? {=a#1 =b#2 ~c#3}",
    "no-feedback": "::q::¿Cuál? {=a#1 ~b}",
    "glued-sign": "::q::¿Cuánto? {=1+1=2#a ~3#b}",
    "bad-number": "::q::¿Cuánto? {#=18,5#a ####x}",
    "after-tilde": "::q::¿Cuánto? {#=3#a ~#b =4#c####x}",
    "bad-pair": "::q::Empareja {=a -> b =c ####x}",
    "pair-feedback": "::q::Empareja {=a -> b#c =d -> e =f -> g####x}",
    "format-not-read": "::q::Empareja {=a -> [html]b =c -> d =e -> f####x}",
    "few-pairs": "::q::Empareja {=a -> b =c -> d ####x}",
    "not-graded": "::q::Cuenta tu experiencia. {}",
    "markup": "::q::[html]<b>¿Cuál?</b> {T#a#b}",
    "bad-character": "::q::¿Cuál?\x00 {T#a#b}",
    "moodle-ordering-count": "::q::Ordena {>ALL VERTICAL ALL_OR_NOTHING\na\nb\nc\nd\n####x}",
    "moodle-ordering-escape": "::q::Ordena {>3 ALL VERTICAL ALL_OR_NOTHING\na\\: 1\nb\nc\n####x}",
    "ordering-graded-otherwise": "::q::Ordena {>3 RANDOM VERTICAL RELATIVE_TO_CORRECT\na\nb\nc\n####x}",
    "ordering-first-step": "::q::Ordena {>3 ALL VERTICAL ALL_OR_NOTHING\n1 vaso\nb\nc\n####x}",
    "shown-in-order": "::q1::Ordena {>2 ALL VERTICAL ALL_OR_NOTHING\na\nb\n####x}",
    "lone-zero": "::q::¿Cuánto? {#0####x}",
    "too-many-options": "::q::¿Cuál? {=a#1" + "".join(f"~{n}#2" for n in range(60)) + "}",
    "too-large": "::q::" + "a" * 40_000 + " {T#1#2}",
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_is_reported_in_plain_spanish(code: str) -> None:
    _, problems = parse_gift(MISTAKES[code], "banco.gift")
    found = [problem for problem in problems if problem.code == code]
    assert found, problems
    assert found[0].file == "banco.gift"
    assert found[0].message[0].isupper() or found[0].message[0] in "«¿"
    assert found[0].message.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "::q::Verdad. {T}",
        "::q::Verdad. {T#solo si se equivoca}",
        "::q::¿Cómo? {=SIM#sí}",
        "::q::¿Cómo? {=SIM#sí =%0%*}",
        "::q::¿Cuánto? {#=3#a}",
        "::q::Empareja {=a -> 1 =b -> 2 =c -> 3}",
        "::q::Ordena {>3 ALL VERTICAL ALL_OR_NOTHING\nc\nb\na\n}",
    ],
)
def test_what_is_not_explained_is_reported_once_for_each_silence(text: str) -> None:
    codes = [code for _, code in problems_of(text)]
    assert set(codes) == {"no-feedback"}
    assert len(codes) == (2 if text.endswith("{T}") else 1)


def test_problems_stand_on_the_authors_lines() -> None:
    text = "\n".join(
        [
            "// nota",
            "::a::¿Cuál? {",
            "=uno#1",
            "// otra nota",
            "~dos",
            "}",
            "::b::¿Y esta? {",
            "=%50%sí#1",
            "",
            "=no\\q#2",
            "}",
            "",
            "::c::¿Cuánto? {#",
            "=tres#x",
            "####x",
            "}",
        ]
    )
    assert problems_of(text, first_line=101) == [
        (105, "no-feedback"),
        (107, "no-blank-line"),
        (107, "open-brace"),
        (114, "bad-number"),
    ]


def test_a_forgotten_blank_line_loses_neither_question() -> None:
    found, _ = parse_gift("::a::Uno. {T#1#2}\n::b::Dos. {F#1#2}\n", "banco.gift")
    assert [exercise.name for exercise in found] == ["a", "b"]


def test_the_questions_around_a_broken_one_are_read() -> None:
    found, _ = parse_gift("::a::Uno. {T#1#2}\n\n::b::Dos. {F\n\n::c::Tres. {F#1#2}\n", "banco.gift")
    assert [exercise.name for exercise in found] == ["a", "c"]


@pytest.mark.parametrize(
    "answers", ["{}", "{ }", "{####Un buen relato dice quién y dónde.}", "{\n// nota\n}"]
)
def test_an_essay_is_left_out_and_said_to_be(answers: str) -> None:
    found, problems = parse_gift(f"::q::Cuenta tu experiencia. {answers}", "banco.gift")
    assert found == ()
    (problem,) = problems
    assert (problem.line, problem.severity, problem.code) == (1, "warning", "not-graded")
    assert problem.message.startswith("«q» es una pregunta abierta")


def test_a_text_without_answers_is_left_out_and_said_to_be() -> None:
    found, problems = parse_gift("::q::Lee con calma lo que sigue.", "banco.gift")
    assert found == ()
    (problem,) = problems
    assert (problem.line, problem.severity, problem.code) == (1, "warning", "not-graded")
    assert problem.message.startswith("«q» no tiene respuestas entre llaves { }")


@pytest.mark.parametrize("text", ["Lee con calma.", "Lee con calma. {}", "Lee con calma. {=a#1 ~b}"])
def test_a_question_without_a_name_is_called_by_its_prompt(text: str) -> None:
    messages = [problem.message for problem in parse_gift(text, "banco.gift")[1]]
    assert len(messages) == 2
    assert not any("«»" in message for message in messages)


@pytest.mark.parametrize(
    "answers", ["#0####x", "#0 =%50%1#a####x", ">3 ALL VERTICAL ALL_OR_NOTHING\na\nb\n0####x"]
)
def test_a_zero_that_moodle_takes_for_nothing_is_reported(answers: str) -> None:
    assert "lone-zero" in [code for _, code in problems_of(f"::q::¿Qué? {{{answers}}}")]


def test_a_line_with_only_a_zero_is_blank_for_moodle() -> None:
    assert problems_of("::q::¿Cuánto es\n0\npor 5? {T#a#b}") == [(2, "lone-zero")]
    assert problems_of("::q::¿Cuánto es\n0.\npor 5? {#=0#a####x}") == []


@pytest.mark.parametrize("catch_all", ["~%50%#b", "~3#b", "~#b =4#c", "~#b ~#c"])
def test_after_a_tilde_a_numerical_question_has_only_feedback(catch_all: str) -> None:
    assert "after-tilde" in [code for _, code in problems_of(f"::q::¿Cuánto? {{#=3#a {catch_all}####x}}")]


def test_an_equals_sign_before_a_tilde_leaves_the_right_answer_empty() -> None:
    assert "empty-option" in [code for _, code in problems_of("::q::¿Quién? {=~nadie#a ~Grant#b}")]


def test_messages_show_escaped_signs_as_they_are_read() -> None:
    _, problems = parse_gift("::q::¿Qué? {a\\=b ~c#1 ~d#2}", "banco.gift")
    assert "«a=b»" in problems[0].message
