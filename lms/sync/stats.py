"""How the exchange with other servers stands, for `lms stats`."""

from __future__ import annotations

from contextlib import suppress

from lms.clock import system_clock
from lms.db import Database
from lms.errors import Unavailable
from lms.events.heading import bring_up_to_date
from lms.settings import Settings
from lms.sync import entrusted
from lms.sync.nodes import peers
from lms.sync.over_network import ahead
from lms.sync.regularly import rhythm

TITLE = "Otros servidores"


async def other_servers(db: Database, settings: Settings) -> list[tuple[str, str, int | str]]:
    """Who is joined, when something of each last arrived, and how many events those above do not have yet."""
    found = await peers(db)
    waiting = sum(peer.state == "waiting" for peer in found)
    rows: list[tuple[str, str, int | str]] = [("nodes_waiting", "Esperan que los aceptes", waiting)]
    if any(peer.upstream for peer in found):
        with suppress(Unavailable):  # on a disk that takes nothing more the last events are not counted in
            await bring_up_to_date(db)
        rows.append(("exchanges", "Intercambia por la red", rhythm(settings, system_clock().astimezone())))
    for peer in found:
        if peer.state == "joined":
            rows.append((f"node_{peer.id}_seen", f"«{peer.name}», visto", peer.seen or "nunca"))
        if peer.upstream and peer.state == "joined":
            missing = (await ahead(db, peer)).events
            rows.append((f"node_{peer.id}_ahead", "  registros que aún no confirma", missing))
            if closed := len(await entrusted.waiting(db, peer)):
                rows.append((f"node_{peer.id}_closed", "  archivos cerrados por entregarle", closed))
    return rows
