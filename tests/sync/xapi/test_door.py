"""The door for programs that speak xAPI: who may come in, how, and with what."""

from __future__ import annotations

from typing import Any

import pytest
from cast import NELIDA
from starlette.testclient import TestClient

from lms.sync.xapi import keeping, routes
from lms.sync.xapi.keys import revoke_key
from tests.sync.xapi.acts import VERSION, new_pass, statement

AT = "/xapi/statements"


@pytest.fixture
def machine(browser: TestClient) -> TestClient:
    """A program with a key, that says which version it speaks and nothing of where it comes from."""
    browser.auth = new_pass(browser)  # type: ignore[assignment]
    browser.headers = VERSION  # type: ignore[assignment]
    return browser


def test_it_says_which_versions_it_speaks_to_anybody(browser: TestClient) -> None:
    assert browser.get("/xapi/about").json() == {"version": ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]}
    newer = browser.get("/xapi/about", headers={"X-Experience-API-Version": "2.0.0"})
    assert newer.json()["version"][0] == newer.headers["x-experience-api-version"] == "2.0.0"


@pytest.mark.parametrize(
    ("said", "status", "answered"),
    [("", 400, "1.0.3"), ("0.95", 400, "1.0.3"), ("1.0", 200, "1.0.3"), ("1.0.9", 200, "1.0.3"), ("2.0.0", 200, "2.0.0")],
)  # fmt: skip
def test_each_request_says_its_version(machine: TestClient, said: str, status: int, answered: str) -> None:
    machine.headers.pop("x-experience-api-version")
    answer = machine.get(AT, headers={"X-Experience-API-Version": said} if said else {})

    assert (answer.status_code, answer.headers["x-experience-api-version"]) == (status, answered)
    assert answer.headers["x-experience-api-consistent-through"].endswith("Z")


def test_without_a_key_nothing_is_told_or_taken(machine: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "COST_OF_A_WRONG_KEY", 1)
    machine.auth = None  # type: ignore[assignment]
    words = ("", "Basic", "Basic ***", "Basic cHJ1ZWJhOm5v", "Bearer cHJ1ZWJhOm5v", "Basic /w==")
    headers = [{"authorization": word} if word else {} for word in words]

    answers = [machine.get(AT, headers=one) for one in headers]
    for answer in (*answers, *[machine.post(AT, json=statement(), headers=one) for one in headers]):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert answer.json()["error"]["code"] == "unauthenticated"


def test_a_key_opens_what_it_is_for_until_it_is_revoked(machine: TestClient) -> None:
    reads, writes = new_pass(machine, "lee", "read"), new_pass(machine, "deja", "write")

    assert machine.get(AT, auth=reads).status_code == 200
    assert machine.post(AT, json=statement(), auth=reads).status_code == 403
    assert machine.get(AT, auth=writes).status_code == 403
    assert machine.post(AT, json=statement(), auth=writes).status_code == 200
    assert machine.portal is not None
    machine.portal.call(revoke_key, machine.app.state.site.db, "deja")  # type: ignore[attr-defined]
    assert machine.post(AT, json=statement(), auth=writes).status_code == 401


def test_a_session_opens_nothing_and_a_cookie_is_not_set(browser: TestClient) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    answer = browser.get(AT, headers={**VERSION, "accept": "text/html"})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"
    assert "set-cookie" not in answer.headers


def test_wrong_keys_soon_wait(machine: TestClient) -> None:
    answers = [machine.get(AT, auth=("prueba", "adivina")).status_code for _ in range(11)]

    assert answers[:9] == [401] * 9
    assert answers[-1] == 429


def test_a_page_of_anywhere_may_ask_first(browser: TestClient) -> None:
    answer = browser.options(AT, headers={"origin": "https://lrs.example"})

    assert answer.status_code == 204
    assert "Authorization" in answer.headers["access-control-allow-headers"]


def test_a_statement_is_kept_and_given_back(machine: TestClient) -> None:
    sent = statement(result={"score": {"scaled": 0.5}, "extensions": {"urn:x:y": [1, {"más": None}]}})

    [id] = machine.post(AT, json=sent).json()
    given = machine.get(AT, params={"statementId": id.upper()}).json()

    assert {name: given[name] for name in sent} == sent
    assert given["version"] == "1.0.0"
    assert given["timestamp"] == given["stored"]
    assert given["authority"]["account"] == {"homePage": "https://aula.example/", "name": "prueba"}


