"""Whatever is put in a statement's place: it is refused in words, or can be kept, compared and given back."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lms.errors import Invalid
from lms.events.grading import Revisions
from lms.sync.xapi.checking import check
from lms.sync.xapi.comparing import same
from lms.sync.xapi.keeping import Giver, as_kept
from lms.sync.xapi.mapping import Teller
from tests.sync.xapi.acts import VERSION, new_pass, statement

WHOLE = statement(
    id="12345678-1234-4321-8321-123456789abc",
    actor={"objectType": "Group", "member": [{"mbox": "mailto:a@b"}, {"account": {"homePage": "a:b", "name": "c"}}]},
    result={"score": {"scaled": 0.5, "raw": 1, "min": 0, "max": 2}, "duration": "PT1H", "extensions": {"a:b": [{}]}},
    context={
        "registration": "12345678-1234-4321-8321-123456789abc", "instructor": {"mbox": "mailto:a@b"},
        "contextActivities": {"parent": {"id": "a:b"}, "grouping": [{"id": "c:d"}]}, "language": "es-PE",
    },
    timestamp="2026-11-26T10:00:00Z",
    attachments=[
        {"usageType": "a:b", "display": {"es": "x"}, "contentType": "text/plain", "length": 1, "sha2": "ab",
         "fileUrl": "a:c"}
    ],
)  # fmt: skip

WORDS = [
    "Agent",
    "Group",
    "Activity",
    "SubStatement",
    "StatementRef",
    "a:b",
    "mailto:a@b",
    "es-PE",
    "2026-11-26T10:00:00Z",
]
LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(WORDS)
)
NAME = st.sampled_from(
    ["objectType", "id", "mbox", "account", "member", "definition", "actor", "verb", "object"]
) | st.text(max_size=3)
JSON = st.recursive(
    LEAF, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAME, one, max_size=3), max_leaves=6
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, and beside each object one for something more."""
    if isinstance(value, dict):
        inside = [place for name, one in value.items() for place in places(one, (*path, name))]
        return [path, (*path, "objectType"), (*path, "more"), *inside]
    if isinstance(value, list):
        return [path, *[place for number, one in enumerate(value) for place in places(one, (*path, number))]]
    return [path]


def changed(place: tuple[Any, ...], value: Any) -> Any:
    whole = copy.deepcopy(WHOLE)
    if not place:
        return value
    at = whole
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return whole


def refusal(sent: Any) -> str:
    """What is said of it if it is no statement."""
    try:
        check(sent)
    except Invalid as refused:
        return refused.message
    return ""


@given(st.sampled_from(places(WHOLE)), JSON)
def test_anything_anywhere_is_refused_in_words_or_can_be_kept(place: tuple[Any, ...], value: Any) -> None:
    sent = json.loads(json.dumps(changed(place, value)))
    teller = Teller("https://aula.example/", {}, Revisions())
    if refused := refusal(sent):
        assert refused.startswith("Not a statement of xAPI: ")
        return
    sent.setdefault("id", WHOLE["id"])
    row = as_kept(sent, teller, Giver("prueba", "1.0.0"), "2026-11-26T10:00:00.000Z")

    assert same(msgspec.json.decode(row["statement"]), sent)
    assert all("\x00" not in text for text in row.values() if isinstance(text, str))


def test_numbers_and_letters_that_no_database_holds(browser: TestClient) -> None:
    key = new_pass(browser)
    whole = json.dumps(statement(result={"extensions": {"a:b": "HERE"}}))
    for odd in ('"\\ud800"', "1e999", "1" * 400, '"\\u0000"', "-0", "1.5e-400", '{"\\ud800": 1}'):
        body = whole.replace('"HERE"', odd)
        headers = {**VERSION, "content-type": "application/json"}
        answer = browser.post("/xapi/statements", content=body, headers=headers, auth=key)
        assert answer.status_code in (200, 400), odd
    assert browser.get("/xapi/statements", headers=VERSION, auth=key).status_code == 200


def test_a_key_with_a_name_that_no_database_holds_is_a_wrong_one(browser: TestClient) -> None:
    answer = browser.get("/xapi/statements", headers=VERSION, auth=("prue\0ba", "x"))
    assert answer.status_code == 401
