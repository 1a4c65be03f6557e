"""How far somebody's progress has come: which servers said that they have it, all of it or how much."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from lms.clock import day_in_peru, day_in_words
from lms.db import Database
from lms.events.heads import Place, bring_up_to_date, events_of, heads_at
from lms.sync.kept_receipts import kept_of
from lms.sync.nodes import Receipt, receipts_of

_MOST = 5_000  # devices: anybody can make a profile of a hundred thousand


class Arrived(Struct, frozen=True):
    """How much of what this server has another one said it has too, in events, and on which day it said so."""

    node: str
    events: int
    all: int
    day: str
    by_receipt: bool = False

    @property
    def words(self) -> str:
        """That, for whoever's progress it is."""
        if self.by_receipt:
            much = "todo" if self.events >= self.all else f"{self.events} de {self.all} registros"
            when = f" del {self.day}" if self.day else ", con una fecha que no puede ser"
            return f"Recibido por «{self.node}»: {much} (lo dice su recibo{when})."
        if self.events >= self.all:
            return f"Todo llegó a «{self.node}» (lo confirmó el {self.day})."
        return (
            f"A «{self.node}» llegaron {self.events} de {self.all} registros (hasta el {self.day}). "
            "Lo demás irá la próxima vez que haya conexión, o en un archivo."
        )


async def arrived(db: Database, profiles: Sequence[str]) -> tuple[Arrived, ...]:
    """For each server that said something of these profiles, itself or in a receipt that was brought, how much it has."""
    told, kept = await receipts_of(db, profiles, _MOST), await kept_of(db, profiles, _MOST)
    if not told and not kept:
        return ()
    await bring_up_to_date(db)
    about = sorted({(one.profile, one.device) for one in (*told, *kept)})
    here = {(head.profile, head.device): head.events for head in await heads_at(db, about)}
    later = _later(told, kept)
    places = {(one.id, one.profile, one.device) for one in later}
    said = [one for one in told if (one.id, one.profile, one.device) not in places]
    brought = {one.id for one in later}
    return tuple(_arrived(here, await events_of(db, profiles), [*said, *later], brought))


def _later(told: Sequence[Receipt], kept: Sequence[Receipt]) -> list[Receipt]:
    """Of what receipts that were brought say, what counts beside, or in place of, what their servers said themselves.

    Days are all that can be compared. On the same day, and where a receipt has none, whoever says more said it later.
    """
    days: dict[tuple[str, str], str] = {}
    for one in told:
        days[one.id, one.profile] = max(day_in_peru(one.at).isoformat(), days.get((one.id, one.profile), ""))
    events = {(one.id, one.profile, one.device): one.events for one in told}

    def counts(one: Receipt) -> bool:
        day = days.get((one.id, one.profile))
        if day is None or one.at > day:
            return True
        return one.at in (day, "") and one.events > events.get((one.id, one.profile, one.device), 0)

    return [one for one in kept if counts(one)]


def _arrived(
    here: Mapping[Place, int], all: int, receipts: Sequence[Receipt], brought: Collection[str]
) -> Iterable[Arrived]:
    for id in dict.fromkeys(receipt.id for receipt in receipts):  # two servers may have one name
        said = [receipt for receipt in receipts if receipt.id == id]
        # It may have more of a device than this server, and that makes up for nothing that it lacks of another.
        events = sum(min(one.events, here.get((one.profile, one.device), 0)) for one in said)
        last = max(said, key=lambda one: one.at)  # a server may get another name
        day = day_in_words(day_in_peru(last.at)) if last.at else ""
        yield Arrived(last.node, events, all, day, id in brought)
