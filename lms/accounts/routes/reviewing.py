"""«Por revisar»: whatever waits for a coach, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts.review import acts, words
from lms.accounts.review.acts import Act, Key
from lms.accounts.review.items import Listed, Look
from lms.accounts.review.reasons import REASONS, Reason
from lms.clock import stamp
from lms.forms import writable
from lms.web import sessions
from lms.web.forms import read_form, whole_number
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

PATH = "/acompanante/por-revisar"
_LONGEST_KEY = 200
FEW, MOST = 5, 50
"""How many of each reason the first page lists, and how many a page of one reason."""

_BY_NAME = {reason.name: reason for reason in REASONS}
_VERBS = ("si", "no", "visto", "vuelve")


async def show(request: Request) -> Response:
    """GET /acompanante/por-revisar: the first few of each reason; with ?motivo=, a page of one."""
    coach = sessions.require(request, "links.vouch")
    here, asked = site(request), request.query_params
    titles = {course.id: course.title for course in here.courses.values()}
    look = Look(here.db, coach.id, titles, most=FEW)
    one, changed = _BY_NAME.get(asked.get("motivo", "")), whole_number(asked.get("n", ""))
    values: dict[str, Any] = {
        "one": one,
        "number": 1,
        "pages": 1,
        "said": await _said(look, asked) if "hecho" in asked else "",
        "moment": asked.get("a", ""),
        "lasting": changed and asked.get("hecho") == "si" and not asked.get("a"),
        "path": PATH,
    }
    if one:
        number, pages, listed = await _part(look, one, whole_number(asked.get("pagina", "")))
        values |= {"number": number, "pages": pages, "lists": [(one, listed)] if listed.total else []}
    else:
        lists = [(reason, await reason.listed(look)) for reason in REASONS]
        values["lists"] = [(reason, listed) for reason, listed in lists if listed.total]
    return page(request, "accounts/review.html", values, cache=NEVER)


async def _said(look: Look, asked: Mapping[str, str]) -> str:
    """What became of an answer; a name is looked up, as an address is kept in a browser's history."""
    if asked["hecho"] != "enlazado":
        count, left = whole_number(asked.get("n", "")), whole_number(asked.get("quedan", ""))
        said = "" if left and not count else words.done(asked["hecho"], count)
        return " ".join(filter(None, [said, words.left_out(left)]))
    return words.given(await acts.given_to(look.db, look.coach, writable(asked.get("a", ""))))


async def _part(look: Look, reason: Reason, number: int) -> tuple[int, int, Listed]:
    """One page of a reason, or its last where an answer left fewer; its number and how many there are."""
    total = (await reason.listed(replace(look, most=0))).total
    pages = max(1, -(-total // MOST))
    number = min(max(number, 1), pages)
    return number, pages, await reason.listed(replace(look, start=(number - 1) * MOST, most=MOST))


async def answer(request: Request) -> Response:
    """POST /acompanante/por-revisar: one thing gets an answer, or those that were ticked, or all that were listed."""
    coach = sessions.require(request, "links.vouch")
    async with request.form(max_files=0, max_fields=2 * MOST + 10) as fields:
        reason = _BY_NAME.get(str(fields.get("motivo")))
        verb, keys, together = _read(fields, reason)
        back = {name: writable(str(fields[name])) for name in ("motivo", "pagina") if fields.get("pagina")}
    if reason is None:
        return see_other(PATH)
    here = site(request)
    at = stamp(here.clock())
    act = Act(here.db, coach, at, reason)
    clear = await acts.alike(act, keys) if together and verb == "si" and reason.name != "traido" else keys
    count, left = await acts.answer(act, verb, clear), len(keys) - len(clear)
    undo = {} if not count or acts.lasts(reason.name, verb) else {"a": at}
    aside = {"quedan": left} if left else {}
    return see_other(f"{PATH}?{urlencode({**back, 'hecho': verb or 'nada', 'n': count, **aside, **undo})}")


def _read(fields: FormData, reason: Reason | None) -> tuple[str, list[Key], bool]:
    """The answer of a form, what it is about, and whether to several at once.

    Exactly what the page listed, as more may have come since.
    """
    for verb in _VERBS:
        if fields.get(verb):
            return verb, [_key(str(fields[verb]))], False
    verb = writable(str(fields.get("marcados", "")))
    if verb:
        return verb, [_key(str(one)) for one in fields.getlist("marca")], True
    verb = writable(str(fields.get("todos", "")))
    if reason and verb in reason.whole:
        return verb, [_key(str(one)) for one in fields.getlist("lista")], True
    return "", [], False


def _key(text: str) -> Key:
    first, second, upto, *_ = f"{writable(text[:_LONGEST_KEY])}   ".split(" ")
    return Key(first, second, whole_number(upto))


async def undo(request: Request) -> Response:
    """POST /acompanante/por-revisar/deshacer: what one's own answer of a moment did is taken back."""
    coach = sessions.require(request, "links.vouch")
    form = await read_form(request)
    count = await acts.undo(site(request).db, coach, form["a"])
    back = {"motivo": form["motivo"]} if form["motivo"] in _BY_NAME else {}
    return see_other(f"{PATH}?{urlencode({**back, 'hecho': 'deshecho', 'n': count})}")


ROUTES = (
    Route(PATH, show),
    Route(PATH, answer, methods=["POST"]),
    Route(f"{PATH}/deshacer", undo, methods=["POST"]),
)
