"""Merge is union: however events are split, ordered, repeated, forked and linked, progress is the same.

Three real logs exchange whole profiles and publish the course's versions in any order; no step on the way
lowers anything that somebody could already see.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from events_cast import IN_LESSON, Tablet, all_outcomes, small_course, store
from hypothesis import given
from hypothesis import strategies as st

from lms.course.model import Changes, Course
from lms.db import Database, migrate, open_database
from lms.events import wire
from lms.events.progress import Progress, as_json
from lms.events.queries import lines_of, progress_in
from lms.events.regrading import regrade_stale
from lms.events.revisions import publish_revisions, rebuild_outcomes
from lms.sync.queries import all_profiles

NODES = 3
RIGHT = {
    "1.0.0": "En el cerro",
    "1.1.0": "En el sótano",  # a wrong key
    "1.2.0": "En el cerro",  # taken back
    "1.10.0": "En la refri",
}
"""What each version of the course calls the right answer to «senal»."""


def version_of_the_course(version: str) -> Course:
    """The small course as it is in a version."""
    right = RIGHT[version]
    in_lesson = IN_LESSON.replace("=En el cerro", "~En el cerro").replace(f"~{right}", f"={right}")
    return small_course(in_lesson, version=version)


VERSIONS = [version_of_the_course(version) for version in RIGHT]
FIRST = VERSIONS[0]
OUTLINE = replace(FIRST, changes=Changes(major={"uno": "1.10.0", "dos": "1.2.0"})).outline()

Step = tuple[str, int, int, random.Random]


def a_persons_events(chance: random.Random) -> tuple[list[bytes], list[str]]:
    """What a teacher did on a tablet, a cloned copy of it and a laptop; and the two profiles it took."""
    tablet, laptop = Tablet(chance.choice(VERSIONS)), Tablet(chance.choice(VERSIONS))
    clone = Tablet(chance.choice(VERSIONS), tablet.profile, tablet.device)
    lines = [one.identifies("Rosa", "12345678") for one in (tablet, laptop)]
    for one in chance.choices((tablet, clone, laptop), k=chance.randint(1, 20)):
        bank = [exercise.name for exercise in one.course.assessment("final").bank]
        lines.append(
            chance.choice(
                (
                    lambda one=one: one.opens(chance.choice(("uno", "dos"))),
                    lambda one=one: one.completes(chance.choice(("uno", "dos"))),
                    lambda one=one: one.answers("senal", chance.randrange(4), chance.random()),
                    lambda one=one: one.answers("varias", sorted(chance.sample(range(3), 2))),
                    lambda one=one, bank=bank: one.submits(
                        {name: chance.randrange(3) for name in bank}, 1, 20.0
                    ),
                )
            )()
        )
    return lines, [tablet.profile, laptop.profile]


@dataclass
class World:
    """Three logs, reused from example to example."""

    nodes: list[Database]
    reference: Database

    async def forget(self) -> None:
        for node in (*self.nodes, self.reference):
            async with node.transaction() as work:
                for table in ("events", "outcomes", "revisions", "stale_outcomes", "quarantine"):
                    await work.execute(f"DELETE FROM {table}")  # noqa: S608 - tables of ours

    async def take(self, step: Step, lines: list[bytes]) -> None:
        kind, one, other, chance = step
        node = self.nodes[one]
        if kind == "deliver":
            await store(node, *chance.choices(lines, k=chance.randint(1, len(lines))), source="open")
        elif kind == "exchange":
            await bring(node, self.nodes[other])
            await bring(self.nodes[other], node)
        elif kind == "publish":
            await publish(node, chance.choice(VERSIONS))


async def bring(source: Database, target: Database) -> None:
    """Bring all that one node knows to another, whole profiles, as their files do."""
    await store(target, *await lines_of(source, await all_profiles(source)))


async def publish(node: Database, course: Course) -> None:
    await publish_revisions(node, course)
    await regrade_stale(node)


async def settle(world: World, lines: list[bytes], chance: random.Random) -> None:
    """Everything arrives somewhere, everybody gets all versions and everybody has met everybody."""
    for place, line in enumerate(lines):
        await store(world.nodes[place % NODES], line)
    await store(world.reference, *lines)
    for node in (*world.nodes, world.reference):
        for course in chance.sample(VERSIONS, len(VERSIONS)):
            await publish(node, course)
    for one, other in ((0, 1), (1, 2), (2, 0), (0, 1)):
        await bring(world.nodes[one], world.nodes[other])


def no_less(after: Progress, before: Progress) -> bool:
    def flat(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
        if isinstance(value, dict):
            for name in value:
                yield from flat(value[name], f"{path}/{name}")
        else:
            ranks = {"none": 0, "started": 1, "done": 2, None: -1}
            yield path, ranks[value] if value is None or isinstance(value, str) else value

    now = dict(flat(as_json(after)))
    return all(now.get(path, -1) >= value for path, value in flat(as_json(before)))


async def live_through(world: World, chance: random.Random, steps: list[Step]) -> None:
    lines, profiles = a_persons_events(chance)
    await world.forget()
    linked = sorted(chance.sample(profiles, chance.randrange(3)))
    seen = [await progress_in(node, OUTLINE, linked) for node in world.nodes]
    for step in steps:
        if step[0] == "link":
            linked = sorted({*linked, chance.choice(profiles)})
        await world.take(step, lines)
        now = [await progress_in(node, OUTLINE, linked) for node in world.nodes]
        assert all(no_less(after, before) for after, before in zip(now, seen, strict=True))
        seen = now
    await settle(world, lines, chance)
    wanted = await progress_in(world.reference, OUTLINE, profiles)
    for node, before in zip(world.nodes, seen, strict=True):
        assert await progress_in(node, OUTLINE, profiles) == wanted
        assert no_less(wanted, before)
        assert await lines_of(node, profiles) == await lines_of(world.reference, profiles)
    answered = wanted.lessons["uno"].exercises.get("senal")
    assert (answered.mark if answered else None) == due_mark(lines)
    await same_when_rebuilt(world.nodes[0])


def due_mark(lines: list[bytes]) -> float | None:
    """What «senal» is worth: 1 for an answer that is right in the version it was given in or in a later one."""
    answers = [event for event in map(wire.decode, lines) if event.item == "senal"]
    if not answers:
        return None
    texts = dict(enumerate(option.text for option in FIRST.exercise("senal").options))
    order = list(RIGHT)
    return float(
        any(
            texts.get(event.data.answer) in [RIGHT[one] for one in order[order.index(event.version) :]]
            for event in answers
        )
    )


async def same_when_rebuilt(node: Database) -> None:
    filled = await all_outcomes(node)
    await rebuild_outcomes(node)
    assert await all_outcomes(node) == filled


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@pytest.fixture(scope="module")
def world(runner: asyncio.Runner) -> Iterator[World]:
    async def begin() -> World:
        databases = [await open_database(":memory:") for _ in range(NODES + 1)]
        for database in databases:
            await migrate(database)
        return World(databases[:NODES], databases[NODES])

    async def end(world: World) -> None:
        for database in (*world.nodes, world.reference):
            await database.close()

    made = runner.run(begin())
    yield made
    runner.run(end(made))


KINDS = st.sampled_from(("deliver", "exchange", "publish", "publish", "link"))
PLACES = st.integers(0, NODES - 1)
# Seeds, not `st.randoms()`: their draws are even, so that corrected keys and right answers do meet.
CHANCE = st.integers(0, 2**32).map(random.Random)


@given(chance=CHANCE, steps=st.lists(st.tuples(KINDS, PLACES, PLACES, CHANCE), min_size=4, max_size=18))
def test_any_way_leads_to_the_same_progress_and_none_lowers_it(
    runner: asyncio.Runner, world: World, chance: random.Random, steps: list[Step]
) -> None:
    runner.run(live_through(world, chance, steps))
