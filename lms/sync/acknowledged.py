"""How far somebody's progress has come: which servers said that they have it, all of it or how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from lms.clock import day_in_words
from lms.db import Database
from lms.events.heads import Head, bring_up_to_date, heads_of
from lms.sync.kept_receipts import kept_of
from lms.sync.nodes import Receipt, receipts_of


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
            return f"Recibido por «{self.node}»: {much} (lo dice su recibo del {self.day})."
        if self.events >= self.all:
            return f"Todo llegó a «{self.node}» (lo confirmó el {self.day})."
        return (
            f"A «{self.node}» llegaron {self.events} de {self.all} registros (hasta el {self.day}). "
            "Lo demás irá la próxima vez que haya conexión, o en un archivo."
        )


async def arrived(db: Database, profiles: Sequence[str]) -> tuple[Arrived, ...]:
    """For each server that said something of these profiles, itself or in a receipt that was brought, how much it has."""
    told, kept = await receipts_of(db, profiles), await kept_of(db, profiles)
    if not told and not kept:
        return ()
    await bring_up_to_date(db)
    heads, themselves = await heads_of(db, profiles), {one.id for one in told}
    brought = [one for one in kept if one.id not in themselves]
    return (*_arrived(heads, told), *_arrived(heads, brought, by_receipt=True))


def _arrived(
    heads: Sequence[Head], receipts: Sequence[Receipt], *, by_receipt: bool = False
) -> Iterable[Arrived]:
    here = {(head.profile, head.device): head.events for head in heads}
    for id in dict.fromkeys(receipt.id for receipt in receipts):  # two servers may have one name
        said = [receipt for receipt in receipts if receipt.id == id]
        # It may have more of a device than this server, and that makes up for nothing that it lacks of another.
        events = sum(min(one.events, here.get((one.profile, one.device), 0)) for one in said)
        day = day_in_words(datetime.fromisoformat(max(one.at for one in said)).date())
        yield Arrived(said[0].node, events, sum(here.values()), day, by_receipt)
