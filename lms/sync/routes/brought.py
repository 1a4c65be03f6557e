"""What becomes of codes and receipts, whether they were pasted, photographed or stood in a file."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import NamedTuple

from starlette.requests import Request

from lms.errors import Invalid, LmsError
from lms.events import ownership
from lms.people.model import Person
from lms.sync import tokens
from lms.sync.pasted import Pasted, Source, Spot
from lms.sync.places import in_words
from lms.sync.receiving import Bringer
from lms.sync.routes import receipts
from lms.sync.told import grouped, shown
from lms.web.notices import Notice, Question, Slip
from lms.web.sessions import current
from lms.web.site import site

_OTHERS = "Desde esa pregunta cambió quién usa este navegador, y no se guardó nada."

MOST_OWN = 20  # tokens that somebody brings as theirs at once: a few courses, a few times
MOST_RECEIPTS = 5  # nobody meets many servers, and each receipt may name 2,000 devices to look up
MOST_OWN_TEXT = 256 * 1024  # characters, where anybody may paste: 0.4 s at most to look through


class _Became(NamedTuple):
    """What became of one of the things that were brought: what to tell, and why it was not taken."""

    told: Notice
    problem: LmsError | None = None


class _Codes:
    """Codes that somebody brings, as they answer for them: those taken, and those of which they are asked first."""

    def __init__(self, request: Request) -> None:
        self.request, self.answer = request, ""
        self.taken: list[tokens.Recognised] = []
        self.asked: dict[str, list[tuple[Spot, tokens.Recognised]]] = {}


class Own(NamedTuple):
    """What became of what somebody brought as theirs; a receipt; and what they have to say before more of it is kept."""

    said: list[Notice]
    slip: Slip | None
    asked: tuple[Question, ...]


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


async def take_own(request: Request, found: Pasted) -> Own:
    """Take codes and receipts as theirs who brings them; what became of each, or `NoneTaken`.

    Whoever is signed in is asked about codes that only their word would make theirs, and nothing of those is kept
    before.
    """
    codes = _Codes(request)
    became = await _take_codes(codes, found.codes[:MOST_OWN])
    became += await _receipts(request, found.receipts)  # after the codes, as it may be of one of them
    if len(found.codes) > MOST_OWN and (codes.asked or any(one.problem is None for one in became)):
        became.append(_too_many(f"Hay más de {MOST_OWN} códigos: pega los demás aparte."))
    return await _own(codes, became)


async def take_answered(request: Request, answers: Sequence[str], asked: str) -> Own:
    """Take codes as whoever was asked (a person's id) answers: "si" or "no", a space, and the codes of one profile.

    If somebody else signed in since, from another page, the answer is not theirs: they are asked.
    """
    codes, became, person = _Codes(request), list[_Became](), current(request).person
    if asked != (person.id if person else ""):
        return await _ask_instead(codes, answers)
    for said in answers[:MOST_OWN]:
        codes.answer, _, text = said.partition(" ")
        found = await tokens.found_in([Source(text)], MOST_OWN)
        became += await _take_codes(codes, found.codes)
    return await _own(codes, became)


async def _ask_instead(codes: _Codes, answers: Sequence[str]) -> Own:
    found = await tokens.found_in([Source(said) for said in answers[:MOST_OWN]], MOST_OWN)
    for spot in found.codes:
        await _is_asked_about(codes, spot)
    if not codes.asked:
        raise Invalid(f"{_OTHERS} Si es tuyo, pega otra vez el código.")
    return Own([Notice("part", _OTHERS)], None, _questions(codes))


async def _own(codes: _Codes, became: Sequence[_Became]) -> Own:
    problems = [one.problem for one in became if one.problem]
    if problems and len(problems) == len(became) and not codes.asked:
        raise NoneTaken(problems[0], list(dict.fromkeys(one.message for one in problems)))
    slip = await receipts.slip_for_codes(codes.request, codes.taken)
    return Own([one.told for one in became], slip, _questions(codes))


async def _take_codes(codes: _Codes, spots: Sequence[Spot]) -> list[_Became]:
    """What became of each, without those that are asked about."""
    return [
        await _became(_take_own(codes, spot), f"{shown(spot.code)}: ")
        for spot in spots
        if not await _is_asked_about(codes, spot)
    ]


async def take_for_teachers(request: Request, found: Pasted, coach: Person) -> ForTeachers:
    """Take every code on a coach's word; `Invalid` if there are too many."""
    here = site(request)
    if len(found.codes) > tokens.MOST:
        raise Invalid(f"Aquí hay más de {tokens.MOST} códigos. Pega el chat por partes.")
    told, taken = await tokens.take_all(here.db, here.courses, found.codes, coach, here.clock)
    about = [_by_a_coach(one) for one in await _receipts(request, found.receipts)]
    return ForTeachers(len(told), grouped(told), about, await receipts.slip_for_codes(request, taken))


async def _is_asked_about(codes: _Codes, spot: Spot) -> bool:
    """Whether the word of who is signed in would make a code theirs, and they did not give it yet."""
    here, person = site(codes.request), current(codes.request).person
    if person is None or codes.answer in ("si", "no"):
        return False
    with suppress(LmsError):  # what is none is told as any other
        one = await tokens.recognise(here.db, here.courses, spot.code)
        if await ownership.is_up_to(here.db, one.profile, person):
            codes.asked.setdefault(one.profile, []).append((spot, one))
            return True
    return False


async def _take_own(codes: _Codes, spot: Spot) -> Notice:
    here, person = site(codes.request), current(codes.request).person
    one = await tokens.recognise(here.db, here.courses, spot.code)
    bringer = Bringer(person, "owner" if person and codes.answer != "no" else "bearer")
    said = await tokens.bring(here.db, one, bringer, here.clock)
    codes.taken.append(one)
    return Notice("good", said)


def question_for(person: Person, codes: str, what: Sequence[str] = ()) -> Question:
    """What somebody is asked about codes of one profile."""
    return Question(codes, person.id, person.given_names.split()[0], tuple(what))


def _questions(codes: _Codes) -> tuple[Question, ...]:
    person = current(codes.request).person
    if person is None:
        return ()
    return tuple(
        question_for(
            person, " ".join(one.text for _, one in asked), [_what(spot, one) for spot, one in asked]
        )
        for asked in codes.asked.values()
    )


def _what(spot: Spot, one: tokens.Recognised) -> str:
    where = in_words([place for place in spot.places if place.photo or place.sender])
    return f"{f'{where}, código' if where else 'Código'} {shown(spot.code)}: {tokens.about(one)}."


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
