"""What a sign-up form must say, and the person it makes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from lms.accounts import privacy
from lms.clock import stamp
from lms.db import Statements
from lms.errors import Conflict
from lms.forms import Form
from lms.people import queries
from lms.people.documents import Document, parse_document
from lms.people.model import Names, Person, Role
from lms.people.names import parse_name
from lms.people.pin import hash_code, hash_pin, new_recovery_code, parse_pin
from lms.people.queries import Secrets

TAKEN = (
    "Ya hay una cuenta con ese documento. Ingresa con tu PIN; si lo olvidaste, pulsa «Olvidé mi PIN». "
    "Si la cuenta no es tuya, avisa a tu acompañante."
)


@dataclass(frozen=True, slots=True)
class SignUp:
    """A form that can become a person."""

    document: Document
    names: Names
    pin: str


def read_sign_up(form: Form) -> SignUp | None:
    """What the form says; None when a field is wrong, and then `form.errors` says which and why."""
    document = form.read("documento", partial(parse_document, form["tipo"] or "dni"))
    names = read_names(form)
    pin = read_new_pin(form, document.number if document else "")
    if not form.ticked("acepto"):
        form.errors["acepto"] = "Para crear tu cuenta, lee qué datos guardamos y marca que estás de acuerdo."
    if document is None or names is None or pin is None or form.errors:
        return None
    return SignUp(document, names, pin)


def read_names(form: Form) -> Names | None:
    """Given names and surnames; the second surname may be missing."""
    given = form.read("nombres", partial(parse_name, what="tus nombres"))
    paternal = form.read("paterno", partial(parse_name, what="tu apellido paterno"))
    maternal = form.read("materno", partial(parse_name, what="tu apellido materno", required=False))
    if given is None or paternal is None or maternal is None:
        return None
    return Names(given, paternal, maternal)


def read_new_pin(form: Form, document: str) -> str | None:
    """A new PIN, typed twice the same."""
    pin = form.read("pin", partial(parse_pin, document=document))
    if pin is not None and form["pin"] != form["pin2"]:
        form.errors["pin2"] = "Los dos PIN no son iguales. Escríbelos otra vez."
        return None
    return pin


@dataclass(frozen=True, slots=True)
class Account:
    """A person who is not stored yet, with the recovery code that nobody can read again once they are."""

    person: Person
    code: str
    hashes: Secrets

    async def store(self, db: Statements) -> Person:
        """Store the person; `Conflict` if somebody already has that document."""
        pin, recovery = self.hashes.pin_hash, self.hashes.recovery_hash
        if not await queries.add_person(db, self.person, pin_hash=pin, recovery_hash=recovery):
            raise Conflict(TAKEN)
        return self.person


async def new_account(
    sign_up: SignUp, now: datetime, *, role: Role = "docente", accepted: bool = True
) -> Account:
    """Make the person of a form, hashing the PIN, which takes a while.

    `accepted` says whether the privacy notice was: an account made for somebody waits for its owner to do so.
    """
    id = str(uuid.uuid4())
    code = new_recovery_code()
    at = stamp(now)
    person = Person(
        id=id,
        document_type=sign_up.document.type,
        document=sign_up.document.number,
        given_names=sign_up.names.given_names,
        paternal=sign_up.names.paternal,
        maternal=sign_up.names.maternal,
        role=role,
        privacy_version=privacy.VERSION if accepted else "",
        privacy_at=at if accepted else "",
        created_at=at,
        pin_set_by=id,
        pin_set_at=at,
        epoch=0,
    )
    return Account(person, code, Secrets(await hash_pin(sign_up.pin), hash_code(code)))


def read_profile(typed: str) -> str | None:
    """A profile id that the browser sent along (UUIDv4); anything else is nobody's."""
    try:
        profile = uuid.UUID(typed)
    except ValueError:
        return None
    return str(profile) if profile.version == 4 else None
