"""Receipts of other servers that somebody brought, kept so that «Mi avance» goes on saying what they say.

A signature proves which key says it, not whose the key is: a name is believed with the first key that comes under it,
as packs do, and what is shown says that it stands in a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

# Of each device the last day counts, since a server may lose what it had.
_KEEP = """
INSERT INTO kept_receipts (node, name, profile, device, upto, day)
VALUES (:node, :name, :profile, :device, :upto, :day)
ON CONFLICT (node, profile, device) DO UPDATE
SET name = excluded.name, upto = excluded.upto, day = excluded.day WHERE kept_receipts.day <= excluded.day
"""


async def keep(db: Database, said: Receipt, places: Mapping[Place, int]) -> None:
    """Keep what a receipt says of these devices of one person; `Conflict` if another key had its name."""
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
    day = said.day.isoformat()
    await db.execute_many(_KEEP, [(node, name, *place, upto, day) for place, upto in places.items()])


async def kept_of(db: Statements, profiles: Sequence[str]) -> list[nodes.Receipt]:
    """What receipts that were brought say of these profiles."""
    return await db.rows(
        "SELECT node AS id, name AS node, profile, device, upto, upto AS events, '' AS digest, day AS at"
        " FROM kept_receipts WHERE profile IN (:profiles) ORDER BY name, id, profile, device",
        {"profiles": list(profiles)},
        into=nodes.Receipt,
    )
