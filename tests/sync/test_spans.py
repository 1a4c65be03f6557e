"""What is said of profiles goes a span of places at a time, and both ends mean the same by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest
from events_cast import changed, store
from postgres_server import Postgres

from lms.db import Database, migrate, open_database
from lms.errors import Invalid
from lms.events.heading import bring_up_to_date
from lms.events.heads import Head, digests_of, heads_of, profiles_after
from lms.sync import spans
from lms.sync.message import ALL, Card, Kept, Message, Span, read, write
from lms.sync.spans import View, agreed, place_of, view_of, views
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


@pytest.fixture
async def spanish(postgres: Postgres) -> AsyncIterator[Database]:
    try:
        made = await open_database(postgres.in_spanish())
    except (asyncpg.PostgresSyntaxError, asyncpg.FeatureNotSupportedError):
        pytest.skip("this PostgreSQL knows one order for all databases")
    await migrate(made)
    yield made
    await made.close()


async def test_whatever_language_a_database_sorts_by_it_tells_the_same_in_the_same_order(
    spanish: Database,
) -> None:
    lines, ids = absurd(), ["B", "a", "Z", "ñ", "c", "-", "Ñ", "0a", "A"]
    seen = []
    for db in (spanish, None):
        node = await Node.new("Escuela", db)
        await store(node.db, *lines)
        await bring_up_to_date(node.db)
        profiles = await profiles_after(node.db, "", 2)
        await gone(node, [(profiles[0], id) for id in ids])
        with changed(spans, MOST_HEADS=2):
            said = [view async for view in views(node.db, profiles)]
        assert [id for view in said for _, id in view.erased] == sorted(ids)
        seen.append((said, await digests_of(node.db, profiles)))
        if db is None:
            await node.db.close()

    assert seen[0] == seen[1]
    told = View(
        [head for view in said for head in view.heads], [one for view in said for one in view.erased], ALL
    )
    assert seen[0][1] == {profiles[0]: told.digest(profiles[0])}


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


@pytest.mark.parametrize(
    "said",
    [
        lambda id: {"profiles": [(id, "0")]},
        lambda id: {"range": (id, None)},
        lambda id: {"range": ("", id)},
        lambda id: {"unlike": [id]},
        lambda id: {"wants": [id]},
        lambda id: {"kept": [Kept(id, "a", ["b"])]},
        lambda id: {"kept": [Kept("a", id, ["b"])]},
        lambda id: {"unclear": [("a", id)]},
        lambda id: {"erased": [(id, "a")]},
    ],
)
def test_nor_is_an_id_anywhere_else_that_none_could_look_for(said: Callable[[str], dict[str, Any]]) -> None:
    good = Message(Card("x", "y"), **said("a"))
    assert read(write(good))[0] == good
    with pytest.raises(Invalid):
        read(write(Message(Card("x", "y"), **said("a\0"))))
