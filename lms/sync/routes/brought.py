"""What becomes of codes and receipts, whether they were pasted, photographed or stood in a file."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import NamedTuple

from starlette.requests import Request

from lms.errors import Invalid, LmsError
from lms.people.model import Person
from lms.sync import tokens
from lms.sync.pasted import Pasted
from lms.sync.routes import receipts
from lms.sync.told import grouped, shown
from lms.web.notices import Notice, Slip
from lms.web.sessions import current
from lms.web.site import site

MOST_OWN = 20  # tokens that somebody brings as theirs at once: a few courses, a few times
MOST_RECEIPTS = 5  # nobody meets many servers, and each receipt may name 2,000 devices to look up
MOST_OWN_TEXT = 256 * 1024  # characters, where anybody may paste: a third of a second at most to look through


class _Became(NamedTuple):
    """What became of one of the things that were brought: what to tell, and why it was not taken."""

    told: Notice
    problem: LmsError | None = None


class ForTeachers(NamedTuple):
    """What became of what a coach brought: how many codes, the like together; each receipt; a receipt for the coach."""

    total: int
    groups: list[Notice]
    about: list[Notice]
    slip: Slip | None


class NoneTaken(Exception):
    """Nothing of what was brought could be taken: why not, and all that is to be told of it."""

    def __init__(self, error: LmsError, words: Sequence[str]) -> None:
        super().__init__(words)
        self.error, self.words = error, words


async def take_own(request: Request, found: Pasted) -> tuple[list[Notice], Slip | None]:
    """Take codes and receipts as theirs who brings them; what became of each, or `NoneTaken`."""
    taken: list[tokens.Recognised] = []
    became = [
        await _became(_take_own(request, spot.code, taken), f"{shown(spot.code)}: ")
        for spot in found.codes[:MOST_OWN]
    ]
    became += await _receipts(request, found.receipts)  # after the codes, as it may be of one of them
    problems = [one.problem for one in became if one.problem]
    if len(problems) == len(became):
        raise NoneTaken(problems[0], list(dict.fromkeys(one.message for one in problems)))
    if len(found.codes) > MOST_OWN:
        became.append(_too_many(f"Hay más de {MOST_OWN} códigos: pega los demás aparte."))
    return [one.told for one in became], await receipts.slip_for_codes(request, taken)


async def take_for_teachers(request: Request, found: Pasted, coach: Person) -> ForTeachers:
    """Take every code on a coach's word; `Invalid` if there are too many."""
    here = site(request)
    if len(found.codes) > tokens.MOST:
        raise Invalid(f"Aquí hay más de {tokens.MOST} códigos. Pega el chat por partes.")
    told, taken = await tokens.take_all(here.db, here.courses, found.codes, coach, here.clock)
    about = [_by_a_coach(one) for one in await _receipts(request, found.receipts)]
    return ForTeachers(len(told), grouped(told), about, await receipts.slip_for_codes(request, taken))


async def _take_own(request: Request, code: str, taken: list[tokens.Recognised]) -> Notice:
    here, person = site(request), current(request).person
    one = await tokens.recognise(here.db, here.courses, code)
    received = await tokens.take(here.db, one, person, "owner" if person else "bearer", here.clock)
    taken.append(one)
    mine = any(person and link.person == person.id for link in received.linked)
    return Notice("good", tokens.what_became(received, one, names=mine))


async def _receipts(request: Request, found: Sequence[str]) -> list[_Became]:
    became = [await _became(receipts.receive_receipt(request, one.encode())) for one in found[:MOST_RECEIPTS]]
    if len(found) > MOST_RECEIPTS:
        became.append(_too_many(f"Hay más de {MOST_RECEIPTS} recibos: pega los demás aparte."))
    return became


async def _became(taking: Awaitable[Notice], which: str = "") -> _Became:
    """What became of one thing of several: whatever is wrong with it, the others are taken."""
    try:
        return _Became(await taking)
    except LmsError as refused:
        return _Became(Notice("part", which + refused.message), refused)


def _too_many(words: str) -> _Became:
    return _Became(Notice("part", words), Invalid(words))


def _by_a_coach(became: _Became) -> Notice:
    """A receipt is kept on the word of whose progress it is of, and no coach has that of their teachers."""
    told, problem = became
    advice = " Si es de un docente, que lo traiga con su cuenta, en «Mi avance»."
    return told if problem or told.kind == "good" else told._replace(text=told.text + advice)
