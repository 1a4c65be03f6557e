"""What every way into an account ends with: a session, the device's profiles linked, and a page to go on."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from lms.accounts import privacy, queries, signin
from lms.accounts.signin import Try
from lms.accounts.signup import read_profile
from lms.clock import stamp
from lms.db import Statements, Transaction
from lms.events import ownership
from lms.forms import Form
from lms.people import links
from lms.people.model import Person
from lms.people.queries import person_typed
from lms.web import sessions
from lms.web.limits import address
from lms.web.responses import see_other
from lms.web.site import site

Change = Callable[[Transaction], Awaitable[Person]]
"""Something stored of a person before they go on; the person as they are then."""


async def read_try(request: Request, form: Form, secret: str) -> Try:
    """What was typed, and whether this device knows the person it names."""
    person = await person_typed(site(request).db, form["documento"])
    known = sessions.device(request).profile_of(person.id) if person else None
    return Try(form["documento"], form[secret], address(request), known or "")


async def prove(request: Request, document: str, pin: str) -> Person:
    """Who has this document and PIN, for a door without a session; `Unauthenticated` or `TooMany`."""
    here = site(request)
    return await signin.sign_in(here.db, Try(document, pin, address(request)), here.clock())


def guests_of(request: Request, form: Form) -> tuple[str, ...]:
    """The profiles used on this browser without an account: its cookie's, and the one its code sent along."""
    found = (sessions.device(request).guest, read_profile(form["profile"]))
    return tuple(profile for profile in found if profile)


async def arrive(request: Request, person: Person, guests: Sequence[str] = ()) -> None:
    """Open the session. What was done with `guests` becomes the person's, unless it is or names somebody else's.

    The profile this browser used for the person is used again; without one, the guest's goes on as theirs. What names
    their document and came before they had an account waits for their answer.
    """
    await arrive_with(request, lambda _: _as_is(person), guests)


async def _as_is(person: Person) -> Person:
    return person


async def arrive_with(request: Request, change: Change, guests: Sequence[str] = ()) -> Person:
    """Open the session, as `arrive` does, of the person whom `change` makes or changes; the person.

    All of it is stored or nothing: who is told to try again must find the form, and the code, as good as before.
    """
    here = site(request)
    at = stamp(here.clock())
    async with here.db.transaction() as work:
        person = await change(work)
        known = sessions.device(request).profile_of(person.id)
        own = [guest for guest in guests if await ownership.take(work, guest, person, at=at)]
        profile = known if known and await _goes_on(work, known, person, at) else ""
        if not profile:
            profile = own[-1] if own else str(uuid.uuid4())
            await ownership.take(work, profile, person, at=at)
        await ownership.claim_what_names(work, person, at=at)
    sessions.sign_in(request, person, profile, keep_guest=sessions.device(request).guest not in own)
    return person


async def _goes_on(work: Statements, known: str, person: Person, at: str) -> bool:
    """Whether the profile this browser remembers is still the person's: the cookie may be older than a correction."""
    if await links.undone_by(work, known, person.id) is not None:
        return False
    return await ownership.take(work, known, person, at=at) is not None


async def next_page(request: Request, person: Person, wanted: str) -> Response:
    """Go where the person was going, first past what waits for their answer."""
    if person.privacy_version != privacy.VERSION:
        return see_other("/que-datos-guardamos")
    # What only a coach can settle is no reason to stop somebody at the door each time.
    if any(claim.held or not claim.others for claim in await queries.claims_of(site(request).db, person.id)):
        return see_other("/avance-por-confirmar")
    return see_other(local_path(wanted))


def local_path(wanted: str) -> str:
    """A path of this site, or the start: a link from elsewhere must not choose where signing in leads."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or not wanted.isprintable():
        return "/"
    return wanted
