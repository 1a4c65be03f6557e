"""What the lines of profiles are and who brought them, for the few profiles that a page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.accounts.review import words
from lms.accounts.review.items import Look
from lms.db.interface import Row
from lms.events import ownership, wire
from lms.events.model import ProfileIdentified, ProgressReported

_LOOKED_AT = 100
"""Newest held lines of a profile that are read to say what they are: there may be 25,000."""

_TOGETHER = 50
"""Profiles whose words are read at once: of each there may be a hundred lines of 16 KiB."""

_SAID = """
SELECT profile, line FROM events WHERE number IN (SELECT number FROM (
    SELECT number, row_number() OVER (PARTITION BY profile ORDER BY number) AS place
    FROM events WHERE type = 'profile.identified' AND profile IN (:profiles)) AS first WHERE place <= :most)
ORDER BY number
"""

_KINDS = 2_000
"""Newest kinds of lines of a profile, by device, way, course and type: whoever sends them makes as many as they like."""

_STORED = """
SELECT profile, device, source, course, type, lines FROM (
    SELECT profile, device, source, course, type, count(*) AS lines, max(number) AS newest,
    row_number() OVER (PARTITION BY profile ORDER BY max(number) DESC) AS place
    FROM events WHERE profile IN (:profiles) GROUP BY profile, device, source, course, type) AS kinds
WHERE place <= :most ORDER BY newest DESC
"""

_WAYS = """
SELECT profile, source, count(*) AS lines FROM events WHERE profile IN (:profiles) GROUP BY profile, source
"""

_LESSONS = """
SELECT profile, sum(done) AS finished, count(*) AS lessons FROM (
    SELECT profile, course, item, max(CASE WHEN type = :finished THEN 1 ELSE 0 END) AS done FROM outcomes
    WHERE profile IN (:profiles) AND type IN (:begun, :finished) GROUP BY profile, course, item) AS seen
GROUP BY profile
"""

_REPORTED = """
SELECT profile, course, line FROM events WHERE number IN (SELECT max(number) FROM events
    WHERE type = 'progress.reported' AND profile IN (:profiles) GROUP BY profile, course)
ORDER BY number DESC
"""

_HELD = """
SELECT profile, device, source, brought_by, line FROM (
    SELECT profile, device, source, brought_by, line, number,
    row_number() OVER (PARTITION BY profile ORDER BY number DESC) AS place
    FROM held WHERE status = 'waiting' AND profile IN (:profiles)) AS newest
