"""What a profile's digest tells, and what of it two servers must agree on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from events_cast import Tablet, changed, store

from lms.course.model import Course
from lms.db import Database
from lms.events import heads as heading
from lms.events.erasing import erase_lines, erase_profiles
from lms.events.heading import bring_up_to_date
from lms.events.heads import (
    Head,
    digests_of,
    erased_after,
    head_of,
    heads_after,
    heads_among,
    heads_of,
    profiles_after,
)

VECTORS = Path(__file__).parent.parent / "vectors"
AT = "2026-11-26T00:00:00.000Z"


def digest(heads: Iterable[Head], erased: Iterable[str] = ()) -> str:
    """A profile's digest as every version makes it."""
    chains = sorted(bytes.fromhex(head.digest) for head in heads)
    return sha256(b"".join((*chains, *(id.encode() for id in sorted(erased))))).hexdigest()[:16]


def test_a_browser_chains_the_ids_of_a_device_as_the_log_does() -> None:
    vector = json.loads((VECTORS / "chain.json").read_text("utf-8"))
    steps = list(enumerate(vector["ids"], 1))
    digests = [head_of(("p", "d"), steps[:count]).digest for count in range(len(steps) + 1)]
    assert digests == vector["digests"]


async def erased(db: Database, *tombstones: tuple[str, str]) -> None:
    await db.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, :at)",
        [{"profile": profile, "id": id, "at": AT} for profile, id in tombstones],
    )


async def test_a_digest_is_of_all_heads_and_of_what_was_erased_in_order_however_much_there_is(
    db: Database, small: Course
) -> None:
    first = Tablet(small)
    devices = [first, *(Tablet(small, first.profile) for _ in range(6))]
    others = [Tablet(small) for _ in range(4)]
    await store(db, *(tablet.opens() for tablet in (*devices, *others)))
    await erased(db, *((one.profile, id) for one in (first, others[0]) for id in "edacb"), ("none", "none"))
    await bring_up_to_date(db)
    profiles = await profiles_after(db, "", 10)
    heads = await heads_of(db, profiles)
    expected = {
        profile: digest(
            [head for head in heads if head.profile == profile],
            "abcde" if profile in (first.profile, others[0].profile) else "",
        )
        for profile in profiles
    }

    assert len(profiles) == 5
    for page in (1, 2, 3, 12, 5_000):
        with changed(heading, _A_PAGE=page):
            assert await digests_of(db, [*profiles, "none"]) == expected


async def test_what_there_is_is_listed_from_a_place_on_in_order(db: Database, small: Course) -> None:
    profile = Tablet(small).profile
    tablets = [*(Tablet(small, profile) for _ in range(5)), Tablet(small), Tablet(small)]
    await store(db, *(tablet.opens() for tablet in tablets))
    await bring_up_to_date(db)
    profiles = await profiles_after(db, "", 10)
    every = await heads_of(db, profiles)
    places = [(head.profile, head.device) for head in every]
    await erased(db, *places)

    for number, place in enumerate([("", ""), *places]):
        assert await heads_after(db, profiles, place, 3) == every[number : number + 3]
        assert await erased_after(db, profiles, place, 3) == places[number : number + 3]
    assert await heads_after(db, profiles[1:], ("", ""), 10) == [
        head for head in every if head.profile != profiles[0]
    ]
    assert await profiles_after(db, profiles[0], 1) == profiles[1:2]
    devices = [head.device for head in every[::2]]
    assert await heads_among(db, profiles, devices, 3) == every[::2][:3]
    assert await heads_among(db, profiles[1:], devices, 9) == [
        head for head in every[::2] if head.profile != profiles[0]
    ]


async def test_erasing_changes_the_digest_of_that_profile_alone_and_no_head(
    db: Database, small: Course
) -> None:
    tablet, line, other = Tablet(small), Tablet(small), Tablet(small)
    await store(db, *(one.identifies("Nélida", "40000001") for one in (tablet, line, other)))
    await bring_up_to_date(db)
    profiles = [tablet.profile, line.profile, other.profile]
    before, heads = await digests_of(db, profiles), await heads_of(db, profiles)

    async with db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)
        await erase_lines(work, {(line.profile, "01a2b3c4-0000-7000-8000-000000000000")}, at=AT)

    after = await digests_of(db, profiles)
    assert [before[one] == after[one] for one in profiles] == [False, False, True]
    assert await heads_of(db, profiles) == heads
