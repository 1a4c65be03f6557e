"""Proving who one is: document and PIN, or document and recovery code, and the patience wrong tries meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lms.clock import stamp
from lms.db import Database, Transaction
from lms.errors import Unauthenticated
from lms.people import patience, queries
from lms.people.documents import readings
from lms.people.model import Person
from lms.people.patience import Subject
from lms.people.pin import code_matches, hash_code, hash_pin, new_recovery_code, pin_matches
from lms.people.queries import Secrets

WRONG_PIN = "El documento o el PIN no coinciden. Revisa los dos y vuelve a probar."
WRONG_CODE = (
    "El documento o el código no coinciden. Revisa los dos. Si ya pusiste un PIN nuevo con ese código, ingresa con ese "
    "PIN; si no, pide a tu acompañante que cambie tu PIN."
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
    async with db.transaction() as work:
        await patience.forgive(work, subjects)
    return person


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN, hashed, and the recovery code that comes with it: nothing of it is in force before it is stored.

    `by` is the id of who sets it, empty for whoever administers the server; `used` is the hash of the code that it is
    set with, if it is, and then `subjects` are what that try was counted on.
    """

    person: Person
    code: str
    hashes: Secrets
    by: str
    at: str
    used: str = ""
    subjects: tuple[Subject, ...] = ()

    async def store(self, work: Transaction) -> Person:
        """Put both in force, which ends the person's open sessions; the person as they are now.

        `Unauthenticated` if another request was quicker with the same code.
        """
        id = self.person.id
        if self.used:
            if not await queries.use_recovery_code(work, id, self.used, self.hashes.recovery_hash):
                raise Unauthenticated(WRONG_CODE)
            await patience.forgive(work, self.subjects)
        await queries.set_pin(work, id, self.hashes, by=self.by, at=self.at)
        return await queries.person(work, id) or self.person


async def recover(db: Database, attempt: Try, pin: str, now: datetime) -> NewPin:
    """The new PIN of whoever has the printed code, which is used up once this is stored, and not before.

    Nobody guesses sixty bits, so a wrong code counts on the address only: the code must open the account also
    while somebody keeps its PIN waiting.
    """
    subjects = (patience.address_subject(attempt.address),)
    await patience.begin_try(db, subjects, now)
    person = await queries.person_typed(db, attempt.document)
    kept = await queries.secrets_of(db, person.id) if person else None
    if kept is None or person is None or not code_matches(kept.recovery_hash, attempt.secret):
        raise Unauthenticated(WRONG_CODE)
    made = await new_pin(person, pin, by=person.id, now=now)
    return replace(made, used=kept.recovery_hash, subjects=subjects)


async def new_pin(person: Person, pin: str, *, by: str, now: datetime) -> NewPin:
    """Hash a new PIN for a person, which takes a while, and make the recovery code that comes with it."""
    code = new_recovery_code()
    return NewPin(person, code, Secrets(await hash_pin(pin), hash_code(code)), by, stamp(now))


async def set_pin(db: Database, person: Person, pin: str, *, by: str, now: datetime) -> str:
    """Give a person a new PIN, on the word of `by` as in `NewPin`; their next recovery code."""
    made = await new_pin(person, pin, by=by, now=now)
    async with db.transaction() as work:
        await made.store(work)
    return made.code


def _subjects(attempt: Try, person: Person | None) -> tuple[Subject, ...]:
    """What a try is counted on; however a document is written, it is the same account."""
    account = f"{person.document} {person.epoch}" if person else readings(attempt.document)[0]
    if attempt.known:
        own: tuple[Subject, ...] = (patience.device_subject(account, attempt.known),)
    else:
        own = patience.stranger_subjects(account, attempt.address)
    return *own, patience.address_subject(attempt.address)
