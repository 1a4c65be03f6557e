"""Forms as browsers send them, and as programs might."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings

BODY = b'--x\r\nContent-Disposition: form-data; name="documento"\r\n\r\n4071\xff2233\r\n--x--\r\n'
KINDS = {"multipart/form-data; boundary=x": BODY, "application/x-www-form-urlencoded": b"documento=4071"}


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "none")})
    headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    with TestClient(create_app(settings), headers=headers, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("charset", ["undefined", "UNDEFINED", '"idna"', "klingon", "hex", "utf-16", "\xff"])
def test_a_form_in_an_encoding_that_nobody_writes_is_refused_in_words(
    browser: TestClient, kind: str, charset: str
) -> None:
    said = {"content-type": f"{kind}; charset={charset}".encode("latin-1")}
    for page in ("/ingresar", "/mi-avance/codigo", "/mi-avance/archivo", "/recibo"):
        answer = browser.post(page, content=KINDS[kind], headers=said)  # type: ignore[arg-type] # bytes are fine

        assert answer.status_code == 400
        assert "Envíalo en UTF-8" in answer.text


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii", "ISO-8859-1", "windows-1252"])
def test_what_browsers_write_is_read(browser: TestClient, charset: str) -> None:
    said = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}

    answer = browser.post("/ingresar", content=BODY, headers=said)

    assert "No se pudo leer" not in answer.text
    assert 'value="4071' in answer.text
