"""A lesson that became another one: finished before, it asks to be seen again, and nothing else is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sample_courses import sample
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings

COURSE = "/cursos/agua"
CHANGED = "Cambió: vuelve a verla"


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    sample("good", tmp_path / "courses")
    return Settings.load(
        {
            "LMS_DATA": str(tmp_path / "data"),
            "LMS_COURSES": str(tmp_path / "courses"),
            "LMS_PACKS": str(tmp_path / "packs"),
        }
    )


@contextmanager
def visit(site: Settings, cookies: dict[str, str]) -> Iterator[TestClient]:
    """One browser without JavaScript at the site, started anew; `cookies` are what it keeps."""
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(site), headers=headers, cookies=cookies, follow_redirects=False) as client:
        yield client
        cookies.update(client.cookies)


def publish_another_lesson(site: Settings) -> None:
    """«La lluvia» becomes another lesson in version 2.0.0."""
    file = site.courses / "agua" / "course.toml"
    text = file.read_text("utf-8").replace('version = "1.0.0"', 'version = "2.0.0"')
    file.write_text(f'{text}\n[changes.major]\nla-lluvia = "2.0.0"\n', "utf-8")


def test_it_asks_to_be_seen_again_wherever_it_is_listed_until_it_is(site: Settings) -> None:
    cookies: dict[str, str] = {}
    with visit(site, cookies) as browser:
        for lesson in ("el-pozo", "la-lluvia"):
            browser.post(f"{COURSE}/{lesson}", data={"complete": lesson})
        browser.post(f"{COURSE}/la-lluvia", data={"exercise": "lluvia-hora", "answer": "true"})
        assert "<b>66 %</b>" in browser.get(COURSE).text
        assert CHANGED not in browser.get(COURSE).text
    publish_another_lesson(site)
    with visit(site, cookies) as browser:
        course = browser.get(COURSE).text
        assert course.count(CHANGED) == 1
        assert "<b>33 %</b>" in course
        assert "1 de 2 lecciones hechas" in course
        assert f'<a class="button" href="{COURSE}/la-lluvia">' in course
        progress = browser.get("/mi-avance").text
        assert re.search(rf'<a href="{COURSE}/la-lluvia"><span class="state changed">.*1.2 cambió', progress)
        assert "Cambió, vuelve a verla: " in browser.get(f"{COURSE}/el-pozo").text
        lesson = browser.get(f"{COURSE}/la-lluvia").text
        assert CHANGED in lesson
        assert 'name="complete" value="la-lluvia"' in lesson
        assert 'data-since="2.0.0"' in lesson
        assert "data-since" not in browser.get(f"{COURSE}/el-pozo").text
        browser.post(f"{COURSE}/la-lluvia", data={"complete": "la-lluvia"})
        assert CHANGED not in browser.get(COURSE).text
        assert "<b>66 %</b>" in browser.get(COURSE).text
        assert "Lección hecha" in browser.get(f"{COURSE}/la-lluvia").text
