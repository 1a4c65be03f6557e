"""The list of courses, a course, its keys and its media."""

from __future__ import annotations

import json
import re

from cast import COURSE
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.web.covers import cover, stitches


def test_the_list_offers_every_course(browser: TestClient, course: Course) -> None:
    page = browser.get("/").text
    assert f'href="/cursos/{course.id}"' in page
    assert "Por empezar" in page
    assert "Seguir donde me quedé" not in page


def test_after_a_lesson_it_says_where_to_go_on(browser: TestClient, course: Course) -> None:
    first, second = course.lessons[:2]
    browser.post(f"/cursos/{course.id}/{first.id}", data={"complete": first.id})
    page = browser.get("/").text
    assert "Seguir donde me quedé" in page
    assert f'href="/cursos/{course.id}/{second.id}"' in page
    assert "Seguir donde me quedé" in browser.get(f"/cursos/{course.id}").text


def test_an_unfinished_lesson_comes_before_the_first_one(browser: TestClient, course: Course) -> None:
    third = course.lessons[2]
    exercise = next(one for one in third.exercises if one.type == "single")
    browser.post(f"/cursos/{course.id}/{third.id}", data={"exercise": exercise.name, "answer": "0"})
    assert f'<a class="button" href="/cursos/{course.id}/{third.id}"' in browser.get("/").text


def test_a_course_lists_units_lessons_assessments_and_files(browser: TestClient, course: Course) -> None:
    page = browser.get(f"/cursos/{course.id}").text
    for unit in course.units:
        assert unit.product in page
        assert all(f'href="/cursos/{course.id}/{lesson.id}"' in page for lesson in unit.lessons)
        assert unit.assessment is None or f"/evaluaciones/{unit.assessment.id}" in page
    assert f"/cursos/{course.id}/descargar/site" in page
    assert f"/cursos/{course.id}/descargar/single" in page


def test_keys_are_kept_for_good_under_the_name_of_their_content(browser: TestClient, course: Course) -> None:
    lesson = course.lessons[0]
    page = browser.get(f"/cursos/{course.id}/{lesson.id}").text
    found = re.search(r'<script src="(/cursos/[^"]+/claves/[^"]+)"', page)
    assert found is not None
    answer = browser.get(found[1])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert browser.get(found[1].partition("?")[0]).headers["cache-control"] == "public, no-cache"
    outline, keys = re.fullmatch(r"lms\.outline\((.*)\);\nlms\.keys\((.*)\);\n", answer.text).groups()  # type: ignore[union-attr]
    assert json.loads(outline)["course"] == course.id
    assert course.title not in answer.text, "a course's title is not worth fetching all keys again"
    lessons = course.units[0].lessons
    assert set(json.loads(keys)) == {exercise.name for lesson in lessons for exercise in lesson.exercises}


def test_media_answers_byte_ranges_and_runs_nothing(browser: TestClient, course: Course) -> None:
    media = course.media[0]
    url = f"/cursos/{course.id}/{media.path}?v={media.sha256[:12]}"
    whole = browser.get(url)
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in whole.headers["content-security-policy"]
    part = browser.get(url, headers={"range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    assert browser.get(f"/cursos/{course.id}/media/otra.svg").status_code == 404
    assert browser.get(f"/cursos/{course.id}/media/..%2fcourse.toml").status_code == 404


def test_each_course_has_its_own_cover_and_always_the_same() -> None:
    assert cover("a") == cover("a")
    assert cover("aula-multigrado") != cover("guia-eib")
    assert "style=" not in cover("a")
    woven = [tuple(stitches(folder.name)) for folder in COURSE.parent.iterdir() if folder.is_dir()]
    assert len(woven) == len(set(woven)), "two courses on one shelf look alike"
