"""What every request passes: origin, limits, errors, headers, compression, tags."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from lms.app import create_app
from lms.errors import Conflict, TooMany, Unavailable
from lms.settings import Settings
from lms.web import sessions
from lms.web.responses import Body, respond

HTML = {"accept": "text/html"}
OURS = {"sec-fetch-site": "same-origin"}


async def _fail(request: Request) -> Response:
    match request.path_params["how"]:
        case "conflict":
            raise Conflict("Eso ya está.")
        case "wait":
            raise TooMany("Espera 7 segundos.", 7)
        case "full":
            raise Unavailable("El disco está lleno.")
    raise RuntimeError("a secret detail")


async def _echo(request: Request) -> Response:
    return Response(str(len(await request.body())))


async def _body(request: Request) -> Response:
    return respond(request, Body.of("¡Hola! " * 200))


async def _spoken(request: Request) -> Response:
    return Response("¡Hola! " * int(request.query_params["veces"]), media_type="text/plain")


async def _guest(request: Request) -> Response:
    return Response(sessions.profile_to_write(request))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load(
        {"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path / "none"), "LMS_MAX_BODY": "2000"}
    )
    app = create_app(settings)
    app.router.routes += [
        Route("/prueba/falla/{how}", _fail),
        Route("/prueba/eco", _echo, methods=["POST"]),
        Route("/prueba/cuerpo", _body),
        Route("/prueba/dicho", _spoken),
        Route("/prueba/invitado", _guest),
    ]
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://testserver"}, True),
        ({"origin": "http://testserver:8080"}, False),
        ({"origin": "http://malo.example"}, False),
        ({"origin": "null"}, False),
        ({"referer": "http://testserver/cursos/x"}, True),
        ({"referer": "http://malo.example/testserver"}, False),
        ({"origin": "http://malo.example", "referer": "http://testserver/"}, False),
        ({}, False),
    ],
)
def test_only_our_own_pages_change_anything(client: TestClient, headers: dict[str, str], taken: bool) -> None:
    assert client.post("/prueba/eco", headers=headers).status_code == (200 if taken else 403)


def test_an_error_has_its_status_and_its_sentence(client: TestClient) -> None:
    answer = client.get("/prueba/falla/conflict", headers=HTML)
    assert answer.status_code == 409
    assert "Eso ya está." in answer.text
    assert client.get("/prueba/falla/full").status_code == 503


def test_programs_get_json_and_others_text(client: TestClient) -> None:
    answer = client.get("/prueba/falla/conflict", headers={"accept": "application/json"})
    assert answer.json() == {"error": {"code": "conflict", "message": "Eso ya está."}}
    assert client.get("/prueba/falla/conflict", headers={"accept": "text/plain"}).text == "Eso ya está.\n"


def test_too_many_says_when_to_try_again(client: TestClient) -> None:
    answer = client.get("/prueba/falla/wait")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_a_fault_is_logged_under_a_number_and_not_shown(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/prueba/falla/roto", headers=HTML)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    number = re.search(r"número: ([0-9a-f]{8})", answer.text)
    assert number
    assert any(number[1] in record.getMessage() for record in caplog.records)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_unknown_page_says_so_in_spanish(client: TestClient) -> None:
    answer = client.get("/no/hay", headers=HTML)
    assert answer.status_code == 404
    assert "No encontramos esa página" in answer.text


def test_a_wrong_method_says_so(client: TestClient) -> None:
    answer = client.get("/prueba/eco", headers=HTML)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_body_announced_too_large_is_refused_in_words(client: TestClient) -> None:
    answer = client.post("/prueba/eco", content=b"x" * 2001, headers={**OURS, **HTML})
    assert answer.status_code == 413
    assert "pesa demasiado" in answer.text


def test_a_body_that_hides_its_size_is_stopped(client: TestClient) -> None:
    answer = client.post("/prueba/eco", content=iter([b"x" * 1500, b"x" * 1500]), headers=OURS)
    assert answer.status_code == 413


def test_every_answer_is_hardened(client: TestClient) -> None:
    tag = client.get("/prueba/cuerpo").headers["etag"]
    answers = [
        *(
            client.get(path)
            for path in ("/session.js", "/static/lms.js", "/no/hay", "/prueba/dicho?veces=900")
        ),
        *(client.get(f"/prueba/falla/{how}") for how in ("conflict", "roto")),
        client.get("/prueba/cuerpo"),
        client.get("/prueba/cuerpo", headers={"if-none-match": tag}),
        client.get("/prueba/eco"),
        client.post("/prueba/eco"),
        client.post("/prueba/eco", content=b"x" * 2001, headers=OURS),
        client.post("/prueba/eco", content=iter([b"x" * 1500, b"x" * 1500]), headers=OURS),
    ]
    assert [answer.status_code for answer in answers] == [
        200, 200, 404, 200, 409, 500, 200, 304, 405, 403, 413, 413
    ]  # fmt: skip
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_policy_allows_exactly_the_styles_and_the_one_script_of_the_page(client: TestClient) -> None:
    answer = client.get("/no/hay", headers=HTML)
    policy = answer.headers["content-security-policy"]
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        texts = re.findall(rf"<{element}>(.*?)</{element}>", answer.text, re.DOTALL)
        hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
        allowed = re.search(rf"{directive} ([^;]+);", policy)
        assert allowed
        assert set(re.findall(r"'sha256-([^']+)'", allowed[1])) == hashes
        assert len(texts) == 1
    assert not re.search(r"<[^>]* (style|on\w+)=", answer.text)


def test_the_same_page_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/prueba/cuerpo")
    again = client.get("/prueba/cuerpo", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/prueba/cuerpo", headers={"if-none-match": '"otro"'}).status_code == 200


def test_a_page_is_compressed_only_for_who_reads_it(client: TestClient) -> None:
    with client.stream("GET", "/prueba/cuerpo") as zipped:
        raw = b"".join(zipped.iter_raw())
    assert gzip.decompress(raw).decode() == "¡Hola! " * 200
    plain = client.get("/prueba/cuerpo", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != zipped.headers["etag"]


def test_what_is_said_on_the_spot_is_compressed_too(client: TestClient) -> None:
    with client.stream("GET", "/prueba/dicho?veces=200") as zipped:
        raw = b"".join(zipped.iter_raw())
    assert (zipped.headers["content-encoding"], zipped.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(raw).decode() == "¡Hola! " * 200
    plain = client.get("/prueba/dicho?veces=200", headers={"accept-encoding": "identity"})
    assert ("content-encoding" in plain.headers, plain.headers["vary"]) == (False, "Accept-Encoding")
    assert "content-encoding" not in client.get("/prueba/dicho?veces=2").headers


def test_the_script_is_kept_for_good_by_its_content(client: TestClient) -> None:
    page = client.get("/no/hay", headers=HTML).text
    address = re.search(r'src="(/static/lms\.js\?v=[^"]+)"', page)
    assert address
    assert "immutable" in client.get(address[1]).headers["cache-control"]
    assert "immutable" not in client.get("/static/lms.js?v=old").headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "css/../../app.py", "/etc/passwd", "css"]
)
def test_only_static_files_are_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_a_guest_has_one_profile_from_first_need_on(client: TestClient) -> None:
    assert _session(client)["profile"] is None
    profile = client.get("/prueba/invitado").text
    assert client.get("/prueba/invitado").text == profile
    assert _session(client) == {
        "person": None,
        "profile": profile,
        "send": "/events",
        "home": "/",
    }


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: ""])
def test_a_cookie_that_somebody_changed_means_nothing(
    client: TestClient, change: Callable[[str], str]
) -> None:
    profile = client.get("/prueba/invitado").text
    assert _session(client)["profile"] == profile
    client.cookies = {sessions.DEVICE: change(client.cookies[sessions.DEVICE])}
    assert _session(client)["profile"] is None


def _session(client: TestClient) -> dict[str, object]:
    answer = client.get("/session.js")
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, object] = json.loads(answer.text.split("session = ", 1)[1].rstrip(";\n"))
    return found
