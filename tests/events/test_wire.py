"""One line is one event: what is read, what is refused and why, and that nothing unknown gets lost."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from cast import ROOT
from events_cast import Tablet
from hypothesis import given
from hypothesis import strategies as st

from lms.course.model import Course
from lms.errors import Invalid
from lms.events import wire
from lms.events.model import EVENTS, LessonOpened

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/wire.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors(vector: dict[str, Any]) -> None:
    line = vector["line"].encode()
    if vector["refused"] is None:
        event = wire.decode(line)
        assert event.type == vector["type"]
    else:
        with pytest.raises(Invalid) as refused:
            wire.decode(line)
        assert refused.value.message == vector["refused"]


def test_every_type_has_a_vector() -> None:
    assert EVENTS.keys() <= {vector.get("type") for vector in VECTORS}


def test_a_line_read_and_written_again_is_the_same(small: Course) -> None:
    tablet = Tablet(small)
    lines = [
        tablet.opens(),
        tablet.completes(),
        tablet.answers("parejas", [1, None, 2], 0.3333),
        tablet.answers("palabra", "Ñandú «sí» ʼ"),
        tablet.submits({"b1": 2}, attempt=3, mark=12.5),
        tablet.identifies("Nélida Ñaupari", "00123456"),
    ]

    assert [wire.encode(wire.decode(line)) for line in lines] == lines


def test_the_order_of_fields_is_the_envelopes(small: Course) -> None:
    assert list(json.loads(Tablet(small).opens())) == [
        "v", "id", "type", "at", "device", "profile", "seq", "course", "version", "item", "data"
    ]  # fmt: skip


def test_a_newer_version_is_kept_without_being_understood(small: Course) -> None:
    line = Tablet(small).opens().replace(b'"v":1', b'"v":2').replace(b'"data":{}', b'"data":{"mood":"good"}')

    assert wire.decode(line).data == {"mood": "good"}


def test_fields_from_the_future_are_no_error(small: Course) -> None:
    line = Tablet(small).opens().replace(b'"data":{}', b'"data":{"mood":"good"},"battery":7')

    assert wire.decode(line).data == LessonOpened()


def test_size_is_limited(small: Course) -> None:
    fits = Tablet(small).answers("palabra", "x")
    room = wire.MAX_LINE - len(fits)

    wire.decode(fits.replace(b'"x"', b'"' + b"x" * (room + 1) + b'"'))
    with pytest.raises(Invalid, match="16 KiB"):
        wire.decode(fits.replace(b'"x"', b'"' + b"x" * (room + 2) + b'"'))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_is_one_line(small: Course, end: bytes) -> None:
    with pytest.raises(Invalid, match="una sola línea"):
        wire.decode(Tablet(small).opens() + end)


def test_depth_is_limited_but_brackets_in_texts_are_not(small: Course) -> None:
    tablet = Tablet(small)

    wire.decode(tablet.answers("palabra", "[{" * 500 + '\\"[['))
    with pytest.raises(Invalid, match="niveles"):
        wire.decode(tablet.answers("palabra", [[[[[[[[1]]]]]]]]))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    with pytest.raises(Invalid):
        wire.decode(data)
    wire.id_of(data)


@given(st.data())
def test_one_changed_byte_is_read_or_refused(data: st.DataObject) -> None:
    line = bytearray(
        b'{"v":1,"id":"01a207bb-c3d7-7cd1-bf04-33907a3940bc","type":"exercise.answered",'
        b'"at":"2026-11-23T13:40:00.123Z","device":"78e2fd04-7c8d-4e59-8141-c33c035e38e1",'
        b'"profile":"2a362bd8-272a-4517-8956-feedaae2026e","seq":1,"course":"c","version":"1.0.0","item":"x",'
        b'"data":{"rev":"abababababababab","answer":[1,0,null],"mark":0.5,"graded":"device"}}'
    )
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255))
    with suppress(Invalid):
        wire.decode(bytes(line))


def test_a_refused_line_still_says_which_it_is() -> None:
    assert wire.id_of(b'{"id":"abc","v":"?"}') == "abc"
    assert wire.id_of(b'{"id":7}') == wire.id_of(b"\xff") == wire.id_of(b"[" * 20_000) == ""
