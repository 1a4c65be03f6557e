"""What is said of profiles goes a span of places at a time, and both ends mean the same by it."""

from __future__ import annotations

import pytest
from events_cast import changed, store

from lms.errors import Invalid
from lms.events.heads import Head, bring_up_to_date, heads_of, profiles_after
from lms.sync import spans
from lms.sync.message import ALL, Card, Message, Span, read, write
from lms.sync.spans import agreed, place_of, view_of, views
from tests.sync.many import DEVICES, MOST, absurd, gone, ordinary
from tests.sync.meeting import Node


async def test_a_view_ends_with_the_last_that_has_room_a_device_or_something_erased(school: Node) -> None:
    await store(school.db, *absurd())
    await bring_up_to_date(school.db)
    [profile] = await profiles_after(school.db, "", 2)
    heads = await heads_of(school.db, [profile])
    ids = [f"0{number}" for number in range(6)]
    await gone(school, [(profile, id) for id in ids])

    view = await view_of(school.db, [profile], ALL, 4)
    rest = await view_of(school.db, [profile], ((profile, "03"), None), 100)

    assert view.span == (("", ""), (profile, "03"))
    assert view.erased == [(profile, id) for id in ids[:4]]
    assert view.heads == [head for head in heads if head.device <= "03"]
    assert (view.heads + rest.heads, view.erased + rest.erased) == (heads, [(profile, id) for id in ids])
    assert rest.span == ((profile, "03"), None)


async def test_views_have_everything_once(school: Node) -> None:
    await store(school.db, *absurd(), *ordinary())
    await bring_up_to_date(school.db)
    profiles = await profiles_after(school.db, "", 10)

    with changed(spans, MOST_HEADS=MOST):
        seen = [view.heads async for view in views(school.db, profiles)]

    found = [head for heads in seen for head in heads]
    assert max(map(len, seen)) == MOST
    assert found == await heads_of(school.db, profiles)
    assert len({place_of(head) for head in found}) == DEVICES + 5


@pytest.mark.parametrize(
    ("answered", "span"),
    [
        (None, (("a", "a"), ("c", "c"))),
        ((("a", "a"), None), (("a", "a"), ("c", "c"))),
        ((("a", "a"), ("b", "b")), (("a", "a"), ("b", "b"))),
        ((("a", "a"), ("b", "c")), (("a", "a"), ("b", "c"))),
        ((("a", "a"), ("b", "d")), (("a", "a"), ("c", "c"))),
        ((("a", "a"), ("a", "a")), (("a", "a"), ("c", "c"))),
        ((("a", "a"), ("d", "d")), (("a", "a"), ("c", "c"))),
    ],
)
def test_the_shorter_of_two_spans_counts_if_it_can_be_and_something_is_told_of_its_end(
    answered: Span | None, span: Span
) -> None:
    heads = [Head(one, one, 1, 1, 1, "0" * 32) for one in "abcd"]
    answer = Message(Card("x", "y"), heads=heads, erased=[("b", "c")], span=answered)
    assert agreed((("a", "a"), ("c", "c")), answer) == span


def test_a_span_that_no_database_could_look_for_is_not_read() -> None:
    good = Message(Card("x", "y"), span=(("a", "a"), None))
    assert read(write(good))[0] == good
    for span in ((("a", "\0"), None), (("a", "a"), ("b", "\n"))):
        with pytest.raises(Invalid):
            read(write(Message(Card("x", "y"), span=span)))
