"""What search reads: a lesson's text, heading by heading."""

import re

import pytest

from lms.course import pages
from lms.course.model import Course
from lms.course.texts import Passage, passages, plain


@pytest.fixture(scope="module")
def pozo(good: Course) -> dict[str, Passage]:
    return {passage.anchor: passage for passage in passages(good) if passage.lesson == "el-pozo"}


def test_each_heading_is_a_passage_with_its_anchor(pozo: dict[str, Passage]) -> None:
    assert list(pozo) == [
        "el-pozo--titulo",
        "el-pozo--situacion",
        "el-pozo--tapar-y-medir",
        "el-pozo--en-tu-aula-sin-senal",
        "el-pozo--comprobamos",
        "el-pozo--para-recordar",
        "el-pozo--imprimible",
    ]
    assert pozo["el-pozo--titulo"].text == "Cuidar el pozo de la escuela."
    assert pozo["el-pozo--titulo"].keywords == "pozo sucio, sacar agua"
    assert not any(one.keywords for anchor, one in pozo.items() if anchor != "el-pozo--titulo")
    assert pozo["el-pozo--situacion"] == Passage(
        "el-pozo",
        "El pozo",
        "el-agua",
        "el-pozo--situacion",
        "Situación",
        "Nélida mira el pozo de su escuela. El agua llegó turbia.",
    )


def test_text_is_plain_and_pictures_speak(pozo: dict[str, Passage]) -> None:
    assert pozo["el-pozo--tapar-y-medir"].text == (
        "Un pozo se tapa. Lee después cuándo llueve. Un pozo con tapa, visto de lado. El pozo, con su tapa. "
        "Nunca solo Nadie baja al pozo. Mes · Litros Enero · 5 000"
    )
    assert pozo["el-pozo--imprimible"].text == "Escribe aquí:"


def test_prompts_are_found_and_answers_are_not(pozo: dict[str, Passage]) -> None:
    text = pozo["el-pozo--comprobamos"].text
    assert text.startswith("Responde con calma. ¿Cómo queda el pozo de noche? Un niño puede bajar solo.")
    assert text.endswith("Una más, después del texto. ¿Con qué se saca el agua?")
    assert "Tapado" not in text
    assert "Así no cae nada" not in text


def test_every_anchor_is_in_its_article(course: Course) -> None:
    found = passages(course)
    for lesson in course.lessons:
        ids = set(re.findall(r'<[^>]* id="([^"]*)"', pages.article(course, lesson)))
        anchors = [passage.anchor for passage in found if passage.lesson == lesson.id]
        assert set(anchors) <= ids
        assert len(anchors) == len(set(anchors))
    assert all(passage.text and not re.search("<[a-z/]", passage.text) for passage in found)


def test_signs_of_html_are_read_as_text() -> None:
    assert plain("<p>5 &lt; 6 &amp; 7</p><p>a<br>b ______ c</p>") == "5 < 6 & 7 a b c"
