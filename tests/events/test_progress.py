"""Progress is a fold by union and maximum; the vectors hold the browser to the same answers."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from cast import ROOT
from hypothesis import given
from hypothesis import strategies as st

from lms.events import wire
from lms.events.model import Event
from lms.events.progress import Progress, Tally, as_json, progress, progress_of, tallies

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/progress.json").read_text("utf-8"))


def events_of(case: dict[str, Any]) -> list[Event]:
    return [wire.decode(json.dumps(event).encode()) for event in case["events"]]


def no_less(after: Progress, before: Progress) -> bool:
    """Whether nothing fell: not a mark, not an attempt, not a state."""

    def flat(value: Any, path: str = "") -> dict[str, float]:
        if isinstance(value, dict):
            return {
                key: number for name in value for key, number in flat(value[name], f"{path}/{name}").items()
            }
        ranks = {"none": 0, "started": 1, "done": 2, None: -1}
        return {path: ranks[value] if value is None or isinstance(value, str) else value}

    now, then = flat(as_json(after)), flat(as_json(before))
    return all(now.get(path, -1) >= value for path, value in then.items())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    outline = VECTORS["outlines"][case["outline"]]

    assert as_json(progress(outline, events_of(case))) == case["progress"]


def test_some_answers_known_beforehand() -> None:
    percents = {case["name"]: case["progress"]["percent"] for case in VECTORS["cases"]}

    assert percents["nothing yet"] == 0
    assert percents["completed without having been opened"] == 25
    assert percents["an assessment below the pass mark"] == 0
    assert percents["everything done"] == percents["a real course, every lesson and assessment"] == 100


@given(st.sampled_from(VECTORS["cases"]), st.randoms(use_true_random=False))
def test_any_order_and_repetition_give_the_same(case: dict[str, Any], chance: Any) -> None:
    outline, events = VECTORS["outlines"][case["outline"]], events_of(case)
    again = events + [event for event in events if chance.random() < 0.5]
    chance.shuffle(again)

    assert progress(outline, again) == progress(outline, events)


@given(st.sampled_from(VECTORS["cases"]), st.randoms(use_true_random=False))
def test_one_more_event_lowers_nothing(case: dict[str, Any], chance: Any) -> None:
    outline, events = VECTORS["outlines"][case["outline"]], events_of(case)
    chance.shuffle(events)
    steps = [progress(outline, events[:count]) for count in range(len(events) + 1)]

    assert all(no_less(after, before) for before, after in pairwise(steps))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_tallies_by_profile_add_up_to_the_same(case: dict[str, Any]) -> None:
    outline, events = VECTORS["outlines"][case["outline"]], events_of(case)
    rows = [
        row
        for profile in {event.profile for event in events}
        for row in tallies(outline["course"], [event for event in events if event.profile == profile])
    ]

    assert progress_of(outline, rows) == progress(outline, events)


def test_an_answer_that_waits_counts_as_an_attempt_without_mark() -> None:
    found = progress_of(VECTORS["outlines"]["small"], [Tally("a", "exercise.answered", None, 2)])

    assert found.lessons["uno"].exercises["a"].mark is None
    assert found.lessons["uno"].exercises["a"].attempts == 2
    assert found.units["u1"].state == "started"
