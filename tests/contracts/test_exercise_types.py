"""What every exercise type owes; a failure tells a newcomer what is still missing."""

import inspect
import json
from pathlib import Path

import pytest

from lms.course import exercises
from lms.course.exercises import TYPES, interior
from lms.course.gift import parse_gift
from lms.course.model import Exercise

HERE = Path(exercises.__file__).parent
VECTORS = Path(__file__).parent.parent / "vectors"
FOLDERS = sorted(folder.name for folder in HERE.iterdir() if (folder / "__init__.py").exists())


def vectors(name: str) -> list[dict[str, object]]:
    path = VECTORS / f"{name}.json"
    assert path.exists(), (
        f"{name} has no vectors: write tests/vectors/{name}.json, a list of answers and marks"
    )
    found: list[dict[str, object]] = json.loads(path.read_text("utf-8"))
    return found


def example(name: str) -> Exercise:
    found, problems = parse_gift(str(vectors(name)[0]["gift"]), "vectors.gift")
    assert len(found) == 1, f"the first vector of {name} must hold one question: {problems}"
    return found[0]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_is_named_in_types(folder: str) -> None:
    assert folder in TYPES, f"{folder} is not in TYPES: name it in lms/course/exercises/__init__.py"


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_its_files(name: str) -> None:
    for file, purpose in (
        ("__init__.py", "its grader"),
        ("exercise.html", "the inside of its fieldset, as a Jinja template"),
        ("exercise.js", "its browser twin"),
    ):
        assert (HERE / name / file).exists(), (
            f"{name} lacks {file}, {purpose}, in lms/course/exercises/{name}/"
        )


@pytest.mark.parametrize("name", TYPES)
def test_a_type_says_what_its_data_and_answer_are(name: str) -> None:
    module = inspect.getdoc(getattr(exercises, name)) or ""
    for word in ("data", "answer", "Key"):
        assert word in module, f"the docstring of {name} must say what its `{word}` holds"


@pytest.mark.parametrize("name", TYPES)
def test_vectors_cover_right_wrong_and_malformed_answers(name: str) -> None:
    marks = [vector["mark"] for vector in vectors(name)]
    assert 1.0 in marks, f"no vector of {name} earns the whole mark"
    assert 0.0 in marks, f"no vector of {name} earns nothing"
    assert any(vector["answer"] is None for vector in vectors(name)), f"no vector of {name} answers null"


@pytest.mark.parametrize("name", TYPES)
def test_vectors_hold_todays_key(name: str) -> None:
    for vector in vectors(name):
        (exercise,), _ = parse_gift(str(vector["gift"]), "vectors.gift")
        key = json.loads(json.dumps(TYPES[name].key(exercise)))
        assert vector["key"] == key, (
            f"«{vector['name']}»: today's key is {json.dumps(key, ensure_ascii=False)}"
        )


@pytest.mark.parametrize("name", TYPES)
def test_the_grader_agrees_with_the_vectors(name: str) -> None:
    for vector in vectors(name):
        grade = TYPES[name].grade(vector["key"], vector["answer"])  # type: ignore[arg-type]
        expected = (vector["mark"], vector["feedback"])
        assert (grade.mark, list(grade.feedback)) == expected, vector["name"]


@pytest.mark.parametrize("name", TYPES)
def test_the_right_answer_can_be_said_in_words(name: str) -> None:
    kind, exercise = TYPES[name], example(name)
    right, why = kind.solution(exercise)
    assert right, f"solution() of {name} says no right answer"
    assert all(part.strip() for part in (*right, *why))
    assert not exercise.feedback or why[-1] == exercise.feedback


@pytest.mark.parametrize("name", TYPES)
def test_the_twin_registers_itself(name: str) -> None:
    script = exercises.script(name).read_text("utf-8")
    assert f"exercises.{name} = {{" in script, f"exercise.js of {name} must set lms.exercises.{name}"
    assert len(script.splitlines()) <= 100, f"exercise.js of {name} is longer than 100 lines"
    for novelty in ("?.", "??", "...", "import ", "replaceChildren", ".finally("):
        assert novelty not in script, f"exercise.js of {name} uses {novelty}, which Chromium 61 lacks"


@pytest.mark.parametrize("name", TYPES)
def test_the_form_has_a_legend_labels_and_no_key(name: str) -> None:
    exercise = example(name)
    html = str(interior(exercise))
    assert html.count("<legend>") == 1, f"exercise.html of {name} must begin with one <legend>, the prompt"
    fields = html.count("<input") + html.count("<select") + html.count("<textarea")
    assert 0 < fields == html.count("<label"), f"every field of {name} must stand in a <label> of its own"
    assert " id=" not in html, f"{name} must not use ids: the same question may stand twice in a document"
    assert exercise.rev not in html
    assert not exercise.feedback or exercise.feedback not in html, f"the form of {name} gives the answer away"


@pytest.mark.parametrize("name", TYPES)
def test_an_authors_signs_are_text_and_never_markup(name: str) -> None:
    gift = str(vectors(name)[0]["gift"])
    end = gift.index("::", 2) + 2
    (exercise,), _ = parse_gift(gift[:end] + "<script>&" + gift[end:], "vectors.gift")
    html = str(interior(exercise))
    assert "<script>" not in html
    assert "&lt;script&gt;&amp;" in html


@pytest.mark.parametrize("name", TYPES)
def test_an_answer_goes_into_the_form_and_comes_out_of_it(name: str) -> None:
    kind = TYPES[name]
    for vector in vectors(name):
        (exercise,), _ = parse_gift(str(vector["gift"]), "vectors.gift")
        given = vector["answer"] if kind.valid(kind.key(exercise), vector["answer"]) else None
        assert kind.from_form(exercise, kind.to_form(exercise, vector["answer"])) == given, vector["name"]


@pytest.mark.parametrize("name", TYPES)
def test_an_empty_form_is_no_answer(name: str) -> None:
    assert TYPES[name].from_form(example(name), {}) is None
