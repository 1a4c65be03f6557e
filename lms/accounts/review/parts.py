"""What somebody is asked about, by the ways it came: only some of them say which device wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lms.accounts.queries import Claim
from lms.accounts.review import about, words
from lms.accounts.review.about import About
from lms.accounts.review.items import Look

_LESSONS = """
SELECT profile, source, sum(done) AS finished, count(*) AS lessons FROM (
    SELECT profile, source, course, item, max(CASE WHEN type = :finished THEN 1 ELSE 0 END) AS done FROM events
    WHERE profile IN (:profiles) AND type IN (:begun, :finished) GROUP BY profile, source, course, item) AS seen
GROUP BY profile, source
"""

_WAITING = """
SELECT profile, source, count(*) AS lines FROM held WHERE status = 'waiting' AND profile IN (:profiles)
GROUP BY profile, source
"""

_WAYS = ("signed", "session", "page", "node", "open", "file")
"""In this order, as far as each says who wrote it."""


class Part(NamedTuple):
    """What came one way: how many lines, what they are, from which device, and how."""

    lines: int
    what: str
    device: str
    way: str


class Told(NamedTuple):
    """What a claim is made of, and who brought it; `mixed` if a device signed some of it and nobody the rest."""

    parts: Sequence[Part]
    codes: Sequence[str]
    mixed: bool
    bringer: str


async def of_claims(look: Look, claims: Sequence[Claim]) -> list[Told]:
    """What each claim is made of, for whoever is asked about it."""
    held = [claim.profile for claim in claims if claim.held]
    found = await _stored(look, [claim.profile for claim in claims if not claim.held])
    found |= await about.held(look, held)
    counts: dict[str, dict[str, int]] = {
        profile: {way: part.lines for way, part in one.parts.items()} for profile, one in found.items()
    }
    # Of many lines only the newest were looked at.
    for row in await look.db.rows(_WAITING, {"profiles": held}) if held else ():
        counts[row["profile"]][row["source"]] = row["lines"]
    return [_told(look, found[claim.profile], counts[claim.profile]) for claim in claims]


async def _stored(look: Look, profiles: Sequence[str]) -> dict[str, About]:
    found = await about.stored(look, profiles)
    asked = {"profiles": list(profiles), "begun": words.BEGUN, "finished": words.FINISHED}
    for row in await look.db.rows(_LESSONS, asked) if profiles else ():
        part = found[row["profile"]].parts[row["source"]]
        part.finished, part.begun = row["finished"], row["lessons"] - row["finished"]
    return found


def _told(look: Look, one: About, counts: Mapping[str, int]) -> Told:
    parts = [_part(look, one, way, counts[way]) for way in _WAYS if way in counts]
    mixed = "signed" in counts and bool({"open", "file"}.intersection(counts))
    return Told(parts, one.codes(look.titles), mixed, words.brought_to_owner(one.bringers, one.themselves))


def _part(look: Look, one: About, way: str, lines: int) -> Part:
    part = one.parts.get(way)
    if part is None or not part.types:  # only newer ones were looked at
        return Part(lines, "", "", words.OWNERS_WAYS[way])
    is_code = set(part.types) == {"progress.reported"}
    what = words.contents(part.work, look.titles, part=lines > part.lines)
    how = words.IN_A_CODE if is_code else words.OWNERS_WAYS[way]
    return Part(lines, what, "" if is_code else part.device, how)
