"""How far somebody's progress has come: which servers said that they have it, all of it or how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from lms.clock import day_in_peru, day_in_words
from lms.db import Database
from lms.events.heading import bring_up_to_date
from lms.events.heads import events_of

_DAYS = """
SELECT node, profile, max(at) AS at FROM receipts JOIN nodes ON nodes.id = node
WHERE profile IN (:profiles) AND state = 'joined' GROUP BY node, profile
"""

_NO_DAY = ("", "", "")  # where nobody said anything, as a list of no rows has no columns

_WRONG_DAY = (
    ", con una fecha que no podía ser cuando se trajo: el reloj de ese servidor, o el de este, estaba mal"
)

_BROUGHT = "SELECT 1 FROM kept_receipts WHERE profile IN (:profiles) LIMIT 1"

# Of what receipts that were brought say, some counts in place of what their servers said themselves, and else not. Days are
# all that can be compared. On the same day, and where a receipt has none, whoever says more said it later.
# A server may have more of a device than this one, and that makes up for nothing that it lacks of another. Where it has as
# many or more, and its digest is not the one here, they may be others, as of a copied disk: it is unsure, and counts none.
# A receipt was compared when it was brought.
_SAID = """
WITH days (node, profile, day) AS (VALUES (:days)), said (node, name, profile, device, events, digest, at, brought) AS (
  SELECT told.node, nodes.name, told.profile, told.device, told.events, told.digest, told.at, 0
  FROM receipts AS told JOIN nodes ON nodes.id = told.node
  JOIN days ON days.node = told.node AND days.profile = told.profile
  LEFT JOIN kept_receipts AS kept
  ON kept.node = told.node AND kept.profile = told.profile AND kept.device = told.device
  WHERE told.profile IN (:profiles) AND NOT (
    kept.node IS NOT NULL
    AND (kept.day > days.day OR (kept.day IN (days.day, '') AND kept.upto > told.events))
  )
  UNION ALL
  SELECT kept.node, kept.name, kept.profile, kept.device, kept.upto, '', kept.day, 1
  FROM kept_receipts AS kept
  LEFT JOIN days ON days.node = kept.node AND days.profile = kept.profile
  LEFT JOIN receipts AS told
  ON told.node = kept.node AND told.profile = kept.profile AND told.device = kept.device
  WHERE kept.profile IN (:profiles) AND (
    days.day IS NULL OR kept.day > days.day
    OR (kept.day IN (days.day, '') AND kept.upto > coalesce(told.events, 0))
  )
)
SELECT said.node AS id, said.name, said.brought, max(said.at) AS at, CAST(sum(
  CASE WHEN heads.events IS NULL THEN 0 WHEN heads.events > said.events THEN said.events
  WHEN said.digest IN ('', heads.digest) THEN heads.events ELSE 0 END
) AS BIGINT) AS events, max(
  CASE WHEN heads.events <= said.events AND said.digest NOT IN ('', heads.digest) THEN 1 ELSE 0 END
) AS unsure
FROM said LEFT JOIN heads ON heads.profile = said.profile AND heads.device = said.device
GROUP BY said.node, said.name, said.brought ORDER BY said.brought, said.name, said.node
"""


class _Said(Struct, frozen=True):
    """What one server said under one name: events that are here too, its last word's day, whether some may be others."""

    id: str
    name: str
    brought: int
    at: str
    events: int
    unsure: int


class Arrived(Struct, frozen=True):
    """How much of what this server has another one said it has too, in events, and on which day it said so.

    `unsure` is whether it has others, of which nobody knows yet whether what is here is among them.
    """

    node: str
    events: int
    all: int
    day: str
    by_receipt: bool = False
    unsure: bool = False

    @property
    def words(self) -> str:
        """That, for whoever's progress it is."""
        if self.by_receipt:
            much = "todo" if self.events >= self.all else f"{self.events} de {self.all} registros"
            when = f" del {self.day}" if self.day else _WRONG_DAY
            return f"Recibido por «{self.node}»: {much} (lo dice su recibo{when})."
        if self.events >= self.all:
            return f"Todo llegó a «{self.node}» (lo confirmó el {self.day})."
        much = f"{self.events} de {self.all} registros (hasta el {self.day})"
        return (
            f"{f'«{self.node}» confirmó' if self.unsure else f'A «{self.node}» llegaron'} {much}. "
            "Lo demás irá la próxima vez que haya conexión, o en un archivo."
        )


async def arrived(db: Database, profiles: Sequence[str]) -> tuple[Arrived, ...]:
    """For each server that said something of these profiles, itself or in a receipt that was brought, how much it has.

    Anybody can make a profile of a hundred thousand devices, so they are counted where they are.
    """
    asked = {"profiles": list(profiles)}
    days = [
        (row["node"], row["profile"], day_in_peru(row["at"]).isoformat())
        for row in await db.rows(_DAYS, asked)
    ]
    if not days and not await db.value(_BROUGHT, asked):
        return ()
    await bring_up_to_date(db)
    said = await db.rows(_SAID, {**asked, "days": [*days, _NO_DAY]}, into=_Said)
    return tuple(_arrived(said, await events_of(db, profiles)))


def _arrived(said: Sequence[_Said], here: int) -> Iterable[Arrived]:
    for id in dict.fromkeys(one.id for one in said):  # two servers may have one name
        same = [one for one in said if one.id == id]
        last = max(same, key=lambda one: one.at)  # a server may get another name
        day = day_in_words(day_in_peru(last.at)) if last.at else ""
        brought = any(one.brought for one in same)
        unsure = any(one.unsure for one in same)
        yield Arrived(last.name, sum(one.events for one in same), here, day, brought, unsure)
