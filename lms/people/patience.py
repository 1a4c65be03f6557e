"""Growing delays after wrong PINs, per person and per address: minutes at most, never a lock-out.

An *account* is whatever text names one and the PIN it has now, so that a new PIN starts from nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.clock import stamp
from lms.db import Database, Statements
from lms.errors import TooMany

FORGOTTEN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Subject:
    """What wrong PINs are counted on: `free` tries cost nothing, then each doubles the wait up to `longest`.

    `longest` is in seconds. What others did on a `shared` subject is not forgiven with one's own tries.
    """

    key: str
    free: int
    longest: int
    shared: bool = False


def device_subject(account: str, profile: str) -> Subject:
    """An account tried from a browser that knows it by this profile, which nobody else can say.

    Apart, so that a stranger who guesses from elsewhere does not slow down the owner on the owner's device.
    """
    return Subject(_key("device", account, profile), free=4, longest=300)


def stranger_subjects(account: str, address: str) -> tuple[Subject, Subject]:
    """An account tried from a browser that does not know it: there, and, more loosely, from anywhere.

    One who guesses somewhere makes an owner with a new device wait there only; many who guess from many places
    have, all together, a try a minute.
    """
    here = Subject(_key("stranger", account, address), free=4, longest=300)
    return here, Subject(_key("strangers", account), free=50, longest=60)


def address_subject(address: str) -> Subject:
    """A network address; a whole school may share one, so it is given more tries and shorter waits."""
    return Subject(_key("address", address), free=30, longest=60, shared=True)


def wait(subject: Subject, count: int) -> int:
    """Seconds to wait after `count` wrong tries: 0 while they are free, then 2, 4, 8 … up to the longest."""
    excess = count - subject.free
    return 0 if excess <= 0 else min(2 ** min(excess, 30), subject.longest)


async def begin_try(db: Database, subjects: Sequence[Subject], now: datetime) -> None:
    """Count a try before it is judged, so that a hundred at once are a hundred; `TooMany` if it must wait."""
    async with db.transaction() as work:
        left = max([await _left(work, subject, now) for subject in subjects], default=0.0)
        if left > 0:
            raise _too_many(max(1, round(left + 0.5)))
        for subject in subjects:
            await _count(work, subject, now)


async def forgive(work: Statements, subjects: Sequence[Subject]) -> None:
    """The try was right: a person starts from nothing; at an address only this try is taken back."""
    for subject in subjects:
        await work.execute(_TAKE_BACK if subject.shared else _FORGET, {"subject": subject.key})


_FORGET = "DELETE FROM failures WHERE subject = :subject"
_TAKE_BACK = "UPDATE failures SET count = count - 1, until = '' WHERE subject = :subject AND count > 0"


async def _left(work: Statements, subject: Subject, now: datetime) -> float:
    """The seconds that are left to wait; more than it ever makes one wait is the mark of a clock gone back."""
    sql = "SELECT until FROM failures WHERE subject = :subject AND until <> ''"
    until = await work.value(sql, {"subject": subject.key})
    left = (datetime.fromisoformat(until) - now).total_seconds() if until else 0.0
    return left if left <= subject.longest else 0.0


async def _count(work: Statements, subject: Subject, now: datetime) -> None:
    # Later than now: the clock went back, and what it counted before would never grow old.
    known = {"old": stamp(now - FORGOTTEN_AFTER), "ahead": stamp(now + FORGOTTEN_AFTER)}
    await work.execute("DELETE FROM failures WHERE last < :old OR last > :ahead", known)
    count = await work.value(
        """INSERT INTO failures (subject, count, last, until) VALUES (:subject, 1, :now, '')
        ON CONFLICT (subject) DO UPDATE SET count = failures.count + 1, last = excluded.last
        RETURNING count""",
        {"subject": subject.key, "now": stamp(now)},
    )
    until = stamp(now + timedelta(seconds=wait(subject, count))) if wait(subject, count) else ""
    await work.execute(
        "UPDATE failures SET until = :until WHERE subject = :subject",
        {"until": until, "subject": subject.key},
    )


def _key(*parts: str) -> str:
    """Hashed: the table must not become a list of documents and addresses."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _too_many(seconds: int) -> TooMany:
    if seconds < 60:
        span = "1 segundo" if seconds == 1 else f"{seconds} segundos"
    else:
        minutes = -(-seconds // 60)
        span = "1 minuto" if minutes == 1 else f"{minutes} minutos"
    return TooMany(f"Hubo varios intentos con un PIN equivocado. Espera {span} y vuelve a probar.", seconds)
