"""What `lms stats` says of other servers."""

from __future__ import annotations

from events_cast import Tablet, small_course, store

from lms.settings import Settings
from lms.sync.stats import other_servers
from tests.sync.meeting import Node, meet


async def test_it_names_those_that_joined_and_what_they_do_not_have_yet() -> None:
    school, ugel = await Node.new("Escuela"), await Node.new("UGEL Canas")
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    tablet = Tablet(small_course())
    await store(school.db, tablet.opens(), tablet.completes())
    settings = Settings.load({})

    before = {words: value for _, words, value in await other_servers(school.db, settings)}
    await meet(school, ugel)
    after = {words: value for _, words, value in await other_servers(school.db, settings)}

    assert (before["«UGEL Canas», visto"], before["  registros que aún no confirma"]) == ("nunca", 2)
    assert str(after["«UGEL Canas», visto"]).startswith("20")
    assert after["  registros que aún no confirma"] == 0
    for node in (school, ugel):
        await node.db.close()
