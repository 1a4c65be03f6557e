"""Servers whose clock cannot be right, by what they wrote down themselves: each once, and no fault of any teacher."""

from __future__ import annotations

from lms.accounts.review import about, words
from lms.accounts.review.items import Item, Listed, Look
from lms.accounts.review.queries import part_of
from lms.events.ids import IS_SERVER, NODE, NODE_OF

_HERE, _UNKNOWN = "aqui", "-"

# Of those that no server here knows by its id there is one entry, as each start of theirs is another device.
_SERVERS = f"""FROM (SELECT server, CAST(sum(lines) AS BIGINT) AS lines, max(last_at) AS at, max(said_at) AS said_at,
    max(profile) AS profile, max(name) AS name FROM (
        SELECT CASE WHEN EXISTS (SELECT 1 FROM events WHERE events.profile = oddities.profile
            AND events.device = oddities.device AND source = 'page') THEN '{_HERE}'
            ELSE coalesce(nodes.id, '{_UNKNOWN}') END AS server,
        lines, last_at, said_at, oddities.profile AS profile, coalesce(nodes.name, '') AS name
        FROM oddities LEFT JOIN nodes ON {NODE} = {NODE_OF} WHERE kind = 'clock' AND {IS_SERVER}) AS written
    GROUP BY server) AS those
    WHERE lines > coalesce((SELECT upto FROM reviewed WHERE kind = 'server' AND subject = server), 0)"""  # noqa: S608 - texts of ours


async def wrong(look: Look) -> Listed:
    """The servers that wrote something down under a clock that cannot be right."""
    asked = "server, lines, at, said_at, profile, name"
    total, rows = await part_of(look, asked, _SERVERS, "ORDER BY at DESC, server")
    unknown = [row["profile"] for row in rows if row["server"] == _UNKNOWN]
    came_from = await about.nodes_of(look, unknown)
    items = [
        Item(
            f"{row['server']} - {row['lines']}",
            words.THIS_SERVER
            if row["server"] == _HERE
            else words.server([row["name"]] if row["name"] else came_from.get(row["profile"], [])),
            lines=row["lines"],
            at=row["at"],
            why=words.server_clock(row["said_at"]),
        )
        for row in rows
    ]
    return Listed(total, tuple(items))
