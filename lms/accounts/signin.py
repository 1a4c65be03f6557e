"""Proving who one is: document and PIN, or document and recovery code, and the patience wrong tries meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.clock import stamp
from lms.db import Database
from lms.errors import Unauthenticated
from lms.people import patience, queries
from lms.people.documents import readings
from lms.people.model import Person
from lms.people.patience import Subject
from lms.people.pin import code_matches, hash_code, hash_pin, new_recovery_code, pin_matches

WRONG_PIN = "El documento o el PIN no coinciden. Revisa los dos y vuelve a probar."
WRONG_CODE = (
    "El documento o el código no coinciden. Revisa los dos, o pide a tu acompañante que cambie tu PIN."
)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to open an account: what was typed, from which address, and by whom this device knows.

    `known` is the profile this device uses for the person, or empty.
    """

    document: str
    secret: str
    address: str
    known: str = ""


async def sign_in(db: Database, attempt: Try, now: datetime) -> Person:
    """The person whose document and PIN these are; `Unauthenticated`, or `TooMany` when it must wait.

    An unknown document and a wrong PIN give the same answer after the same time.
    """
    person = await queries.person_typed(db, attempt.document)
    subjects = _subjects(attempt, person)
    await patience.begin_try(db, subjects, now)
    kept = await queries.secrets_of(db, person.id) if person else None
    right = await pin_matches(kept.pin_hash if kept else None, attempt.secret)
    if person is None or not right:
        raise Unauthenticated(WRONG_PIN)
    await patience.forgive(db, subjects)
    return person


async def recover(db: Database, attempt: Try, pin: str, now: datetime) -> tuple[Person, str]:
    """Set a new PIN with the printed code, which is used up; the person and their next code.

    Nobody guesses sixty bits, so a wrong code counts on the address only: the code must open the account also
    while somebody keeps its PIN waiting.
    """
    subjects = (patience.address_subject(attempt.address),)
    await patience.begin_try(db, subjects, now)
    person = await queries.person_typed(db, attempt.document)
    kept = await queries.secrets_of(db, person.id) if person else None
    if kept is None or person is None or not code_matches(kept.recovery_hash, attempt.secret):
        raise Unauthenticated(WRONG_CODE)
    # Swapped before the slow hash, so that of two requests with one code only one goes on.
    if not await queries.use_recovery_code(db, person.id, kept.recovery_hash, hash_code(new_recovery_code())):
        raise Unauthenticated(WRONG_CODE)
    await patience.forgive(db, subjects)
    return await set_pin(db, person, pin, by=person.id, now=now)


async def set_pin(db: Database, person: Person, pin: str, *, by: str, now: datetime) -> tuple[Person, str]:
    """Give a person a new PIN and recovery code; their open sessions end. The person as they are now.

    `by` is the id of who did it, empty for whoever administers the server.
    """
    code = new_recovery_code()
    secrets = queries.Secrets(await hash_pin(pin), hash_code(code))
    await queries.set_pin(db, person.id, secrets, by=by, at=stamp(now))
    return await queries.person(db, person.id) or person, code


def _subjects(attempt: Try, person: Person | None) -> tuple[Subject, ...]:
    """What a try is counted on; however a document is written, it is the same account."""
    account = f"{person.document} {person.epoch}" if person else readings(attempt.document)[0]
    if attempt.known:
        own: tuple[Subject, ...] = (patience.device_subject(account, attempt.known),)
    else:
        own = patience.stranger_subjects(account, attempt.address)
    return *own, patience.address_subject(attempt.address)
