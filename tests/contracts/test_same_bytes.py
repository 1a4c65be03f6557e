"""A lesson is one fragment: live and in every export."""

from __future__ import annotations

import io
import json
import re
import urllib.request
import zipfile
from pathlib import Path

import pytest
from cast import Server
from libzim.reader import Archive

from lms.course import pages
from lms.course.model import Course
from lms.packs.formats import FORMATS
from lms.packs.xhtml import xhtml

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


def test_every_lesson_is_the_same_in_a_platform(course: Course, site: dict[str, str]) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(course))) as archive:
        for lesson in course.lessons:
            assert _articles(archive.read(f"l-{lesson.id}.html").decode())[lesson.id] == site[lesson.id]


def test_every_lesson_is_the_same_in_kiwix(course: Course, site: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "curso.zim").write_bytes(FORMATS["zim"].write(course))
    archive = Archive(tmp_path / "curso.zim")
    for lesson in course.lessons:
        page = bytes(archive.get_entry_by_path(f"l-{lesson.id}.html").get_item().content).decode()
        assert _articles(page)[lesson.id] == site[lesson.id]


def test_every_lesson_is_the_same_in_a_book_but_for_the_syntax_of_xml(
    course: Course, site: dict[str, str]
) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["epub"].write(course))) as archive:
        for lesson in course.lessons:
            written = archive.read(f"EPUB/l-{lesson.id}.xhtml").decode()
            assert _articles(written)[lesson.id] == xhtml(site[lesson.id])


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
