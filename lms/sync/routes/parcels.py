"""What other servers send: a sealed parcel at their own door, or a file that somebody carried here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import stamp
from lms.errors import Forbidden
from lms.sync import message, nodes
from lms.sync.answering import answer
from lms.sync.armour import parcels_in
from lms.sync.giving import Here
from lms.sync.own import here_at, identity_in
from lms.sync.routes.entrusted import take_carried
from lms.web import limits
from lms.web.limits import RateLimit, address, announced
from lms.web.notices import Notice
from lms.web.site import site

if TYPE_CHECKING:
    from lms.sync.sealing import Identity

SPENT = (
    "La invitación que trae tu servidor no vale: ya se usó, o le falta o cambió una letra. Si tu servidor ya estaba unido, "
    "este volvió a una copia anterior. Pide otra a quien administra este, o dile tu número, {number}, para que acepte a tu "
    "servidor."
)

ANSWER = "Para que «{0}» lo sepa, pide su respuesta a quien administra este servidor: lms sync export --to {0} CARPETA"
REFUSED = "Muestra esto a quien administra este servidor. {}"

OPEN_DOORS = ("/servidores/intercambio",)

# A node says a few messages a second while it has something to say; whoever only knocks gets tired soon.
_rate = RateLimit(burst=600, per_minute=600)
_LINES_FOR_ONE, _BYTES_FOR_ONE = 100, 10_000
_NO_STORE = {"Cache-Control": "no-store"}


async def introduce(request: Request) -> Response:
    """GET /servidores: the card of this server, for whoever wants to join it."""
    here, _ = _here(request)
    return Response(msgspec.json.encode(here.card), media_type="application/json", headers=_NO_STORE)


async def take_parcel(request: Request) -> Response:
    """POST /servidores/intercambio: whatever a node that has joined says, and the answer to it.

    Cookies mean nothing here, keys do.
    """
    _rate.take(address(request))
    with limits.bringing.reading(announced(request, site(request).settings.max_body)):
        return await _heard(request)


async def _heard(request: Request) -> Response:
    here, identity = _here(request)
    content, public = identity.open(await request.body(), await nodes.joined_ids(here.db))
    told = message.read(content)
    files = sum(map(len, told[0].closed))
    _rate.take(address(request), len(told[1]) // _LINES_FOR_ONE + files // _BYTES_FOR_ONE)
    peer = await nodes.meet(here.db, told[0].sender, public, told[0].invitation, at=stamp(here.clock()))
    if peer.state == "waiting" and told[0].invitation:
        raise Forbidden(SPENT.format(number=public.number))
    if peer.state == "waiting":
        raise Forbidden(
            f"Este servidor anotó al tuyo, con el número {public.number}. Falta que quien lo administra lo acepte; "
            "después vuelve a intentarlo."
        )
    if peer.state == "refused":
        raise Forbidden("Quien administra este servidor no acepta avances del tuyo. Habla con esa persona.")
    reply, lines = await answer(here, told, peer)
    answered = await take_carried(request, told[0].closed, identity)
    reply = replace(reply, answered=answered, takes_closed=True)
    sealed = identity.seal(message.write(reply, lines), public)
    return Response(sealed, media_type="application/octet-stream", headers=_NO_STORE)


async def receive_parcels(request: Request, data: bytes) -> Notice:
    """Take a file that somebody carried here from another server; what to tell them: it need not be their own."""
    from lms.sync.over_parcel import take_parcels, words_of

    _rate.take(address(request), 1 + len(data) // 100_000)
    here, identity = _here(request)
    try:
        taken = await take_parcels(here, identity, parcels_in(data))
    except Forbidden as refused:
        raise Forbidden(REFUSED.format(refused.message)) from refused
    peer = await nodes.peer_with_id(here.db, taken.sender)
    said = words_of(taken, peer.name if peer else taken.sender)
    return Notice("good", f"{said} {ANSWER.format(peer.name)}" if peer and taken.wants_answer else said)


def _here(request: Request) -> tuple[Here, Identity]:
    served = site(request)
    return here_at(served.settings, served.db, served.clock), identity_in(served.settings)


ROUTES = (
    Route("/servidores", introduce, methods=["GET"]),
    Route("/servidores/intercambio", take_parcel, methods=["POST"]),
)
