"""The list of what a kept course needs, and the pages that only a kept course has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from lms.course.model import Course

HERE = "/cursos/alfabetizacion-digital"
JSON = dict[str, Any]


@pytest.fixture
def listed(browser: TestClient) -> JSON:
    found: JSON = browser.get(f"{HERE}/sin-internet.json").json()
    return found


def _settled(html: str) -> str:
    html = re.sub(r'data-version="[^"]*"', 'data-version=""', html)
    return re.sub(r'(/claves/[^"?]+\.js)\?v=\w+', r"\1", html)


def test_everything_on_the_list_is_what_a_guest_gets(browser: TestClient, listed: JSON) -> None:
    for address, size, digest in listed["files"]:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        is_page = answer.headers["content-type"].startswith("text/html")
        content = _settled(answer.text).encode() if is_page else answer.content
        assert hashlib.sha256(content).hexdigest().startswith(digest), address
        assert size <= len(answer.content)
        assert (size > 0) == (not is_page or "<article" in answer.text), (
            "pages without an article are in the frames"
        )
        if not is_page:
            assert "immutable" in answer.headers["cache-control"], address


def _put_together(course: str, browser: TestClient, address: str, listed: JSON) -> str:
    """A page from its own part and the frames, as a browser does it."""
    words, styles = (browser.get(f"{course}/{name}.json").json() for name in ("marcos", "estilos"))
    _, *runs = words["pages"][address.split("?")[0]]
    lines = [
        line
        for start, end in runs
        for line in (words["lines"][start : end + 1] if start >= 0 else [styles["lines"][-1 - start]])
    ]
    own = browser.get(f"{course}/parte.html", params={"de": address}).text if "\x02" in lines else ""
    keys = {row[0].split("?")[0]: row[0] for row in listed["files"] if "/claves/" in row[0]}
    frame = re.sub(r'/cursos/[^"/]+/claves/[^"?]+\.js', lambda found: keys[found[0]], "\n".join(lines))
    return frame.replace("\x02", own)


def test_pages_put_together_are_the_bytes_that_a_guest_gets(browser: TestClient, listed: JSON) -> None:
    headers = browser.get(f"{HERE}/estilos.json").json()["headers"]
    pages = browser.get(f"{HERE}/marcos.json").json()["pages"]
    addresses = [row[0] for row in listed["files"] if row[0].split("?")[0] in pages]
    assert len(addresses) == len(pages) > 5
    for address in addresses:
        answer = browser.get(address)
        assert _put_together(HERE, browser, address, listed) == answer.text, address
        kept = headers[pages[address.split("?")[0]][0]]
        assert kept["content-security-policy"] == answer.headers["content-security-policy"]
        assert kept["content-type"] == answer.headers["content-type"]


def test_only_pages_of_the_course_have_a_part(browser: TestClient) -> None:
    for address in ("", "/mi-avance", "/cursos/guia-multigrado/otra", f"{HERE}/sin-internet.json"):
        assert browser.get(f"{HERE}/parte.html", params={"de": address}).status_code == 404, address


def test_the_list_is_whole(course: Course, listed: JSON) -> None:
    paths = {address.split("?")[0] for address, _, _ in listed["files"]}
    for unit in course.units:
        for lesson in unit.lessons:
            assert {f"{HERE}/{lesson.id}", f"{HERE}/textos/{lesson.id}.json"} <= paths
        if unit.assessment:
            assert f"{HERE}/evaluaciones/{unit.assessment.id}" in paths
    assert {f"{HERE}/{media.path}" for media in course.media} <= paths
    assert {HERE, f"{HERE}/glosario", f"{HERE}/indice.json", "/sin-internet"} <= paths
    assert listed["version"] == course.version
    assert listed["size"] == sum(size for _, size, _ in listed["files"])


def test_the_list_is_the_same_for_a_person_who_studied(
    browser: TestClient, sign_up: Callable[[], None], listed: JSON
) -> None:
    sign_up()
    browser.post(f"{HERE}/conozco-mi-equipo", data={"complete": "conozco-mi-equipo"})
    assert "Nélida" in browser.get(HERE).text
    assert browser.get(f"{HERE}/sin-internet.json").json() == listed


def test_the_course_says_how_much_it_is_once_that_is_known(browser: TestClient) -> None:
    assert "data-size" not in browser.get(HERE).text
    size = browser.get(f"{HERE}/sin-internet.json").json()["size"]
    assert f'data-size="{size}"' in browser.get(HERE).text


def test_the_page_that_is_kept_offers_nothing_to_download(browser: TestClient) -> None:
    assert 'id="descargar"' in browser.get(HERE).text
    assert 'id="descargar"' not in browser.get(f"{HERE}?para=guardar").text


@pytest.mark.parametrize(
    "address",
    ["sin-internet.json", "marcos.json", "parte.html", "indice.json", "textos/conozco-mi-equipo.json"],
)
def test_a_course_that_is_not_here_is_not_found(browser: TestClient, address: str) -> None:
    assert browser.get(f"/cursos/otro/{address}").status_code == 404
