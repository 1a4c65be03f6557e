"""The words a course explains: where they are read from, and what somebody who asks is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.definitions import defined
from lms.course.glossary import FILE, glossary_file
from lms.course.glossary_source import read_glossary
from lms.course.loader import load_course
from lms.course.model import Course, Term
from lms.course.pages import article, glossary_article, terms, with_links

ROOT = Path(__file__).parent.parent.parent
VECTORS = json.loads((ROOT / "tests" / "vectors" / "glossary.json").read_text("utf-8"))
TERMS = [Term(one["id"], one["name"], "…") for one in VECTORS["terms"]]


@pytest.mark.parametrize("asked", VECTORS["queries"], ids=lambda asked: asked["query"])
def test_who_asks_for_a_term_is_told_what_it_means(asked: dict[str, object]) -> None:
    assert [term.id for term in defined(TERMS, str(asked["query"]))] == asked["defined"]


def test_a_course_without_its_own_glossary_has_the_shared_one(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "courses" / "agua", ignore=shutil.ignore_patterns(FILE))
    assert read_glossary(folder) == ((), [])

    (tmp_path / "content").mkdir()
    shutil.copy(GOOD / FILE, tmp_path / "content" / FILE)
    terms, problems = read_glossary(folder)
    assert [term.name for term in terms] == ["Pozo", "Agua segura (para beber)", "JASS"]
    assert not problems


def test_its_own_glossary_comes_first(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "courses" / "agua")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / FILE).write_text("not even toml", "utf-8")
    assert glossary_file(folder) == FILE
    assert len(read_glossary(folder)[0]) == 3


def test_a_glossary_with_a_fault_keeps_the_course_from_being_shown(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    (folder / FILE).write_text('[[terms]]\nid = "pozo"\nterm = "Pozo"\n', "utf-8")
    loaded = load_course(folder)
    assert loaded.course is None
    assert [(one.file, one.line, one.code) for one in loaded.problems] == [(FILE, 1, "missing-key")]


def test_the_page_has_every_term_at_its_anchor(good: Course) -> None:
    page = glossary_article(good)
    assert '<dt id="glosario--pozo">Pozo</dt><dd>Hoyo hondo del que se saca agua.</dd>' in page
    assert page.index("Términos") < page.index("Pozo") < page.index("Siglas") < page.index("JASS")


def test_a_lesson_links_to_a_term(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    lesson = folder / "lessons" / "el-pozo.md"
    lesson.write_text(lesson.read_text("utf-8").replace("Un pozo", "Un [pozo](glosario.md#pozo)"), "utf-8")
    course = load_course(folder).course
    assert course
    shown = with_links(article(course, course.lesson("el-pozo")), lambda other: f"/x/{other}")
    assert '<a href="/x/glosario#glosario--pozo">pozo</a>' in shown
    said = terms(course, article(course, course.lesson("el-pozo")))
    assert '<dt data-term="glosario--pozo">Pozo</dt><dd>Hoyo hondo del que se saca agua.</dd>' in said
    assert said.count("<dt") == 1


def test_a_lesson_that_links_to_no_term_carries_none(good: Course) -> None:
    assert terms(good, article(good, good.lesson("el-pozo"))) == ""


def test_the_shared_glossary_has_the_terms_and_acronyms_of_teacher_training() -> None:
    terms, problems = read_glossary(ROOT / "courses" / "guia-multigrado")
    assert not problems
    assert sum(not term.acronym for term in terms) >= 71
    assert sum(term.acronym for term in terms) >= 60
    assert all(term.meaning.strip() for term in terms)
    names = [term.name for term in terms if not term.acronym]
    assert names == sorted(names, key=_alphabetical)


def _alphabetical(name: str) -> str:
    return name.lower().translate(str.maketrans("áéíóúñ", "aeioun"))


@pytest.mark.parametrize("wrong", ["terms = 1", "acronyms = 5", "acronyms = true", "acronyms = {A = 3}"])
def test_a_glossary_of_the_wrong_shape_is_a_problem_and_no_fault(tmp_path: Path, wrong: str) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    (folder / FILE).write_text(wrong, "utf-8")
    loaded = load_course(folder)
    assert loaded.course is None
    assert {one.file for one in loaded.problems} == {FILE}
