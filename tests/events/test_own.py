"""Bookmarks and notes: the same in whatever order they come, and nothing that somebody wrote is lost unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cast import ROOT
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from lms.events.model import EVENTS, Event
from lms.events.own import own

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/own.json").read_text("utf-8"))


def _event(written: dict[str, Any]) -> Event:
    data = convert(written["data"], EVENTS[written["type"]])
    return Event(1, written["id"], written["type"], "2026", "d", "p", 1, "curso", "1", written["item"], data)


def _shown(written: list[dict[str, Any]]) -> Any:
    found = own([_event(one) for one in written])
    return {
        lesson: {"marked": one.marked, "texts": [*one.texts], "marks": [*one.marks], "notes": [*one.notes]}
        for lesson, one in found.items()
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors(vector: dict[str, Any]) -> None:
    assert _shown(vector["events"]) == vector["own"]


@given(st.sampled_from(VECTORS), st.randoms())
def test_neither_order_nor_repetition_decides(vector: dict[str, Any], chance: Any) -> None:
    events = vector["events"] * 2
    chance.shuffle(events)
    assert _shown(events) == vector["own"]


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if "said" in one], ids=lambda vector: vector["name"]
)
def test_a_page_is_told_what_each_version_says(vector: dict[str, Any]) -> None:
    found = own([_event(one) for one in vector["events"]])
    assert json.loads(json.dumps({lesson: one.said for lesson, one in found.items()})) == vector["said"]


def test_a_deleted_note_says_what_it_was() -> None:
    vector = next(one for one in VECTORS if one["name"] == "a note that was deleted")
    assert own([_event(one) for one in vector["events"]])["uno"].deleted == "agua"
