"""Tokens arrive and leave: whose one is and of which course, what became of it, and one of today's progress."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote, urlsplit

from msgspec import Struct

from lms.clock import Clock, system_clock
from lms.course.model import Course
from lms.db import Database
from lms.errors import Invalid, LmsError
from lms.events import ownership, stand_ins, wire
from lms.events.heads import Place
from lms.events.oddities import day_said
from lms.events.queries import progress_in
from lms.people import links
from lms.people.model import Person
from lms.people.queries import person as person_with_id
from lms.sync.over_token import decode, encode
from lms.sync.pasted import Pasted, Source, Spot, look_through
from lms.sync.places import short
from lms.sync.receiving import Bringer, By, Received, receive_lines
from lms.sync.reported import Whose, event_of, stand_in, token_of
from lms.sync.token import MARKS, SHORT, Token, course_key
from lms.sync.told import Told, outcome_of

MOST = 500
"""Most tokens taken from one text."""

NONE_FOUND = "Aquí no hay ningún código de avance. Copia el mensaje completo y pégalo otra vez."

_UNOWNED = (
    "Todavía no se sabe de quién es. Contará cuando llegue el archivo de su persona, cuando ella ingrese con su cuenta "
    "y traiga otra vez este código en «Mi avance», o cuando su acompañante lo enlace."
)

_OWNED: Mapping[links.Status, str] = {
    "vouched": "El avance está a nombre de alguien con cuenta aquí.",
    "unverified": "El avance dice ser de alguien con cuenta aquí: queda por confirmar.",
}
"""As of a file, without naming anybody."""

_ALIKE = "Puede ser de más de una persona: avisa a tu acompañante."


class Recognised(Struct, frozen=True):
    """A token, the course it is of, and the profile it is for; `alike` if several begin as it says."""

    text: str
    token: Token
    course: Course
    profile: str
    alike: bool = False


class Message(Struct, frozen=True):
    """What somebody sends: the token, and the address that a camera opens (the token alone where none is known)."""

    course: Course
    token: str
    address: str
    short: str

    @property
    def chat(self) -> str:
        """The words of a chat message."""
        return f"Mi avance en {self.course.title}: {self.address}"

    @property
    def whatsapp(self) -> str:
        """The address that opens a chat with the message."""
        return f"whatsapp://send?text={quote(self.chat, safe='')}"

    @property
    def sms(self) -> str:
        """The address that opens a message of one SMS: without accents and with the short form."""
        return f"sms:?body={quote(f'AVANCE {self.short}', safe='')}"


async def recognise(db: Database, courses: Mapping[str, Course], text: str) -> Recognised:
    """What a token is of; `Invalid` if it is none, or of a course that is not here."""
    token = decode(text)
    course = next((one for one in courses.values() if course_key(one.id) == token.course), None)
    if course is None:
        raise Invalid("El código es de un curso que aquí no está. Envíalo al sitio donde está tu curso.")
    unknown = stand_in(token.profile)
    known = await stand_ins.known_like(db, unknown)
    profile = known[0] if len(known) == 1 else unknown
    return Recognised(text, token, course, profile, len(known) > 1)


async def owner(db: Database, profile: str) -> Person | None:
    """Who has the profile that a token is for."""
    link = await links.link_of(db, profile)
    return await person_with_id(db, link.person) if link else None


async def take(
    db: Database, one: Recognised, person: Person | None, by: By, clock: Clock = system_clock
) -> Received:
    """Write down what a token says, as a file's line that the same person would bring."""
    line = event_of(one.text, one.token, one.course, one.profile)
    return await receive_lines(db, [line], person, by, clock)


async def bring(db: Database, one: Recognised, bringer: Bringer, clock: Clock = system_clock) -> str:
    """Take a token that somebody brings for themselves, or says is of somebody else; a sentence for them."""
    before, person = await links.link_of(db, one.profile), bringer.person
    received = await take(db, one, person, bringer.by, clock)
    after = await links.link_of(db, one.profile)
    mine = person is not None and after is not None and after.person == person.id
    if received.known and mine and after != before:
        return f"El avance en {about(one)} ya estaba aquí. Ahora está a tu nombre."
    if received.known and person and after and not mine:
        return (
            f"El avance en {about(one)} ya estaba aquí, y puede ser de otra persona. No cambió nada. "
            "Si es tuyo, avisa a tu acompañante."
        )
    said = what_became(received, one, names=mine, link=after)
    if person and bringer.by == "bearer":
        return f"Gracias. {said}{'' if after else ' Un acompañante lo verá en «Por revisar».'}"
    return said


