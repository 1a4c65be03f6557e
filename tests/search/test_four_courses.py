"""Search over the four courses, by what teachers type: no accents, everyday words, plurals, wrong letters.

`queries.json` gives for each query the lessons that answer it. The list is not there to be passed by heart: a query
that finds nothing useful is added as somebody typed it, and what is missing goes to a lesson's `keywords`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import ROOT
from search.twins import check

from lms.course.loader import load_courses
from lms.course.model import Course
from lms.course.texts import passages
from lms.search.index import Index
from lms.search.query import find
from lms.search.service import prepare
from lms.search.shown import shown

QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text("utf-8"))
SHARE = 0.9  # of the queries have a lesson that answers among the first three


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    return list(load_courses(ROOT / "courses")[0].values())


@pytest.fixture(scope="module")
def shelf(courses: list[Course], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    opened = Index(prepare(tmp_path_factory.mktemp("search") / "search", courses))
    yield opened
    opened.close()


def first_three(shelf: Index, query: str) -> list[str]:
    return list(dict.fromkeys(hit.lesson for hit in find(shelf, query).hits))[:3]


def test_nine_in_ten_queries_find_their_lesson_among_the_first_three(shelf: Index) -> None:
    lost = [
        f"{asked['query']}: {', '.join(found)}"
        for asked in QUERIES
        if not set(found := first_three(shelf, asked["query"])) & set(asked["lessons"])
    ]
    assert len(QUERIES) >= 60
    assert len(QUERIES) - len(lost) >= SHARE * len(QUERIES), "\n".join(lost)


def test_every_hit_shows_a_word_that_it_was_found_by(shelf: Index) -> None:
    for asked in QUERIES:
        found = find(shelf, asked["query"])
        for hit in found.hits:
            _, heading, phrase = shown(hit, found.sought)
            assert any(piece.mark for piece in (*hit.extract, *heading, *phrase)), (asked["query"], hit)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_a_pack_finds_and_marks_the_same(shelf: Index, courses: list[Course], tmp_path: Path) -> None:
    texts = [(course.id, one) for course in courses for one in passages(course)]
    check(shelf, texts, [asked["query"] for asked in QUERIES], tmp_path)


def test_every_lesson_on_the_list_exists(courses: list[Course]) -> None:
    lessons = {lesson.id for course in courses for lesson in course.lessons}
    assert {name for asked in QUERIES for name in asked["lessons"]} <= lessons
