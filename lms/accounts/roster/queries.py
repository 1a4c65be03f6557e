"""What the list of teachers asks of the database: a page of them, and how far those of one page have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lms.db import Statements
from lms.events.model import OWN
from lms.people.names import plain_name

Order = Literal["last", "name"]

_MOST_WORDS = 6

_TEACHERS = """
SELECT persons.id, given_names, paternal, maternal, created_at, plain_name, done.last
FROM persons LEFT JOIN (
  SELECT links.person, max(studied.at) AS last
  FROM links JOIN studied ON studied.profile = links.profile GROUP BY links.person
) AS done ON done.person = persons.id WHERE role = 'docente'
"""

_FIRST = {"last": "last,", "name": ""}

_BEGUN = """
SELECT links.person, outcomes.course, max(outcomes.last) AS newest,
  max(CASE WHEN outcomes.type = 'lesson.opened' THEN 0 ELSE 1 END) AS worked
FROM links JOIN outcomes ON outcomes.profile = links.profile
WHERE links.person IN (:persons) AND NOT outcomes.type IN (:own)
GROUP BY links.person, outcomes.course ORDER BY worked DESC, newest DESC
"""

_COMPLETED = """
SELECT links.person, outcomes.course, outcomes.item, max(outcomes.version) AS version
FROM links JOIN outcomes ON outcomes.profile = links.profile
WHERE links.person IN (:persons) AND outcomes.type IN ('lesson.completed', 'reported.lesson.completed')
GROUP BY links.person, outcomes.course, outcomes.item
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which teachers are asked for: whose names hold each word of `named` (empty: all), and in which order."""

    named: str = ""
    order: Order = "last"

    @property
    def words(self) -> dict[str, str]:
        """As the queries want them."""
        words = plain_name(self.named.replace(",", " ")).split()
        return {f"word{place}": word for place, word in enumerate(words[:_MOST_WORDS])}

    @property
    def sql(self) -> str:
        """The teachers, in no order."""
        return _TEACHERS + "".join(f" AND instr(plain_name, :{word}) > 0" for word in self.words)


@dataclass(frozen=True, slots=True)
class Account:
    """A teacher with an account here; `last` is when they last studied, None as long as they have not begun."""

    id: str
    given_names: str
    paternal: str
    maternal: str
    created_at: str
    last: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A course in which a person did something; `worked` if it was more than to open a lesson."""

    person: str
    course: str
    newest: int
    worked: int


@dataclass(frozen=True, slots=True)
class Completed:
    """A lesson that a person completed, and the newest version in which they did (see `Tally`)."""

    person: str
    course: str
    item: str
    version: int


async def totals(db: Statements, listed: Listed) -> tuple[int, int]:
    """How many teachers there are, and how many of them have begun."""
    sql = f"SELECT count(*) AS many, count(last) AS begun FROM ({listed.sql}) AS t"  # noqa: S608 - texts of ours
    row = await db.row(sql, listed.words)
    return (row["many"], row["begun"]) if row else (0, 0)


async def accounts(db: Statements, listed: Listed, *, start: int, most: int) -> list[Account]:
    """Some of the teachers: those who have begun first, and of them who did nothing for longest, or by name."""
    return await db.rows(
        f"SELECT id, given_names, paternal, maternal, created_at, last FROM ({listed.sql}) AS t"  # noqa: S608 - texts of ours
        f" ORDER BY CASE WHEN last IS NULL THEN 1 ELSE 0 END, {_FIRST[listed.order]} plain_name, id"
        " LIMIT :most OFFSET :start",
        {**listed.words, "most": most, "start": start},
        into=Account,
    )


async def begun(db: Statements, persons: Sequence[str]) -> list[Begun]:
    """The courses that some persons began; those worked in first, and of them the latest."""
    asked: dict[str, Any] = {"persons": list(persons), "own": list(OWN)}
    return await db.rows(_BEGUN, asked, into=Begun)


async def completed(db: Statements, persons: Sequence[str]) -> list[Completed]:
    """The lessons that some persons completed."""
    return await db.rows(_COMPLETED, {"persons": list(persons)}, into=Completed)
