"""A crowd is told when to come again, each in turn, before anybody waits in vain."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import pytest

from lms.errors import TooMany
from lms.web.limits import RateLimit, Room

BATCH = 22_000  # bytes: a hundred lines


def told(room: Room, size: int = BATCH) -> int:
    """When somebody who brings so much is told to come again; 0 if there is room."""
    try:
        with room.storing(size):
            return 0
    except TooMany as error:
        return error.retry_after


def test_as_many_stand_in_line_as_are_stored_in_half_a_second_and_little_is_let_in_beyond() -> None:
    room = Room(clock=lambda: 0.0)
    with ExitStack() as line:
        let_in = 0
        while not told(room):
            line.enter_context(room.storing(BATCH))
            let_in += 1
        assert 25 <= let_in <= 50
        assert told(room, 200) == 0
    assert told(room) == 0


def test_who_is_sent_away_comes_back_one_after_the_other() -> None:
    room = Room(clock=lambda: 0.0)
    with room.storing(2_000_000):
        seconds = [told(room) for _ in range(1000)]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 1
    assert 10 <= seconds[-1] <= 20
    assert max(seconds.count(one) for one in set(seconds)) <= 100


def test_whoever_comes_alone_is_never_sent_away() -> None:
    assert told(Room(clock=lambda: 0.0), 50_000_000) == 0


def test_a_slow_machine_lets_fewer_in_and_a_fast_one_more() -> None:
    def let_in_after(seconds_each: float) -> int:
        now = [0.0]
        room = Room(clock=lambda: now[0])
        for _ in range(2000):  # one now and then
            with room.storing(BATCH):
                now[0] += seconds_each
            now[0] += 5
        with ExitStack() as line:
            count = 0
            while not told(room):
                line.enter_context(room.storing(BATCH))
                count += 1
        return count

    slow, fast = let_in_after(0.1), let_in_after(0.001)
    assert slow in range(4, 7)
    assert fast in range(400, 600)


def test_who_is_turned_away_in_line_for_coming_too_often_does_not_make_it_look_fast() -> None:
    def told_after(turned_away: int) -> int:
        now = [0.0]
        room = Room(clock=lambda: now[0])
        for _ in range(20):
            with room.storing(BATCH):
                now[0] += 0.1
            for _ in range(turned_away):
                with suppress(TooMany), room.storing(1_000_000):
                    raise TooMany("", 1)
        with room.storing(2_000_000):
            return told(room)

    assert told_after(5) == told_after(0) >= 8


def test_one_second_is_one() -> None:
    rate = RateLimit(burst=1, per_minute=60, clock=lambda: 0.0)
    rate.take("home")
    with pytest.raises(TooMany, match=r"Espera 1 segundo y"):
        rate.take("home")
    room = Room(clock=lambda: 0.0)
    with room.storing(1_000_000), pytest.raises(TooMany, match=r"en 1 segundo\."), room.storing(500_000):
        pass


def test_what_is_read_at_once_is_bounded_whatever_the_line_is() -> None:
    room = Room(most=1_000_000, clock=lambda: 0.0)
    with room.reading(900_000), pytest.raises(TooMany), room.reading(200_000):
        pass
    with room.reading(2_000_000):
        pass


def test_who_gives_up_leaves_room() -> None:
    room = Room(clock=lambda: 0.0)
    with pytest.raises(RuntimeError), room.storing(2_000_000):
        raise RuntimeError
    with pytest.raises(RuntimeError), room.reading(1):
        raise RuntimeError
    assert told(room) == 0
