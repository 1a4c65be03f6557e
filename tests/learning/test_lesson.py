"""A lesson in a page: the canonical article in a person's shell, and answers without JavaScript."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from lms.course import pages
from lms.course.model import Course, Exercise, Lesson
from lms.learning.marked import feedback
from lms.learning.pieces import Piece, gzipped, joined
from lms.people import links
from lms.web.assets import csp_hash, early

ARTICLE = re.compile(r'<article class="lesson".*?</article>', re.DOTALL)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return course.lessons[4]


@pytest.fixture
def url(course: Course, lesson: Lesson) -> str:
    return f"/cursos/{course.id}/{lesson.id}"


@pytest.fixture
def single(lesson: Lesson) -> Exercise:
    return next(exercise for exercise in lesson.exercises if exercise.type == "single")


def position_of(exercise: Exercise, *, right: bool) -> str:
    return str(next(n for n, option in enumerate(exercise.options) if (option.weight == 1) is right))


def test_the_article_is_the_canonical_one(
    browser: TestClient, course: Course, lesson: Lesson, url: str
) -> None:
    found = ARTICLE.search(browser.get(url).text)
    assert found is not None
    assert pages.canonical(found[0]) == pages.canonical(pages.article(course, lesson))


def test_pictures_and_links_lead_somewhere(browser: TestClient, course: Course) -> None:
    for lesson in course.lessons[:4]:
        html = browser.get(f"/cursos/{course.id}/{lesson.id}").text
        for address in re.findall(r'(?:src|href)="(/cursos/[^"#]+)', html):
            if "/descargar/" not in address:
                assert browser.get(address.replace("&amp;", "&")).status_code == 200, address


def test_it_answers_304_until_something_of_ours_changes(
    browser: TestClient, lesson: Lesson, url: str
) -> None:
    tag = browser.get(url).headers["etag"]
    again = browser.get(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    browser.post(url, data={"complete": lesson.id})
    assert browser.get(url, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("known", [False, True])
def test_plain_and_compressed_pages_are_the_same(
    browser: TestClient, lesson: Lesson, url: str, known: bool
) -> None:
    if known:
        browser.post(url, data={"complete": lesson.id})
    plain = browser.get(url, headers={"accept-encoding": "identity"})
    zipped = browser.get(url, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert zipped.text == plain.text


def test_a_sheet_by_itself_brings_its_own_style(browser: TestClient, url: str) -> None:
    answer = browser.get(url, params={"imprimir": "hoja"})
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", answer.text, re.DOTALL)
    assert ".sheet .printable" in inline[-1]
    assert all(csp_hash(text) in answer.headers["content-security-policy"] for text in inline)


@pytest.mark.parametrize("known", [False, True])
def test_the_policy_allows_exactly_the_styles_of_the_lesson(
    browser: TestClient, lesson: Lesson, url: str, known: bool
) -> None:
    if known:
        browser.post(url, data={"complete": lesson.id})
    answer = browser.get(url)
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", answer.text, re.DOTALL)
    hashes = [csp_hash(text).removeprefix("sha256-") for text in inline]
    assert inline[0] == early()
    assert len(hashes) == 2
    assert re.findall(r"'sha256-([^']+)'", answer.headers["content-security-policy"]) == hashes


def test_pieces_make_one_valid_gzip_member() -> None:
    pieces = [Piece.of("Año " * 500), Piece.of(""), Piece.of("ñandú"), Piece.of("x" * 70_000)]
    assert gzip.decompress(gzipped(pieces)) == joined(pieces)


def test_a_right_answer_is_kept_and_praised(browser: TestClient, url: str, single: Exercise) -> None:
    answer = browser.post(url, data={"exercise": single.name, "answer": position_of(single, right=True)})
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert where.fragment.endswith(f"--{single.name}")
    page = browser.get(f"{where.path}?{where.query}").text
    form = page[page.index(f'--{single.name}"') :].partition("</form>")[0]
    assert 'data-state="right"' in form
    assert "Muy bien" in form
    assert form.count(" checked") == 1
    assert "Empezada" in page


def test_a_wrong_answer_is_explained(browser: TestClient, url: str, single: Exercise) -> None:
    wrong = int(position_of(single, right=False))
    page = browser.get(url, params={"ejercicio": single.name, "answer": wrong}).text
    assert "Todavía no: mira por qué" in page
    assert single.options[wrong].feedback in page


def test_each_choice_of_several_is_marked_by_its_own_weight(browser: TestClient, course: Course) -> None:
    lesson = next(one for one in course.lessons if any(it.type == "multiple" for it in one.exercises))
    exercise = next(it for it in lesson.exercises if it.type == "multiple")
    every = list(range(len(exercise.options)))
    params = {"ejercicio": exercise.name, "answer": every}
    page = browser.get(f"/cursos/{course.id}/{lesson.id}", params=params).text
    form = page[page.index(f'--{exercise.name}"') :].partition("</form>")[0]
    assert 'data-result="' in form.partition(">")[0]
    marks = re.findall(r'<label class="choice" data-given="(right|wrong)">', form)
    assert marks == ["right" if option.weight > 0 else "wrong" for option in exercise.options]


def test_each_pair_made_is_marked_and_one_left_open_is_not(browser: TestClient, course: Course) -> None:
    lesson = next(one for one in course.lessons if any(it.type == "matching" for it in one.exercises))
    exercise = next(it for it in lesson.exercises if it.type == "matching")
    pairs = exercise.data["pairs"]
    made = [pairs[0], next(right for right in pairs if right != pairs[1]), *pairs[2:-1]]
    params: dict[str, str | int] = {f"m{left}": right for left, right in enumerate(made)}
    page = browser.get(f"/cursos/{course.id}/{lesson.id}", params={"ejercicio": exercise.name, **params}).text
    form = page[page.index(f'--{exercise.name}"') :].partition("</form>")[0]
    assert "Vas bien, te falta una parte" in form
    marks = re.findall(r'<label class="match"(?: data-given="(\w+)")?>', form)
    assert marks == ["right", "wrong", *("right" for _ in pairs[2:-1]), ""]


def test_an_empty_answer_is_asked_for_again_and_not_kept(
    browser: TestClient, url: str, single: Exercise
) -> None:
    answer = browser.post(url, data={"exercise": single.name})
    assert "Elige o escribe tu respuesta" in browser.get(answer.headers["location"]).text
    assert "chaski_device" not in browser.cookies


def test_what_was_written_comes_back_as_text(browser: TestClient, lesson: Lesson, url: str) -> None:
    typed = next(exercise for exercise in lesson.exercises if exercise.type == "numerical")
    page = browser.get(url, params={"ejercicio": typed.name, "answer": '"><script>x()</script>'}).text
    assert "<script>x()" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page


def _after_finishing(browser: TestClient, url: str, lesson: Lesson) -> str:
    """What stands at the end of the lesson's page once «Terminé esta lección» was pressed."""
    before = browser.get(url).text
    assert "Terminé esta lección" in before
    assert "Lección hecha" not in before
    answer = browser.post(url, data={"complete": lesson.id})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{url}#hecha")
    page = browser.get(url).text
    assert "Terminé esta lección" not in page
    return page[page.index('id="hecha"') :].partition("</form>")[0]


