"""Search over the four courses, by what teachers type: no accents, everyday words, plurals, wrong letters.

`queries.json` gives for each query the lessons that answer it. The list is not there to be passed by heart: a query
that finds nothing useful is added as somebody typed it, and what is missing goes to a lesson's `keywords`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import ROOT

from lms.course.loader import load_courses
from lms.search.index import Index
from lms.search.query import find
from lms.search.service import prepare

QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text("utf-8"))
SHARE = 0.9  # of the queries have a lesson that answers among the first three


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    courses, _ = load_courses(ROOT / "courses")
    opened = Index(prepare(tmp_path_factory.mktemp("search") / "search", list(courses.values())))
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


def test_every_lesson_on_the_list_exists() -> None:
    lessons = {
        lesson.id for course in load_courses(ROOT / "courses")[0].values() for lesson in course.lessons
    }
    assert {name for asked in QUERIES for name in asked["lessons"]} <= lessons
