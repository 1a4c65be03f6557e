"""Who is using the browser: signed cookies for the session, and for the people this device knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http.cookies import SimpleCookie
from time import time
from typing import Any, cast

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from lms.errors import Forbidden, Unauthenticated
from lms.people import links, queries
from lms.people.model import Person, Role
from lms.people.permissions import may
from lms.web.site import site

SESSION = "chaski_session"
DEVICE = "chaski_device"
_DAY = 24 * 60 * 60
_AGES = {SESSION: 60 * _DAY, DEVICE: 400 * _DAY}  # 400 days is as long as browsers keep anything
_MOST_KNOWN = 12  # of those listed, and of those who are not any more: a cookie holds 4 kB

_VISIT = "lms.visit"

RawHeaders = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Session:
    """Who a request comes from: a person with their profile here, a guest with one, or nobody yet."""

    person: Person | None = None
    profile: str | None = None

    @property
    def role(self) -> Role | None:
        """The person's role; a guest has none."""
        return self.person.role if self.person else None

    @property
    def name(self) -> str:
        """What to call the person on screen; empty for a guest."""
        return self.person.short_name if self.person else ""


@dataclass(frozen=True, slots=True)
class Device:
    """What this browser remembers: the profile used without an account, and (person, profile) pairs.

    `unlisted` are people whose name was taken off its list. Their profiles are still known, as the browser may hold
    work under them that was not sent yet: it goes on when its person comes back.
    """

    guest: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    unlisted: tuple[tuple[str, str], ...] = ()

    def lists(self, person: str) -> bool:
        """Whether a person stands in this browser's list."""
        return person in dict(self.people)

    def profile_of(self, person: str) -> str | None:
        """The profile that a person used on this browser before."""
        return dict(self.unlisted + self.people).get(person)

    def without(self, person: str) -> Device:
        """As it would be if the person had never been here."""
        known, unlisted = (
            tuple(pair for pair in pairs if pair[0] != person) for pairs in (self.people, self.unlisted)
        )
        return replace(self, people=known, unlisted=unlisted)


@dataclass(slots=True)
class _Visit:
    """One request's session and device, and which of their cookies must be written again."""

    session: Session
    device: Device
    changed: set[str]


_NOBODY = Session()
_UNKNOWN = Device()


def current(request: HTTPConnection) -> Session:
    """The session of a request; a static file or an early refusal has an empty one."""
    visit = request.scope.get(_VISIT)
    return cast(_Visit, visit).session if visit else _NOBODY


def device(request: HTTPConnection) -> Device:
    """What the browser of a request remembers."""
    visit = request.scope.get(_VISIT)
    return cast(_Visit, visit).device if visit else _UNKNOWN


def require(request: HTTPConnection, action: str) -> Person:
    """The person, if their role may do `action`; otherwise `Unauthenticated` or `Forbidden`."""
    session = current(request)
    if session.person is None:
        raise Unauthenticated("Para ver esta página, ingresa con tu DNI y tu PIN.")
    if not may(session.role, action):
        raise Forbidden(
            "Tu cuenta no tiene permiso para esto. Si lo necesitas, pídelo a quien administra este servidor."
        )
    return session.person


def profile_to_write(request: Request) -> str:
    """The profile that this browser's progress belongs to; a guest gets one when it is first needed."""
    session = current(request)
    if session.profile:
        return session.profile
    guest = str(uuid.uuid4())
    remember_guest(request, guest)
    return guest


def remember_guest(request: Request, profile: str) -> None:
    """Whoever uses this browser without an account does so with this profile."""
    visit = _visit(request)
    visit.device = replace(visit.device, guest=profile)
    visit.session = Session(profile=profile)
    visit.changed.add(DEVICE)


def sign_in(request: Request, person: Person, profile: str, *, keep_guest: bool = False) -> None:
    """Begin a session with fresh cookies; the device knows the person from now on.

    Whoever used this browser without an account stays on it as a guest only if `keep_guest`.
    """
    visit = _visit(request)
    others = visit.device.without(person.id)
    people = ((person.id, profile), *others.people)
    unlisted = (*people[_MOST_KNOWN:], *others.unlisted)[:_MOST_KNOWN]
    visit.device = Device(others.guest if keep_guest else None, people[:_MOST_KNOWN], unlisted)
    visit.session = Session(person, profile)
    visit.changed |= {SESSION, DEVICE}


def sign_out(request: Request) -> None:
    """End the session; the device still knows the person."""
    visit = _visit(request)
    visit.session = _NOBODY
    visit.changed.add(SESSION)


def take_off_list(request: Request, person: str) -> None:
    """Take a person's name off this device's list, ending their session if it is theirs."""
    known = device(request)
    profile = known.profile_of(person)
    forget(request, person)
    if profile:
        visit = _visit(request)
        unlisted = ((person, profile), *visit.device.unlisted)[:_MOST_KNOWN]
        visit.device = replace(visit.device, unlisted=unlisted)


