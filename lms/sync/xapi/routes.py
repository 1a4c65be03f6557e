"""The door for programs that speak xAPI: a subset of a record store's addresses, opened by a key and no cookie."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import stamp
from lms.errors import Invalid, LmsError, NotFound, TooLarge, TooMany, Unauthenticated, Unavailable
from lms.events.revisions import Shelf
from lms.sync.xapi.asking import brief, more, question
from lms.sync.xapi.keeping import Giver, keep
from lms.sync.xapi.keys import holder
from lms.sync.xapi.mapping import Teller
from lms.sync.xapi.reading import read_one, read_page
from lms.web import limits
from lms.web.errors import refusing
from lms.web.limits import RateLimit, address, announced
from lms.web.site import site

STATEMENTS = "/xapi/statements"
OPEN_DOORS = (STATEMENTS,)

MOST_BODY = 1024 * 1024  # bytes
SETTLED = timedelta(minutes=1)
"""How long what arrives may wait for its turn to be written after it took its moment."""

# A program asks again and again; one that knows no key soon waits.
BURST, PER_MINUTE, COST_OF_A_WRONG_KEY = 600, 600, 60
_rate = RateLimit(burst=BURST, per_minute=PER_MINUTE)

AWAY = "Nothing can be kept or read here now, and nothing was. Send it again later."

_OLD, _NEW = "1.0.3", "2.0.0"
_SPOKEN = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]
_VERSION = "X-Experience-API-Version"
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT",
    "Access-Control-Allow-Headers": f"Authorization, Content-Type, {_VERSION}",
    "Access-Control-Expose-Headers": f"{_VERSION}, X-Experience-API-Consistent-Through, Retry-After",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

Answer = Callable[[Request, str], Awaitable[Response]]


async def about(request: Request) -> Response:
    """GET /xapi/about: the versions spoken; to who speaks an older one, only those it knows."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_OPEN)
    said = request.headers.get(_VERSION, "")
    versions = [_NEW, *_SPOKEN] if said.startswith("2.") else _SPOKEN
    response = _json({"version": versions})
    response.headers[_VERSION] = _NEW if said.startswith("2.") else _OLD
    return response


async def statements(request: Request) -> Response:
    """GET, POST and PUT /xapi/statements."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_OPEN)
    try:
        _rate.take(address(request))
        spoken = _version(request)
        key = await _key(request, "write" if request.method in _METHODS else "read")
        response = await _METHODS.get(request.method, _read)(request, key)
    except LmsError as error:
        spoken, response = _OLD, refusing(_refusal(error), request, error)
    response.headers[_VERSION] = spoken
    settled = site(request).clock() - SETTLED
    response.headers["X-Experience-API-Consistent-Through"] = stamp(settled)
    return response


async def _read(request: Request, key: str) -> Response:
    here = site(request)
    teller = await _teller(request)
    query = dict(request.query_params)
    asked = question(query, teller.home)
    if asked.one:
        found = await read_one(here.db, teller, asked.one, voided=asked.voided)
        if found is None:
            raise NotFound("There is no statement with this id.")
        return _json(brief(found) if asked.brief else found)
    page = await read_page(here.db, teller, asked.wanted, asked.after, asked.limit)
    given = [brief(one) for one in page.statements] if asked.brief else page.statements
    return _json({"statements": given, "more": more(STATEMENTS, query, page.next)})


async def _write(request: Request, key: str) -> Response:
    try:
        with limits.bringing.reading(announced(request, MOST_BODY)):
            return await (_put if request.method == "PUT" else _post)(request, key)
    except TooMany as busy:
        raise TooMany(
            f"Much arrives at once now. Send it again in {busy.retry_after} seconds.", busy.retry_after
        ) from busy


async def _post(request: Request, key: str) -> Response:
    given = await _body(request)
    return _json(await _keep(request, key, given if isinstance(given, list) else [given]))


async def _put(request: Request, key: str) -> Response:
    given, id = await _body(request), request.query_params.get("statementId", "")
    if not (isinstance(given, dict) and id):
        raise Invalid("PUT brings one statement, and its id as the parameter statementId.")
    own = given.get("id", id)
    if not isinstance(own, str) or own.lower() != id.lower():
        raise Invalid("The statement has another id than the address.")
    await _keep(request, key, [{**given, "id": id}])
    return Response(status_code=204, headers=_OPEN)


async def _keep(request: Request, key: str, given: list[Any]) -> list[str]:
    here = site(request)
    giver = Giver(key, "2.0.0" if _version(request) == _NEW else "1.0.0")
    return await keep(here.db, await _teller(request), given, giver, here.clock)


_METHODS: dict[str, Answer] = {"POST": _write, "PUT": _write}


def _version(request: Request) -> str:
    said = request.headers.get(_VERSION, "")
    if said == "1.0" or said.startswith("1.0."):
        return _OLD
    if said == "2.0" or said.startswith("2.0."):
        return _NEW
    raise Invalid(f"Say in {_VERSION} which version you speak: 1.0.3 or 2.0.0.")


async def _key(request: Request, to: Literal["read", "write"]) -> str:
    try:
        scheme, _, packed = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
        if scheme.lower() != "basic":
            raise Unauthenticated("Sign in with a key of this server, by HTTP Basic.")
        return await holder(site(request).db, name, secret, to)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated("The header Authorization cannot be read.") from error
    except Unauthenticated:
        _rate.take(address(request), COST_OF_A_WRONG_KEY)
        raise


async def _teller(request: Request) -> Teller:
    here = site(request)
    home = (here.settings.address or str(request.base_url)).rstrip("/") + "/"
    return Teller(home, here.courses, await Shelf.of(here.db).current(here.db))


async def _body(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Invalid("Statements come as application/json; attachments are not taken.")
    size, chunks = 0, []
    async for chunk in request.stream():
        size += len(chunk)
        chunks.append(chunk)
        if size > MOST_BODY:
            raise TooLarge(f"Too much at once: {MOST_BODY // 1024} KiB at most.")
    try:
        return msgspec.json.decode(b"".join(chunks))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"This is not JSON: {error}.") from error


def _refusal(error: LmsError) -> Response:
    """The same for every program, whatever it says that it accepts."""
    said = AWAY if isinstance(error, Unavailable) else error.message
    response = _json({"error": {"code": error.code, "message": said}})
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return response


def _json(value: Any) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, headers=_OPEN, media_type="application/json")


ROUTES = (
    Route("/xapi/about", about, methods=["GET", "OPTIONS"]),
    Route(STATEMENTS, statements, methods=["GET", "POST", "PUT", "OPTIONS"]),
)