WHERE place <= :most ORDER BY number DESC
"""

_BROUGHT = """
SELECT profile, by, person, role, given_names, paternal FROM brought LEFT JOIN persons ON persons.id = brought.person
WHERE profile IN (:profiles)
"""

_NODES = """
SELECT profile, name FROM nodes JOIN carried ON carried.node = nodes.id AND carried.profile IN (:profiles)
ORDER BY name, nodes.id
"""

_HAVE = """
SELECT DISTINCT profile, name FROM receipts JOIN nodes ON nodes.id = receipts.node
WHERE profile IN (:profiles) ORDER BY name
"""


_MOST_REPORTED = 20  # courses of one profile: a file may name as many as it likes

Reported = tuple[str, ProgressReported]
"""The course of a code, and what it says."""


@dataclass(slots=True)
class About:
    """What is known of some lines of a profile; `parts` are the same, by the way they came.

    `all` is how many there are where only the newest were looked at.
    """

    types: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    begun: int = 0
    courses: dict[str, None] = field(default_factory=dict)
    devices: dict[str, None] = field(default_factory=dict)
    ways: dict[str, None] = field(default_factory=dict)
    nodes: Sequence[str] = ()
    bringers: list[str] = field(default_factory=list)
    themselves: str = ""
    said: list[ProfileIdentified] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)
    parts: dict[str, About] = field(default_factory=dict)
    all: int = 0

    def note(self, row: Row, type: str, course: str, lines: int = 1) -> None:
        """Look at some more."""
        self._count(row, type, course, lines)
        self.parts.setdefault(row["source"], About())._count(row, type, course, lines)

    def _count(self, row: Row, type: str, course: str, lines: int) -> None:
        self.types[type] += lines
        # Who only says whose it is may be a server that knows it.
        device = "" if type == "profile.identified" else row["device"]
        for seen, one in ((self.courses, course), (self.devices, device), (self.ways, row["source"])):
            if one:
                seen.setdefault(one)

    @property
    def lines(self) -> int:
        """How many there are, or at least were looked at."""
        return max(self.all, self.types.total())

    @property
    def cut(self) -> bool:
        """Whether there are more than were looked at."""
        return self.lines > self.types.total()

    @property
    def work(self) -> words.Work:
        """What they are."""
        return words.Work(self.types, tuple(self.courses), self.finished, self.begun, self.cut)

    @property
    def device(self) -> str:
        """Which device they are of, or of how many."""
        return words.devices(tuple(self.devices), more=self.cut)

    @property
    def called(self) -> str:
        """The names by which the profile calls its user."""
        return ", ".join(dict.fromkeys(one.name for one in self.said if one.name))

    def codes(self, titles: Mapping[str, str]) -> tuple[str, ...]:
        """The newest code of each course, by its letters, and what it says."""
        return tuple(words.of_a_code(titles.get(course, ""), said) for course, said in self.reported)

    @property
    def came(self) -> str:
        """Who brought them, and how, or from which servers they came."""
        return words.came(self.bringers, tuple(self.ways), self.nodes)


async def stored(look: Look, profiles: Sequence[str]) -> dict[str, About]:
    """What is in the log of each profile, and who brought a file with it last."""
    if not profiles:
        return {}
    found = {profile: About(said=one) for profile, one in (await said(look, profiles)).items()}
    await _look_through(look, found)
    lessons = {"profiles": list(profiles), "begun": words.BEGUN, "finished": words.FINISHED}
    for row in await look.db.rows(_LESSONS, lessons):
        one = found[row["profile"]]
        one.finished, one.begun = row["finished"], row["lessons"] - row["finished"]
    with_codes = [profile for profile, one in found.items() if one.cut or one.types["progress.reported"]]
    for profile, codes in (await _reported(look, with_codes)).items():
        found[profile].reported = codes
    for row in await look.db.rows(_BROUGHT, {"profiles": list(profiles)}):
        name = _named(row) if row["paternal"] else words.BRINGERS.get(row["by"], "")
        found[row["profile"]].bringers.append(name)
        if row["person"] == look.coach:
            found[row["profile"]].themselves = name
    names = await nodes_of(look, [profile for profile, one in found.items() if "node" in one.ways])
    for profile, those in names.items():
        found[profile].nodes = those
    return found


async def _look_through(look: Look, found: Mapping[str, About]) -> None:
    """Note the kinds of lines of each profile; where those are too many, the newest, and how many lines came each way."""
    kinds = Counter[str]()
    for row in await look.db.rows(_STORED, {"profiles": list(found), "most": _KINDS}):
        found[row["profile"]].note(row, row["type"], row["course"], row["lines"])
        kinds[row["profile"]] += 1
    many = [profile for profile, count in kinds.items() if count == _KINDS]
    for row in await look.db.rows(_WAYS, {"profiles": many}) if many else ():
        one = found[row["profile"]]
        one.all += row["lines"]
        one.ways.setdefault(row["source"])
        one.parts.setdefault(row["source"], About()).all = row["lines"]


async def _reported(look: Look, profiles: Sequence[str]) -> dict[str, list[Reported]]:
    """The newest code of each course, of each profile."""
    found: dict[str, list[Reported]] = {profile: [] for profile in profiles}
    rows = await look.db.rows(_REPORTED, {"profiles": list(profiles)}) if profiles else []
    for row in rows:
        data = wire.decode(bytes(row["line"])).data
        if isinstance(data, ProgressReported) and len(found[row["profile"]]) < _MOST_REPORTED:
            found[row["profile"]].append((row["course"], data))
    return found


async def nodes_of(look: Look, profiles: Sequence[str]) -> dict[str, list[str]]:
    """The names of the servers from which each profile came: those that brought it, or else those that have it."""
    found: dict[str, list[str]] = {profile: [] for profile in profiles}
    for sql in (_NODES, _HAVE):
        if unknown := [profile for profile, names in found.items() if not names]:
            for row in await look.db.rows(sql, {"profiles": unknown}):
                found[row["profile"]].append(row["name"])
    return found


async def held(look: Look, profiles: Sequence[str]) -> dict[str, About]:
    """What the newest lines are that wait for each profile, and who brought them."""
    if not profiles:
        return {}
    found = {profile: About(said=one) for profile, one in (await said(look, profiles)).items()}
    rows = await look.db.rows(_HELD, {"profiles": list(profiles), "most": _LOOKED_AT})
    names = await names_of(look, {row["brought_by"] for row in rows})
    lessons: dict[tuple[str, str], dict[tuple[str, str], bool]] = {}
    for row in rows:
        one = found[row["profile"]]
        event = wire.decode(bytes(row["line"]))
        one.note(row, event.type, event.course)
        if event.type in (words.BEGUN, words.FINISHED):
            for way in ("", row["source"]):
                seen, lesson = lessons.setdefault((row["profile"], way), {}), (event.course, event.item)
                seen[lesson] = seen.get(lesson, False) or event.type == words.FINISHED
        name = names.get(row["brought_by"], words.BRINGERS["bearer"])
        if name not in one.bringers:
            one.bringers.append(name)
    for (profile, way), done in lessons.items():
        one = found[profile].parts[way] if way else found[profile]
        one.finished, one.begun = sum(done.values()), len(done) - sum(done.values())
    return found


async def said(look: Look, profiles: Sequence[str]) -> dict[str, list[ProfileIdentified]]:
    """What each profile said of who uses it, as `ownership.said_in` tells it."""
    found: dict[str, list[ProfileIdentified]] = {}
    wanted = list(dict.fromkeys(profiles))
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        lines: dict[str, list[bytes]] = {profile: [] for profile in some}
        for row in await look.db.rows(_SAID, {"profiles": some, "most": ownership.MOST_SAID + 1}):
            lines[row["profile"]].append(row["line"])
        found |= {profile: ownership.as_said(those) for profile, those in lines.items()}
    return found


async def names_of(look: Look, ids: Iterable[str]) -> dict[str, str]:
    """What the persons with these ids are called, and who of them is a coach."""
    wanted = [id for id in ids if id]
    if not wanted:
        return {}
    sql = "SELECT id, role, given_names, paternal FROM persons WHERE id IN (:ids)"
    return {row["id"]: _named(row) for row in await look.db.rows(sql, {"ids": wanted})}


def _named(row: Row) -> str:
    role = ", acompañante" if row["role"] == "acompanante" else ""
    return f"{row['given_names'].split()[0]} {row['paternal']}{role}"