def forget(request: Request, person: str) -> None:
    """Let this device know nothing of a person any more, ending their session if it is theirs."""
    visit = _visit(request)
    visit.device = visit.device.without(person)
    visit.changed.add(DEVICE)
    if visit.session.person and visit.session.person.id == person:
        sign_out(request)


def refresh(request: Request, person: Person) -> None:
    """The person changed (names, PIN): the open session goes on with what is true now."""
    visit = _visit(request)
    visit.session = replace(visit.session, person=person)
    visit.changed.add(SESSION)


async def arrive(scope: Scope) -> None:
    """Read a request's cookies, so that its session is known; a static file has none."""
    if not scope["path"].startswith("/static/"):
        has_cookies = any(name == b"cookie" for name, _ in scope["headers"])
        scope[_VISIT] = (
            await _known(HTTPConnection(scope)) if has_cookies else _Visit(_NOBODY, _UNKNOWN, set())
        )


def with_cookies(scope: Scope, headers: RawHeaders) -> RawHeaders:
    """An answer's headers with the cookies that the request changed."""
    visit = cast("_Visit | None", scope.get(_VISIT))
    if visit is None or not visit.changed:
        return headers
    changed = MutableHeaders(raw=list(headers))
    _write_cookies(changed, HTTPConnection(scope), visit)
    return changed.raw


async def _known(connection: HTTPConnection) -> _Visit:
    known = _read_device(connection)
    session = await _read_session(connection) or Session(profile=await _guest(connection, known))
    return _Visit(session, known, set())


async def _guest(connection: HTTPConnection, known: Device) -> str | None:
    """The profile used here without an account. Once it is vouched for, only its person's session opens it."""
    link = await links.link_of(site(connection).db, known.guest) if known.guest else None
    return None if link and link.status == "vouched" else known.guest


def _visit(request: HTTPConnection) -> _Visit:
    return cast(_Visit, request.scope[_VISIT])


def _read_device(connection: HTTPConnection) -> Device:
    kept = _unsigned(connection, DEVICE)
    if not isinstance(kept, Mapping):
        return Device()
    people, unlisted = (
        tuple((person, profile) for person, profile in kept.get(name, ())) for name in ("people", "unlisted")
    )
    return Device(kept.get("guest") or None, people, unlisted)


async def _read_session(connection: HTTPConnection) -> Session | None:
    kept = _unsigned(connection, SESSION)
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    id, profile, epoch = kept
    # Asked each time: a changed PIN, a new role or an erased account must show at once, whoever changed it.
    person = await queries.person(site(connection).db, id)
    return Session(person, profile) if person and person.epoch == epoch else None


def _unsigned(connection: HTTPConnection, cookie: str) -> Any:
    text = connection.cookies.get(cookie)
    if not text:
        return None
    try:
        kept, signed_at = _opened(site(connection).secret, cookie, text)
    except BadSignature:
        return None
    # A school's server may have no battery for its clock: one that went back ends no session, and no clock
    # at all decides on what a device remembers, since a guest's progress hangs on it.
    too_old = cookie == SESSION and time() - signed_at > _AGES[SESSION]
    return None if too_old else kept


@lru_cache(maxsize=512)
def _opened(secret: str, cookie: str, text: str) -> tuple[Any, float]:
    """What a cookie keeps and when it was signed; a browser sends the same one with every request."""
    kept, signed_at = _signer(secret, cookie).loads(text, return_timestamp=True)
    return kept, signed_at.timestamp()


def _write_cookies(headers: MutableHeaders, connection: HTTPConnection, visit: _Visit) -> None:
    session, known = visit.session, visit.device
    if SESSION in visit.changed:
        person = session.person
        kept = [person.id, session.profile, person.epoch] if person else None
        _write_cookie(headers, connection, SESSION, kept)
    if DEVICE in visit.changed:
        kept_here = {"guest": known.guest or "", "people": known.people, "unlisted": known.unlisted}
        _write_cookie(headers, connection, DEVICE, kept_here)
    headers["Cache-Control"] = "no-store"


def _write_cookie(headers: MutableHeaders, connection: HTTPConnection, name: str, value: Any) -> None:
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = "" if value is None else _text(_signer(site(connection).secret, name).dumps(value))
    cookie[name]["path"] = "/"
    cookie[name]["httponly"] = True
    cookie[name]["samesite"] = "Lax"
    cookie[name]["max-age"] = 0 if value is None else _AGES[name]
    if connection.url.scheme == "https":
        cookie[name]["secure"] = True
    headers.append("Set-Cookie", cookie[name].OutputString())


def _text(signed: str | bytes) -> str:
    return signed.decode() if isinstance(signed, bytes) else signed


@lru_cache(maxsize=8)
def _signer(secret: str, cookie: str) -> URLSafeTimedSerializer:
    """One signer a cookie: what was signed for one is nothing in the other."""
    return URLSafeTimedSerializer(secret, salt=cookie)
