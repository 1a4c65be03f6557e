"""The results page, as a browser without JavaScript gets it."""

import html
import re

import pytest
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("data")
    settings = Settings.load({"LMS_DATA": str(data), "LMS_PACKS": str(data / "packs")})
    with TestClient(create_app(settings)) as opened:
        yield opened


def text_of(answer):
    assert answer.status_code == 200, answer.text[:500]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_results_lead_to_their_place_in_the_lesson(client):
    page = client.get("/buscar", params={"q": "celular mojado arroz"}).text
    assert 'href="/cursos/alfabetizacion-digital/cuidar-el-equipo#cuidar-el-equipo--si-se-mojo"' in page
    assert "<mark>arroz</mark>" in page


def test_a_lesson_is_listed_once(client):
    page = client.get("/buscar", params={"q": "batería"}).text
    titles = re.findall(r"<li>\s*<h2><a[^>]*>([^<]+)", page)
    assert len(titles) == len(set(titles)) > 1


def test_nothing_asked(client):
    assert "Escribe una o varias palabras" in text_of(client.get("/buscar"))


def test_nothing_found_offers_a_way_on(client):
    page = client.get("/buscar", params={"q": "xyzw"})
    assert "No encontramos «xyzw»" in text_of(page)
    assert 'href="/cursos/alfabetizacion-digital"' in page.text


def test_a_typo_is_corrected(client):
    page = client.get("/buscar", params={"q": "bateira"})
    assert "Quizá quisiste decir «batería»" in text_of(page)
    assert "q=bater%C3%ADa" in page.text


def test_a_query_too_long_is_cut_and_said_so(client):
    assert "primeras 100 letras" in text_of(client.get("/buscar", params={"q": "batería " * 50}))


def test_what_is_typed_is_shown_as_text(client):
    page = client.get("/buscar", params={"q": '<img src=x onerror="alert(1)">'}).text
    assert "<img src=x" not in page


def test_one_course(client):
    page = client.get("/buscar", params={"q": "batería", "curso": "alfabetizacion-digital"})
    assert "en «Alfabetización Digital»" in text_of(page)
    assert client.get("/buscar", params={"q": "batería", "curso": "otro"}).status_code == 404


def test_a_word_that_is_everywhere_says_where_to_look_first_and_no_number(client):
    said = text_of(client.get("/buscar", params={"q": "docente"}))
    assert "Está en muchos lugares. Mira primero estas lecciones." in said
    assert not re.search(r"\d+ lugares", said)
    assert re.search(r"\d lugar(es)? en \d+ lecci", text_of(client.get("/buscar", params={"q": "arroz"})))
