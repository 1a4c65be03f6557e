"""Receipts of other servers that somebody brought, kept so that «Mi avance» goes on saying what they say.

A signature proves which key says it, not whose the key is: a name is believed with the first key that comes under it,
as packs do, and what is shown says that it stands in a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lms.db import Database, Statements
from lms.errors import Conflict
from lms.events.heads import Place
from lms.sync import nodes

if TYPE_CHECKING:
    from lms.sync.over_receipt import Receipt

MOST_SERVERS = 20
"""Most servers of which one profile has receipts: whoever wants to can make a key and sign with it."""

_KNOWN = """
SELECT node, name FROM kept_receipts WHERE profile IN (:profiles)
UNION SELECT id AS node, name FROM nodes WHERE state = 'joined' AND name = :name
"""

# Of each device the last day counts, since a server may lose what it had. A day that cannot be stands in nobody's way:
# then what was brought last counts.
_KEEP = """
INSERT INTO kept_receipts (node, name, profile, device, upto, day)
VALUES (:node, :name, :profile, :device, :upto, :day)
ON CONFLICT (node, profile, device) DO UPDATE
SET name = excluded.name, upto = excluded.upto, day = excluded.day
WHERE kept_receipts.day <= excluded.day OR excluded.day = '' OR kept_receipts.day > :today
"""


async def keep(db: Database, said: Receipt, places: Mapping[Place, int], *, today: date) -> None:
    """Keep what a receipt says of these devices of one person; `Conflict` if another key had its name.

    Without its day, if that cannot be: the clock of a server may be years wrong.
    """
    name, node = nodes.shown(said.name) or said.key.id, said.key.id
    profiles = sorted({profile for profile, _ in places})
    known = await db.rows(_KNOWN, {"profiles": profiles, "name": name})
    if any(row["name"] == name and row["node"] != node for row in known):
        raise Conflict(
            f"Este recibo dice ser de «{name}», pero no tiene la llave que aquí se conoce de ese servidor. "
            "No se tomó en cuenta. Pide otro donde recibieron tu avance."
        )
    if len({row["node"] for row in known} - {node}) >= MOST_SERVERS:
        raise Conflict(
            f"Ya hay recibos de {MOST_SERVERS} servidores para este avance. No se guardó otro; tu avance sigue igual."
        )
    day = said.day.isoformat() if said.is_dated(today) else ""
    rows = [(node, name, *place, upto, day, today.isoformat()) for place, upto in places.items()]
    await db.execute_many(_KEEP, rows)


async def kept_of(db: Statements, profiles: Sequence[str], most: int) -> list[nodes.Receipt]:
    """What receipts that were brought say of these profiles, of so many devices; one whose day could not be says none."""
    return await db.rows(
        "SELECT node AS id, name AS node, profile, device, upto, upto AS events, '' AS digest, day AS at"
        " FROM kept_receipts WHERE profile IN (:profiles) ORDER BY name, id, profile, device LIMIT :most",
        {"profiles": list(profiles), "most": most},
        into=nodes.Receipt,
    )
