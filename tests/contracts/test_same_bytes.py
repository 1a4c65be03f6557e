"""A lesson is one fragment: live, in the site pack and in the single file."""

from __future__ import annotations

import io
import json
import re
import urllib.request
import zipfile

import pytest
from cast import Server

from lms.course import pages
from lms.course.model import Course
from lms.packs.formats import FORMATS

ARTICLE = re.compile(r'<article class="lesson" id="([a-z0-9-]+)".*?</article>', re.DOTALL)


def _articles(html: str) -> dict[str, str]:
    return {found.group(1): pages.canonical(found.group(0)) for found in ARTICLE.finditer(html)}


@pytest.fixture(scope="module")
def site(course: Course) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(FORMATS["site"].write(course))) as archive:
        return _articles(archive.read("ABRIR-AQUI.html").decode())


@pytest.fixture(scope="module")
def single(course: Course) -> dict[str, str]:
    return _articles(FORMATS["single"].write(course).decode())


def test_every_lesson_is_the_same_in_both_exports(
    course: Course, site: dict[str, str], single: dict[str, str]
) -> None:
    assert set(site) == {lesson.id for lesson in course.lessons}
    assert site == single


def test_every_lesson_is_the_same_live(course: Course, site: dict[str, str], server: Server) -> None:
    for lesson in course.lessons:
        with urllib.request.urlopen(f"{server.url}/cursos/{course.id}/{lesson.id}") as answer:
            assert _articles(answer.read().decode())[lesson.id] == site[lesson.id]


def test_no_article_holds_a_key(course: Course, site: dict[str, str]) -> None:
    for lesson in course.lessons:
        article = site[lesson.id]
        for exercise in lesson.exercises:
            for option in exercise.options:
                if option.feedback:
                    assert json.dumps(option.feedback, ensure_ascii=False)[1:-1] not in article
            assert not exercise.feedback or exercise.feedback not in article
        assert not re.search(r"data-(key|weight|right|correct|mark)", article)


def test_every_id_is_prefixed_by_its_lesson(course: Course, site: dict[str, str]) -> None:
    for lesson in course.lessons:
        ids = re.findall(r'\sid="([^"]+)"', site[lesson.id])
        assert len(ids) == len(set(ids))
        assert all(one == lesson.id or one.startswith(f"{lesson.id}--") for one in ids)