def test_a_finished_lesson_says_so_and_leads_to_the_next(
    browser: TestClient, course: Course, lesson: Lesson, url: str
) -> None:
    said = _after_finishing(browser, url, lesson)
    assert "Lección hecha" in said
    assert f'<a class="button" href="/cursos/{course.id}/{course.lessons[5].id}">' in said
    assert "Ir a la lección siguiente" in said


def test_the_last_lesson_of_a_unit_leads_to_its_assessment(browser: TestClient, course: Course) -> None:
    unit = course.units[0]
    last = unit.lessons[-1]
    said = _after_finishing(browser, f"/cursos/{course.id}/{last.id}", last)
    assert unit.assessment is not None
    assert f'href="/cursos/{course.id}/evaluaciones/{unit.assessment.id}"' in said
    assert "Ir a la evaluación" in said


def test_only_the_sheet_can_be_printed(browser: TestClient, url: str) -> None:
    page = browser.get(url, params={"imprimir": "hoja"}).text
    assert '<body class="sheet">' in page
    assert "Volver a la lección" in page
    assert "<body>" in browser.get(url).text


def test_the_page_says_who_is_here(browser: TestClient, url: str, sign_up: Callable[[], None]) -> None:
    before = browser.get(url).text
    sign_up()
    after = browser.get(url).text
    assert "Ingresar" in before
    assert "Nélida Quispe" in after


def test_a_guest_whose_profile_is_somebodys_by_now_begins_with_another(
    browser: TestClient, url: str, lesson: Lesson
) -> None:
    browser.post(url, data={"complete": "1"})
    before = json.loads(browser.get("/session.js").text.split("session = ", 1)[1].rstrip(";\n"))["profile"]
    db = browser.app.state.site.db
    act = partial(links.vouch, db, before, "nelida", by="nelida", at="2026-11-23T13:40:00.000Z")
    browser.portal.call(act)
    assert "Lección hecha" not in browser.get(url).text

    browser.post(url, data={"complete": "1"})
    rows = browser.portal.call(db.rows, "SELECT profile FROM events ORDER BY number")
    assert [row["profile"] == before for row in rows] == [True, False]
    assert "Lección hecha" in browser.get(url).text


@pytest.mark.parametrize("name", ["no-existe", "..", "claves"])
def test_what_is_not_there_says_what_to_do(browser: TestClient, course: Course, name: str) -> None:
    answer = browser.get(f"/cursos/{course.id}/{name}")
    assert answer.status_code in (404, 200)  # «..» is the list of courses' parent: browsers fold it
    if answer.status_code == 404:
        assert "Vuelve" in answer.text
    assert (
        browser.post(f"/cursos/{course.id}/{course.lessons[0].id}", data={"exercise": "x"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (0.0, "Todavía no: mira por qué"),
        (0.25, "Todavía no: tienes una parte bien"),
        (0.5, "Vas bien, te falta una parte"),
        (1.0, "Muy bien"),
    ],
)
def test_a_mark_is_said_honestly_and_kindly(mark: float, words: str) -> None:
    assert words in feedback(mark, ())
