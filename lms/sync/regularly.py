"""A node that has a network now and then exchanges with those above it by itself, and never in a hurry."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime

from lms.clock import system_clock
from lms.db import Database
from lms.errors import LmsError
from lms.settings import Settings, Span
from lms.sync.exchange import Errand
from lms.sync.nodes import Peer, peers
from lms.sync.own import here_at, identity_in

log = logging.getLogger(__name__)

LONGEST_PAUSE = 6 * 60
"""Minutes between tries, however often they failed."""

# What was left of the last exchange, by node: a link that always breaks is not tried with much at first each time,
# nor from the first profile on.
_errands: dict[str, Errand] = {}
# Until when a node asked to be left alone, by node, on the clock that nobody sets.
_quiet: dict[str, float] = {}
_DOUBLED = 10  # times at most; a server that never has a network fails for years
_LOOK = 60.0  # seconds until the hour is looked at again


Hours = Callable[[datetime], bool]
"""Whether a moment, in the machine's own time, lies in the hours that are set."""


def hours_in(span: Span | None) -> Hours:
    """Whether a moment lies from the one time to the other; without any it always does."""
    if span is None:
        return lambda moment: True
    first, last = span

    def inside(moment: datetime) -> bool:
        now = moment.time()
        return first <= now < last if first <= last else now >= first or now < last

    return inside


def rhythm(settings: Settings, now: datetime) -> str:
    """How often a server that runs exchanges by itself, and from when on if this is not the hour, in words."""
    if not settings.sync_every:
        return "solo cuando se pide: lms sync run"
    often = f"cada {settings.sync_every:g} minutos mientras está en marcha"
    if settings.sync_hours is None:
        return often
    first, last = settings.sync_hours
    next_one = "" if hours_in(settings.sync_hours)(now) else f"; ahora no: desde las {first:%H:%M}"
    return f"{often}, de {first:%H:%M} a {last:%H:%M}{next_one}"


def pause(every: float, failures: int) -> float:
    """Minutes until the next try after so many failures in a row: longer each time, and never all nodes at once."""
    longer: float = min(max(every, LONGEST_PAUSE), every * 2 ** min(failures, _DOUBLED))
    return longer * random.uniform(0.8, 1.2)  # noqa: S311 - so that a hundred schools do not call together


async def exchange_regularly(settings: Settings, db: Database, inside: Hours) -> None:
    """Exchange with every node above this one now and then, inside the hours, until cancelled."""
    every, failures = settings.sync_every, 0
    while every:
        await asyncio.sleep(60 * pause(every, failures))
        if settings.sync_hours and not inside(system_clock().astimezone()):
            log.info("exchanges wait for their hours", extra={"begin": f"{settings.sync_hours[0]:%H:%M}"})
        while not inside(system_clock().astimezone()):  # noqa: ASYNC110 - nothing but the clock tells the hour
            await asyncio.sleep(_LOOK)
        failures = 0 if await exchange_with_all(settings, db) else failures + 1


async def exchange_with_all(settings: Settings, db: Database) -> bool:
    """Exchange with every node above this one that has an address; whether all went well."""
    try:
        known = await peers(db)
    except LmsError as error:  # the database is away for a while: there is a next time
        log.warning("exchange failed: %s", error.message)
        return False
    above = [peer for peer in known if peer.upstream and peer.address and peer.state == "joined"]
    return all([await _well(settings, db, peer) for peer in above])


async def _well(settings: Settings, db: Database, peer: Peer) -> bool:
    from lms.sync.over_network import exchange_over  # what it needs is large, and most servers are alone

    errand, said = _errands.get(peer.id, Errand()).again(), {"node": peer.name}
    if time.monotonic() < _quiet.get(peer.id, 0.0):
        log.info("a server that asked to wait is left alone", extra=said)
        return True
    _errands[peer.id] = errand
    try:
        remote = await exchange_over(here_at(settings, db), identity_in(settings), peer, errand)
    except LmsError as error:
        log.warning("exchange failed: %s", error.message, extra=said)
        return False
    except Exception:
        log.exception("exchange failed", extra=said)
        return False
    finally:
        _quiet[peer.id] = time.monotonic() + errand.pause
    counts = {"sent": errand.sent, "stored": errand.stored, "handed": errand.handed}
    counts |= {"out": remote.sent, "in": remote.received}
    log.info("exchanged", extra={**said, **counts})
    return True
