"""Every check has a tiny course that it catches, at the right line, and that no other error hides."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sample_courses import EXPECTED, SAMPLES, before, cases, sample

from lms.course.checks import CHECKS, COMPARISONS, check_course, check_courses
from lms.course.checks.spelling import Spelling
from lms.course.draft import read_draft
from lms.course.edition import Edition, edition_of, published_editions
from lms.course.exercises import TYPES
from lms.course.gift import parse_gift
from lms.course.model import Problem
from lms.course.schema import ASSESSMENT, CHANGES, COURSE, LESSON, LESSON_TAGS, UNIT, course_problems
from lms.course.source import cut_gift, parse_toml
from lms.course.spelling import Dictionary

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "authoring.md"
PARTS = ("course", "heard", "history", "lessons", "likeness", "media", "questions", "reading", "spelling")
# Where problems of a course's files are made; the parser of questions has its own tests.
MAKERS = [
    "draft",
    "films",
    "glossary_source",
    "numbers",
    "schema",
    "source",
    "structure",
    *(f"checks/{part}" for part in PARTS),
]
# Checks that are made only when somebody asks for them, by the sample they find something in.
ASKED_FOR = {"spelling": lambda: Spelling(Dictionary(ROOT / "tests/course/dictionary/es.dic"))}
CODE = re.compile(r"code=\"([a-z0-9-]+)\"")


def told(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {problem.severity}: {problem.message}"


def found_in(case: str, tmp_path: Path) -> tuple[Problem, ...]:
    """What is found in a sample, beside the version published earlier if it has one."""
    folder, old = sample(case, tmp_path / "now"), before(case, tmp_path / "before")
    more = [ASKED_FOR[case]()] if case in ASKED_FOR else []
    (checked,) = check_courses([folder], published_editions(old) if old else (), more)
    return tuple(
        replace(problem, file=str(Path(problem.file).relative_to(folder))) for problem in checked.problems
    )


def editions(case: str, tmp_path: Path) -> tuple[Edition, Edition] | None:
    """The two versions of a sample that has two."""
    old, new = before(case, tmp_path / "before"), edition_of(read_draft(sample(case, tmp_path / "now")))
    return (published_editions(old)[0], new) if old and new else None


@pytest.mark.parametrize("case", cases())
def test_a_fault_is_found_where_it_is_and_nothing_else_is_an_error(case: str, tmp_path: Path) -> None:
    found = found_in(case, tmp_path)
    assert case in {problem.code for problem in found}
    assert {problem.code for problem in found if problem.severity == "error"} <= {case}
    expected = SAMPLES / case / EXPECTED
    if expected.exists():
        lines = [told(problem) for problem in found if problem.code == case]
        assert lines == expected.read_text("utf-8").splitlines()


def test_every_code_has_a_sample() -> None:
    codes = {
        code for name in MAKERS for code in CODE.findall((ROOT / f"lms/course/{name}.py").read_text("utf-8"))
    }
    assert codes - set(cases()) == set()


def test_every_check_finds_something_in_some_sample(tmp_path: Path) -> None:
    idle = set(CHECKS)
    for case in cases():
        draft = read_draft(sample(case, tmp_path / case))
        idle -= {check for check in idle if any(check(draft))}
    assert idle == set()


def test_every_comparison_finds_something_in_some_sample(tmp_path: Path) -> None:
    both = [pair for case in cases() if (pair := editions(case, tmp_path / case))]
    assert [check for check in COMPARISONS if not any(any(check(old, new)) for old, new in both)] == []


@pytest.mark.parametrize("check", [*CHECKS, *COMPARISONS], ids=lambda check: check.__name__)
def test_every_check_says_what_it_is_for(check: object) -> None:
    assert (check.__doc__ or "").strip().endswith(".")


def test_the_good_course_has_nothing_wrong_but_its_length(tmp_path: Path) -> None:
    assert {problem.code for problem in check_course(sample("good", tmp_path))} == {"word-count"}


def test_messages_are_sentences_in_spanish_that_say_what_to_do(tmp_path: Path) -> None:
    for case in cases():
        for problem in found_in(case, tmp_path / case):
            assert problem.message.endswith((".", "…", ")", "]", '"')), problem
            assert problem.code
            assert problem.file


def test_the_authors_guide_names_every_key_and_tag() -> None:
    guide = GUIDE.read_text("utf-8")
    keys = {key.name for table in (COURSE, UNIT, ASSESSMENT, CHANGES, LESSON, LESSON_TAGS) for key in table}
    assert {key for key in keys if not re.search(rf"\b{key}\b", guide)} == set()


def test_the_questions_of_the_authors_guide_are_right() -> None:
    cut = cut_gift(GUIDE.read_text("utf-8"))
    found = [parse_gift(block.text, "authoring.md", block.line) for block in cut.blocks]
    assert [problem for _, problems in found for problem in problems] == []
    assert {exercise.type for exercises, _ in found for exercise in exercises} == set(TYPES)


def test_the_course_of_the_authors_guide_is_right() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert list(course_problems(parse_toml("".join(blocks), "course.toml"))) == []
    assert len(blocks) == 2  # the course, and what is added to it when a new version is published
