"""A lesson is one article: the same bytes everywhere, with nothing to give away."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lms.course import pages
from lms.course.model import Course

ROOT = Path(__file__).parent.parent.parent
VOID = {"img", "br", "input", "hr"}
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^">]|"[^"]*")*>')


@pytest.fixture(scope="module")
def pozo(good: Course) -> str:
    return pages.article(good, good.lesson("el-pozo"))


def test_the_article_says_what_it_is(pozo: str) -> None:
    assert pozo.startswith(
        '<article class="lesson" id="el-pozo" data-course="agua" data-version="1.0.0" data-lesson="el-pozo" '
        'lang="es-PE">\n<header><p class="eyebrow">Lección 1.1 · 30 min</p>'
        '<h1 id="el-pozo--titulo" tabindex="-1">El pozo</h1>'
        '<p class="objective">Cuidar el pozo de la escuela.</p>'
    )
    assert pozo.endswith("</section>\n</article>")


def test_questions_stand_where_they_were_written(pozo: str) -> None:
    order = [pozo.index(text) for text in ("pozo-hondo", "Una más, después", "pozo-cubo", "Para recordar")]
    assert order == sorted(order)
    assert "\ue000" not in pozo


def test_a_form_carries_its_question_and_no_address(pozo: str, good: Course) -> None:
    rev = good.exercise("pozo-tapa").rev
    assert (
        '<form class="exercise" id="el-pozo--pozo-tapa" method="post" data-exercise="pozo-tapa" '
        f'data-type="single" data-rev="{rev}">' in pozo
    )
    assert '<button type="submit" name="exercise" value="pozo-tapa">Revisar</button>' in pozo
    assert "action=" not in pozo


def test_all_ids_carry_the_lesson_and_are_unique(course: Course) -> None:
    seen: set[str] = set()
    for lesson in course.lessons:
        ids = re.findall(r'<[^>]* id="([^"]*)"', pages.article(course, lesson))
        assert all(one == lesson.id or one.startswith(f"{lesson.id}--") for one in ids)
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)


def test_no_answer_is_in_an_article(course: Course) -> None:
    for lesson in course.lessons:
        html = pages.article(course, lesson)
        for exercise in lesson.exercises:
            said = [exercise.feedback, *(option.feedback for option in exercise.options)]
            assert not [feedback for feedback in said if feedback and feedback in html], exercise.name
        assert "checked" not in html
        assert "selected" not in html


def test_tags_are_closed_in_order(course: Course) -> None:
    units = [unit.assessment for unit in course.units if unit.assessment]
    articles = [pages.article(course, lesson) for lesson in course.lessons]
    for html in [*articles, *(pages.assessment_article(course, one) for one in units)]:
        open_tags: list[str] = []
        for closing, tag in TAG.findall(html):
            if closing:
                assert open_tags.pop() == tag
            elif tag not in VOID:
                open_tags.append(tag)
        assert open_tags == []


def test_the_same_sources_give_the_same_bytes_in_another_process(course: Course) -> None:
    program = (
        "import hashlib, sys; from pathlib import Path\n"
        "from lms.course import pages; from lms.course.loader import load_course\n"
        f"course = load_course(Path({str(course.folder)!r})).course\n"
        "html = ''.join(pages.article(course, lesson) for lesson in course.lessons)\n"
        "print(hashlib.sha256(html.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_article_is_light(course: Course) -> None:
    for lesson in course.lessons:
        size = len(gzip.compress(pages.article(course, lesson).encode(), 9))
        assert size <= 8 * 1024, f"{lesson.id}: {size} bytes"


def test_an_assessment_holds_its_whole_bank(good: Course) -> None:
    assessment = good.assessment("evaluacion-el-agua")
    html = pages.assessment_article(good, assessment)
    assert html.startswith('<article class="assessment" id="evaluacion-el-agua" data-course="agua"')
    assert f'data-rev="{assessment.rev}" data-draw="2"' in html
    assert re.findall('data-exercise="([^"]+)"', html) == [exercise.name for exercise in assessment.bank]
    assert "hidden" not in html


def test_keys_are_json_and_name_every_question(course: Course) -> None:
    exercises = [exercise for lesson in course.lessons for exercise in lesson.exercises]
    keys = json.loads(json.dumps(pages.keys(exercises)))
    assert list(keys) == [exercise.name for exercise in exercises]
    assert all(keys[exercise.name]["rev"] == exercise.rev for exercise in exercises)


def test_pictures_get_the_address_of_their_page(pozo: str) -> None:
    html = pages.with_media(pozo, lambda path: f"/cursos/agua/{path}?v=1&w=2")
    assert 'src="/cursos/agua/media/pozo.svg?v=1&amp;w=2"' in html
    assert pages.canonical(html) == pages.canonical(pozo)


def test_links_to_lessons_get_the_address_of_their_page(pozo: str) -> None:
    live = pages.with_links(pozo, lambda lesson: f"/cursos/agua/{lesson}")
    assert 'href="/cursos/agua/la-lluvia#la-lluvia--medir-la-lluvia"' in live
    export = pages.with_links(pozo, lambda lesson: f"#l/{lesson}")
    assert 'href="#la-lluvia--medir-la-lluvia"' in export
    assert pages.canonical(live) == pages.canonical(export) == pages.canonical(pozo)


def test_text_that_looks_like_an_address_is_left_alone() -> None:
    text = '<p>Escribe src="media/x.svg" y href="otra.md"</p>'
    html = text + '<img alt="2 > 1" src="media/x.svg"><a href="x.md">x</a>'
    found = pages.with_links(pages.with_media(html, lambda path: "M"), lambda lesson: "L")
    assert found == text + '<img alt="2 > 1" src="M"><a href="L">x</a>'
    assert pages.canonical(html) == text + '<img alt="2 > 1" src=""><a href="">x</a>'


def test_rendering_is_imported_only_to_render() -> None:
    program = "import sys; import lms.course.texts; print({'markdown', 'nh3'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"