def test_several_go_in_together_and_their_ids_come_back_in_order(machine: TestClient) -> None:
    ids = [f"{n}0000000-0000-4000-8000-000000000000" for n in range(3)]
    sent = [statement(id=id) for id in reversed(ids)]

    assert machine.post(AT, json=sent).json() == ids[::-1]
    assert machine.post(AT, json=sent).json() == ids[::-1]
    assert len(machine.get(AT).json()["statements"]) == 3


def test_of_a_list_with_one_bad_statement_none_is_kept(machine: TestClient) -> None:
    assert machine.post(AT, json=[statement(), {**statement(), "verb": {}}]).status_code == 400
    assert machine.post(AT, json=[statement(id=ID), statement(id=ID)]).status_code == 400
    assert machine.get(AT).json() == {"statements": [], "more": ""}


ID = "12345678-1234-4321-8321-123456789abc"


def test_another_statement_with_the_same_id_is_a_conflict_and_takes_the_list_with_it(
    machine: TestClient,
) -> None:
    assert machine.put(AT, params={"statementId": ID}, json=statement()).status_code == 204
    assert machine.put(AT, params={"statementId": ID.upper()}, json=statement(id=ID)).status_code == 204

    assert machine.put(AT, params={"statementId": ID}, json=statement("passed")).status_code == 409
    assert machine.post(AT, json=[statement(), statement("failed", id=ID)]).status_code == 409
    assert len(machine.get(AT).json()["statements"]) == 1


def test_the_same_statement_may_be_written_in_other_words(machine: TestClient) -> None:
    around = {"contextActivities": {"parent": {"id": "https://ugel.example/ciclo"}}}
    machine.post(AT, json=statement(id=ID, context=around))
    again = statement(
        id=ID, context={"contextActivities": {"parent": [around["contextActivities"]["parent"]]}}
    )
    again["verb"]["display"] = {"es-PE": "asistió"}
    again["object"]["definition"] = {"name": {"es-PE": "Taller"}}

    assert machine.post(AT, json=again).status_code == 200


def test_put_is_for_one_statement_by_its_id(machine: TestClient) -> None:
    wrong: list[tuple[dict[str, str], Any]] = [
        ({}, statement()),
        ({"statementId": ID}, [statement()]),
        ({"statementId": ID}, statement(id=ID[::-1])),
        ({"statementId": "uno"}, statement()),
        ({"statementId": ID}, statement(id=3)),
    ]
    for query, body in wrong:
        assert machine.put(AT, params=query, json=body).status_code == 400


def test_what_is_no_statement_is_refused_in_a_sentence(machine: TestClient) -> None:
    deep = (b"[" * 100_000, b'{"a":' * 50_000, b'{"actor":' + b"[" * 900 + b"]" * 900 + b"}")
    for body in (b"", b"{", b"null", b'"x"', b"[1]", b"\xff\xfe", *deep):
        answer = machine.post(AT, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]


def test_what_nests_so_deep_that_it_could_not_be_given_back_is_not_taken(machine: TestClient) -> None:
    nested: list[Any] = []
    for _ in range(850):
        nested = [nested]
    sent = statement(context={"extensions": {"a:b": nested}})

    assert machine.post(AT, json=sent).status_code == 400
    assert machine.post(AT, json=statement(context={"extensions": {"a:b": [[[1]]]}})).status_code == 200
    assert len(machine.get(AT).json()["statements"]) == 1


def test_only_json_is_taken(machine: TestClient) -> None:
    answer = machine.post(AT, content=b"--x", headers={"content-type": "multipart/mixed; boundary=x"})
    assert answer.status_code == 400


def test_too_much_at_once_is_refused(machine: TestClient) -> None:
    wide = statement(result={"response": "x" * keeping.LARGEST})
    assert machine.post(AT, json=wide).status_code == 413
    assert machine.post(AT, json=[statement()] * (keeping.MOST_AT_ONCE + 1)).status_code == 413
    body = {"content": b" " * (routes.MOST_BODY + 1), "headers": {"content-type": "application/json"}}
    assert machine.post(AT, **body).status_code == 413  # type: ignore[arg-type]


def test_there_is_room_for_so_many_of_a_key(machine: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)

    assert machine.post(AT, json=[statement(), statement()]).status_code == 200
    assert machine.post(AT, json=statement()).status_code == 413
    assert machine.post(AT, json=statement(), auth=new_pass(machine, "otra")).status_code == 200
