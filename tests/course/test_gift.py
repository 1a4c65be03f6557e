"""GIFT as Moodle reads it, and what is said when Moodle would swallow a mistake."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.exercises import TYPES
from lms.course.gift import parse_gift
from lms.course.model import Exercise, Problem


def read(text: str) -> Exercise:
    found, problems = parse_gift(text, "banco.gift")
    assert not problems
    assert len(found) == 1
    return found[0]


def problems_of(text: str, first_line: int = 1) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in parse_gift(text, "banco.gift", first_line)[1]]


def weights(exercise: Exercise) -> dict[str, float]:
    return {option.text: option.weight for option in exercise.options}


def test_one_right_answer() -> None:
    exercise = read(
        "::ram::¿Qué se llenó? {\n~El ropero.#Guarda.\n=La mesa.#Así es.\n####La RAM es la mesa.\n}"
    )
    assert (exercise.name, exercise.type, exercise.prompt) == ("ram", "single", "¿Qué se llenó?")
    assert weights(exercise) == {"El ropero.": 0.0, "La mesa.": 1.0}
    assert {option.feedback for option in exercise.options} == {"Guarda.", "Así es."}
    assert exercise.feedback == "La RAM es la mesa."
    assert (exercise.file, exercise.line) == ("banco.gift", 1)


def test_answers_on_one_line_and_the_sign_pair() -> None:
    assert weights(read("::q::¿Quién? {~Grant#a ~Jefferson#b =nadie#c}"))["nadie"] == 1
    assert weights(read("::q::¿Quién? {~=nadie#c ~Grant#a}")) == {"nadie": 1, "Grant": 0}


def test_several_right_answers() -> None:
    exercise = read("::q::¿Cuáles? {~%50%a#1 ~%50%b#2 ~%-50%c#3 ~%-33.333%d#4}")
    assert exercise.type == "multiple"
    assert weights(exercise) == {"a": 0.5, "b": 0.5, "c": -0.5, "d": -0.3333333}


@pytest.mark.parametrize(("word", "right"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)])
def test_true_or_false_says_first_what_the_wrong_one_hears(word: str, right: bool) -> None:
    exercise = read(f"::q::Es lo mismo. {{{word}#No es así.#Bien visto.####Porque sí.}}")
    assert exercise.data == {"right": right, "when_wrong": "No es así.", "when_right": "Bien visto."}
    assert exercise.feedback == "Porque sí."


def test_short_answers_keep_their_order_and_wildcards() -> None:
    exercise = read("::q::¿Cómo? {\n=SIM#Sí\n=%50%micro*#Casi\n=\\*9#Rara\n=%0%*#No\n}")
    assert [(option.text, option.weight) for option in exercise.options] == [
        ("SIM", 1.0),
        ("micro*", 0.5),
        ("\\*9", 1.0),
        ("*", 0.0),
    ]


def test_numbers_with_tolerance_ranges_and_partial_weights() -> None:
    exercise = read("::q::¿Cuánto? {#\n=3:0#a\n=%50%3.5:0.5#b\n=-2..4#c\n=%0%*#d\n####x\n}")
    assert exercise.data["ranges"] == [[3.0, 0.0], [3.5, 0.5], [1.0, 3.0], None]
    assert [option.weight for option in exercise.options] == [1, 0.5, 1, 0]
    assert read("::q::¿Cuánto? {#1822:5####x}").data["ranges"] == [[1822.0, 5.0]]
    assert read("::q::¿Cuánto? {#=5#a ~#b####x}").options[1].feedback == "b"


def test_pairs_and_a_decoy() -> None:
    exercise = read("::q::Empareja {\n=a -> uno\n=b->dos\n=c -> uno\n=-> tres\n####x\n}")
    assert exercise.data["lefts"] == ["a", "b", "c"]
    assert sorted(exercise.data["rights"]) == ["dos", "tres", "uno"]
    chosen = [exercise.data["rights"][right] for right in exercise.data["pairs"]]
    assert chosen == ["uno", "dos", "uno"]


@pytest.mark.parametrize(
    ("header", "all_or_nothing"),
    [
        (">3 ALL VERTICAL ALL_OR_NOTHING ", True),
        (">3 ALL VERTICAL ALL_OR_NOTHING SHOW none", True),
        ("> 3 EXACT H ABSOLUTE_POSITION", False),
    ],
)
def test_steps_to_order(header: str, all_or_nothing: bool) -> None:
    exercise = read(f"::q::Ordena. {{{header}\nGuarda todo: ya\nApaga = sí\nEspera\n####Porque sí.\n}}")
    items = exercise.data["items"]
    assert [items[place] for place in exercise.data["order"]] == ["Guarda todo: ya", "Apaga = sí", "Espera"]
    assert exercise.data["all_or_nothing"] is all_or_nothing


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


def test_the_revision_changes_with_what_decides_a_mark_and_only_then() -> None:
    plain = read("::q::¿Cuál? {=a#1 ~b#2}")
    assert len(plain.rev) == 16
    assert read("// nota\n::q::¿Cuál?   {\n~b#otra\n=a#distinta\n####más\n}").rev == plain.rev
    assert read("::q::¿Cuál? {~a#1 =b#2}").rev != plain.rev
    assert read("::q::¿Cuáles? {=a#1 ~b#2}").rev != plain.rev


def test_the_order_shown_does_not_depend_on_the_order_written() -> None:
    one = read("::q::¿Cuál? {=a#1 ~b#1 ~c#1 ~d#1}")
    other = read("::q::¿Cuál? {~d#1 ~c#1 =a#1 ~b#1}")
    assert one.options == other.options


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
    "bad-pair": "::q::Empareja {=a -> b =c ####x}",
    "few-pairs": "::q::Empareja {=a -> b =c -> d ####x}",
    "not-graded": "::q::Cuenta tu experiencia. {}",
    "markup": "::q::[html]<b>¿Cuál?</b> {T#a#b}",
    "bad-character": "::q::¿Cuál?\x00 {T#a#b}",
    "moodle-ordering-count": "::q::Ordena {>ALL VERTICAL ALL_OR_NOTHING\na\nb\nc\nd\n####x}",
    "moodle-ordering-escape": "::q::Ordena {>3 ALL VERTICAL ALL_OR_NOTHING\na\\: 1\nb\nc\n####x}",
    "ordering-graded-otherwise": "::q::Ordena {>3 RANDOM VERTICAL RELATIVE_TO_CORRECT\na\nb\nc\n####x}",
    "ordering-first-step": "::q::Ordena {>3 ALL VERTICAL ALL_OR_NOTHING\n1 vaso\nb\nc\n####x}",
    "shown-in-order": "::q1::Ordena {>2 ALL VERTICAL ALL_OR_NOTHING\na\nb\n####x}",
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


SIGNS = """
:: ::q:: { } = ~ # #### %50% % -> .. : \\ \\n \\= >3 ALL T F a 3 * // $CATEGORY: [html] \ufdd1
"""
gift_like = st.lists(st.sampled_from([*SIGNS.split(), " ", "\n", "\n\n", "\r\n"]) | st.text(max_size=5)).map(
    "".join
)


@given(text=st.text() | gift_like | gift_like.map(lambda inside: "::q::¿Cuál? {" + inside + "}"))
def test_any_text_is_read_or_reported_and_never_stops_the_reader(text: str) -> None:
    found, problems = parse_gift(text, "banco.gift", 7)
    last = 7 + text.count("\n") + text.count("\r")
    assert all(7 <= problem.line <= last and problem.message and problem.code for problem in problems)
    assert all(isinstance(problem, Problem) for problem in problems)
    for exercise in found:
        TYPES[exercise.type].key(exercise)


words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="%[*"), min_size=1, max_size=20
).filter(lambda text: text.strip() == text and not text.startswith("//"))


def escaped(text: str) -> str:
    for sign in "\\~=#{}:":
        text = text.replace(sign, "\\" + sign)
    return text


@given(texts=st.lists(words, min_size=3, max_size=6, unique=True))
def test_what_is_escaped_comes_back_as_it_was(texts: list[str]) -> None:
    prompt, *options = texts
    written = "\n".join(
        f"{'~' if n else '='}{escaped(text)}#{escaped(prompt)}" for n, text in enumerate(options)
    )
    found, _ = parse_gift(f"::q::{escaped(prompt)} {{\n{written}\n}}", "banco.gift")
    if found:  # two texts may still be alike once folded
        assert sorted(option.text for option in found[0].options) == sorted(options)
        assert found[0].prompt == prompt
