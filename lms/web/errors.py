"""What each error means in HTTP: one table, and an answer as a page, JSON or text by what was asked for."""

from __future__ import annotations

import json
import logging
import secrets
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from lms.errors import LmsError, TooMany, Unavailable
from lms.files import in_words
from lms.web import responses, security

log = logging.getLogger(__name__)

STATUSES = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not-found": 404,
    "conflict": 409,
    "too-large": 413,
    "too-many": 429,
    "internal": 500,
    "unavailable": 503,
}

TITLES = {
    400: "Revisa lo que enviaste",
    401: "Primero ingresa",
    403: "No se puede hacer esto",
    404: "No encontramos esa página",
    405: "Esa página no recibe envíos",
    409: "Eso ya estaba hecho",
    413: "Es demasiado grande",
    429: "Espera un momento",
    500: "Algo falló en este servidor",
    503: "Ahora no se puede",
}

_OWN_WORDS = {
    404: (
        "not-found",
        "La dirección puede estar mal escrita, o el curso ya no está en este equipo. Vuelve al inicio.",
    ),
    405: ("invalid", "Vuelve a la página anterior e inténtalo desde ahí."),
    413: (
        "too-large",
        "Lo que enviaste pesa más de lo que este servidor recibe. Envía un archivo más pequeño.",
    ),
}
_READ_BADLY = (
    "invalid",
    "No se pudo leer lo que enviaste. Vuelve a la página anterior e inténtalo otra vez.",
)


def answer(request: Request, error: LmsError) -> Response:
    """The answer to an error that a person can do something about."""
    status = STATUSES.get(error.code, 500)
    if status == 401 and request.method == "GET" and _wants_html(request):
        return responses.see_other(f"/ingresar?siguiente={quote(_own_url(request), safe='')}")
    return refusing(_say(request, status, error.code, error.message), request, error)


def refusing(response: Response, request: Request, error: LmsError) -> Response:
    """A page that says an error beside what it is about, with the status and the headers that every answer to it has."""
    if isinstance(error, Unavailable):  # who keeps the server must do something about it
        log.error("refused %s %s: %s", request.method, _where(request), error.__cause__ or error)
    response.status_code = STATUSES.get(error.code, 500)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _where(request: Request) -> str:
    """The path for the log; a progress token, which says whose it is, is not written down."""
    path = request.url.path
    return "/p/…" if path[:3].lower() == "/p/" else path


def _own_url(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


async def on_lms_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for our own errors."""
    assert isinstance(error, LmsError)  # noqa: S101 - registered for nothing else
    return answer(request, error)


async def on_os_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for what the system refuses: a full disk is said in words, anything else is a fault."""
    try:
        with in_words():
            raise error
    except Unavailable as refused:
        return answer(request, refused)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for what the framework refuses: unknown paths, methods, bodies."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    code, sentence = _OWN_WORDS.get(error.status_code, _READ_BADLY)
    response = _say(request, error.status_code, code, sentence)
    response.headers.update(error.headers or {})
    return response


async def on_gone(request: Request, error: Exception) -> Response:
    """Who asked closed the connection before all was sent: no fault, and nobody reads the answer."""
    log.info("gone before all was sent: %s %s", request.method, request.url.path)
    return Response(status_code=400)


async def on_fault(request: Request, error: Exception) -> Response:
    """Anything else is our fault: logged whole under a number, of which the person sees only the number."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s %s", number, request.method, _where(request), exc_info=error)
    sentence = (
        "Tu trabajo guardado no se perdió. Vuelve a intentarlo en un momento; si sigue fallando, "
        f"avisa a quien administra este servidor y dile este número: {number}."
    )
    response = _say(request, 500, "internal", sentence)
    # This answer leaves outside of every middleware.
    response.raw_headers = security.hardened(response.raw_headers)
    return response


HANDLERS: dict[type[Exception], ExceptionHandler] = {
    LmsError: on_lms_error,
    OSError: on_os_error,
    ClientDisconnect: on_gone,
    HTTPException: on_http_error,
    Exception: on_fault,
}


def _say(request: Request, status: int, code: str, sentence: str) -> Response:
    if _wants_html(request):
        values = {"title": TITLES.get(status, TITLES[400]), "sentence": sentence, "status": status}
        return responses.page(request, "error.html", values, status=status, cache=responses.NEVER)
    headers = {"Cache-Control": responses.NEVER}
    accepted = request.headers.get("accept", "*/*")
    if "json" in accepted or "*/*" in accepted:
        body = json.dumps({"error": {"code": code, "message": sentence}}, ensure_ascii=False)
        return Response(body, status, headers, "application/json")
    return Response(sentence + "\n", status, headers, "text/plain; charset=utf-8")


def _wants_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