def about(one: Recognised) -> str:
    """Of which course and day a token is."""
    return f"«{one.course.title}», {day_said(one.token.day)}"


def place_of(one: Recognised) -> Place:
    """The profile and the device of the line that a token becomes."""
    event = wire.decode(event_of(one.text, one.token, one.course, one.profile))
    return event.profile, event.device


async def found_in(given: Sequence[Source], most: int) -> Pasted:
    """The receipts in what was given and the first `most` codes."""
    # Megabytes that break off again and again take seconds, and meanwhile others are served.
    return await asyncio.to_thread(look_through, given, most)


async def take_all(
    db: Database,
    courses: Mapping[str, Course],
    found: Sequence[Spot],
    coach: Person,
    clock: Clock = system_clock,
) -> tuple[list[Told], list[Recognised]]:
    """Take the tokens that a coach brings; what became of each, and those taken."""
    told, taken = [], []
    for spot in found:
        try:
            one = await recognise(db, courses, spot.code)
            received = await take(db, one, coach, "coach", clock)
        except LmsError as refused:
            told.append(Told("refused", refused.message, spot))
            continue
        outcome, words = outcome_of(received), what_became(received, one, names=True)
        if outcome == "nobody":
            words += await _whose(db, one)
        told.append(Told(outcome, words, spot, one.profile if outcome == "nobody" else ""))
        taken.append(one)
    return told, taken


async def _whose(db: Database, one: Recognised) -> str:
    """What a coach is told of whose a code may be that is nobody's."""
    if one.alike:
        return " Puede ser de más de una persona: contará solo si lo enlazas."
    called = next((said.name for said in reversed(await ownership.said_in(db, one.profile)) if said.name), "")
    return f" En su equipo escribió «{short(called)}»." if called else ""


def what_became(received: Received, one: Recognised, *, names: bool, link: links.Link | None = None) -> str:
    """A sentence for whoever brought one token.

    `names` says whether they may read whose it is; who may not is told by the profile's `link` whether it is somebody's.
    """
    what = about(one)
    linked = next(iter(received.linked), None)
    whose = f" de {linked.name}" if linked and names else ""
    if received.refused:
        return f"No pudimos guardar el avance de {what}. Envía el archivo de avance."
    if received.held:
        return f"Guardamos el avance de {what}, y contará cuando su persona o su acompañante lo confirme."
    if received.known:
        said = f"El avance{whose} en {what} ya estaba aquí. No cambió nada."
        return said if linked or names else f"{said} {_of_somebody(one, link)}"
    said = f"Recibimos el avance{whose} en {what}."
    if linked is None:
        return said if names else f"{said} {_of_somebody(one, link)}"
    return said if linked.status == "vouched" else f"{said} Queda por confirmar de quién es."


def _of_somebody(one: Recognised, link: links.Link | None) -> str:
    """Whether a token is somebody's, for who brings it and may not read whose."""
    if link:
        return _OWNED[link.status]
    return _ALIKE if one.alike else _UNOWNED


async def message(db: Database, course: Course, profiles: Sequence[str], day: date, address: str) -> Message:
    """What somebody sends of their progress in a course; `address` is the site's, "" if it has none."""
    progress = await progress_in(db, course.outline(), profiles)
    whose = Whose(profiles[0], day)
    full, short = (encode(token_of(course, progress, whose, form, {})) for form in (MARKS, SHORT))
    return Message(course, full, door(address, full), short)


def door(address: str, token: str) -> str:
    """The address that brings a token to a site, in the capitals that a small QR code needs."""
    if not address:
        return token
    site = urlsplit(address)
    if site.path.strip("/"):
        return f"{address.rstrip('/')}/p/{token}"
    return f"{site.scheme}://{site.netloc}/P/{token}".upper()
