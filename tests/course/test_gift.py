"""Each kind of question, as Moodle reads it."""

import pytest
from gift_reading import problems_of, read, weights

from lms.course.gift import parse_gift


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


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("T#a#b", "truefalse"),
        ("=T#a =%0%*#b", "short"),
        ("=T#a ~F#b", "single"),
        ("~%100%T#a ~%-50%F#b", "multiple"),
        ("=a -> b =c -> d =e -> f####x", "matching"),
        ("=a -> b#x ~c#y", "single"),
        ("#5####x", "numerical"),
        (">3 ALL VERTICAL ALL_OR_NOTHING\na = b\nc ~ d\ne -> f####x", "ordering"),
    ],
)
def test_the_first_sign_that_tells_decides_the_kind(answers: str, kind: str) -> None:
    assert read(f"::q::¿Qué? {{{answers}}}").type == kind


@pytest.mark.parametrize("word", ["true", "Verdadero", "V", "False", "t"])
def test_only_four_words_in_capitals_mean_true_or_false(word: str) -> None:
    (found,), problems = parse_gift(f"::q::Es así. {{{word}}}", "banco.gift")
    assert (found.type, found.options[0].text) == ("short", word)
    assert "{T} o {F}" in problems[0].message


def test_a_partly_right_choice_beside_the_right_one() -> None:
    exercise = read("::q::¿Cuál? {~%-50%a#1 ~%50%b#2 ~%0%c#3 =d#4}")
    assert exercise.type == "single"
    assert weights(exercise) == {"a": -0.5, "b": 0.5, "c": 0, "d": 1}


@pytest.mark.parametrize(
    ("written", "weight"),
    [
        ("90", 0.9),
        ("50.", 0.5),
        ("33.33333", 0.3333333),
        ("66.6666666666", 0.6666667),
        ("-14.28571", -0.1428571),
    ],
)
def test_a_weight_is_the_one_that_moodle_knows(written: str, weight: float) -> None:
    assert weights(read(f"::q::¿Cuál? {{=a#1 ~%{written}%b#2}}"))["b"] == weight


def test_a_lone_percent_sign_is_text() -> None:
    assert weights(read("::q::¿Qué signo es? {=%#Sí. ~$#No. ~% anual#No.}")) == {"%": 1, "$": 0, "% anual": 0}
    assert weights(read("::q::¿Cuánto? {=[plain]%50%#Sí. ~5#No.}")) == {"%50%": 1, "5": 0}


def test_each_case_of_true_or_false_has_its_own_sentence() -> None:
    exercise = read("::q::Así es. { TRUE # no # sí # y más }")
    assert (exercise.data["when_wrong"], exercise.data["when_right"]) == ("no", "sí # y más")


@pytest.mark.parametrize(
    ("number", "span"),
    [
        ("5", [5, 0]),
        ("5:2", [5, 2]),
        (" 5 : 0.5 ", [5, 0.5]),
        ("1..5", [3, 2]),
        ("-1 .. .5", [-0.25, 0.75]),
        ("-2:1", [-2, 1]),
        ("1e3:1", [1000, 1]),
        ("2\\:1", [2, 1]),
        ("=0", [0, 0]),
        ("0:0.5", [0, 0.5]),
    ],
)
def test_a_number_with_its_tolerance_or_its_range(number: str, span: list[float]) -> None:
    assert read(f"::q::¿Cuánto? {{#{number}#a####x}}").data["ranges"] == [span]


def test_a_weight_before_a_number() -> None:
    exercise = read("::q::¿Cuánto? {#=%100%5:0#a =%50%1..9#b ~#c####x}")
    assert exercise.data["ranges"] == [[5, 0], [5, 4], None]
    assert [(one.weight, one.feedback) for one in exercise.options] == [(1, "a"), (0.5, "b"), (0, "c")]


@pytest.mark.parametrize(
    "number", ["3,5", "cinco", "5:", "5:-1", "..5", "5..1", "1..2:1", "5 m", "", "1e999"]
)
def test_what_moodle_would_take_for_any_number_is_refused(number: str) -> None:
    assert "bad-number" in [code for _, code in problems_of(f"::q::¿Cuánto? {{#={number}#a####x}}")]


def test_only_the_first_arrow_parts_a_pair() -> None:
    exercise = read("::q::Empareja {=a -> b -> c =d ->e =f-> -> ####x}")
    assert exercise.data["lefts"] == ["a", "d", "f"]
    assert sorted(exercise.data["rights"]) == ["->", "b -> c", "e"]


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
