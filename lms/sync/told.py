"""What a coach is told of many codes: the like together, and of each where it stood. Pure."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from lms.sync.pasted import Spot
from lms.sync.places import Place, in_words
from lms.sync.receiving import Received
from lms.web.notices import Entry, Linkable, Notice

Outcome = Literal["counts", "waits", "nobody", "known", "refused"]


class Told(NamedTuple):
    """What became of one code, in a sentence; `profile` is what can be linked to a person, "" for none."""

    outcome: Outcome
    words: str
    spot: Spot
    profile: str = ""


_GROUPS: tuple[tuple[Outcome, Literal["good", "part", "info", "bad"], str, str], ...] = (
    ("refused", "bad", "código no se pudo recibir", "códigos no se pudieron recibir"),
    ("nobody", "part", "código todavía no es de nadie", "códigos todavía no son de nadie"),
    ("waits", "part", "código recibido, por confirmar", "códigos recibidos, por confirmar"),
    ("counts", "good", "código recibido", "códigos recibidos"),
    ("known", "info", "código ya estaba", "códigos ya estaban"),
)
"""What is to be done stands first."""

_ADVICE: dict[Outcome, str] = {
    "nobody": "No se pierde: contará cuando llegue el archivo de su persona, cuando ella ingrese con su cuenta y traiga "
    "otra vez el código en «Mi avance», o cuando lo enlaces, aquí o en «Por revisar». Allí verás el código, pero no "
    "quién lo envió: eso no se guarda."
}


def outcome_of(received: Received) -> Outcome:
    """What became of a code."""
    linked = next(iter(received.linked), None)
    if received.refused:
        return "refused"
    if received.held:
        return "waits"
    if linked is None:
        return "nobody"
    if received.known:
        return "known"
    return "counts" if linked.status == "vouched" else "waits"


def grouped(told: Sequence[Told]) -> list[Notice]:
    """Everything that is to be told, by outcome; of several with one sentence it is said once."""
    found = []
    if len(told) == 1:  # nobody has to look for it
        told = [one._replace(spot=Spot(one.spot.code, _known(one.spot.places))) for one in told]
    for outcome, kind, one, many in _GROUPS:
        codes = [each for each in told if each.outcome == outcome]
        if codes:
            title = f"{len(codes)} {one if len(codes) == 1 else many}"
            advice = _ADVICE.get(outcome, "")
            found.append(Notice(kind, title, advice=advice, entries=_entries(codes)))
    return found


def shown(code: str) -> str:
    """A code as whoever sees a list of them knows it again."""
    return f"{code[:4]}…{code[-4:]}"


def _entries(told: Sequence[Told]) -> tuple[Entry, ...]:
    by_words: dict[str, list[Told]] = {}
    for one in told:
        by_words.setdefault(one.words, []).append(one)
    return tuple(
        Entry(_where([place for one in same for place in one.spot.places]), words, _linkable(same))
        for words, same in by_words.items()
    )


def _linkable(told: Sequence[Told]) -> tuple[Linkable, ...]:
    by_profile: dict[str, list[Told]] = {}
    for one in told:
        if one.profile:
            by_profile.setdefault(one.profile, []).append(one)
    return tuple(
        Linkable(_where([place for one in same for place in one.spot.places], _codes(same)), profile)
        for profile, same in by_profile.items()
    )


def _known(places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(place for place in places if place.photo or place.sender)


def _codes(told: Sequence[Told]) -> str:
    return f"{'código' if len(told) == 1 else 'códigos'} {', '.join(shown(one.spot.code) for one in told)}"


def _where(places: Sequence[Place], codes: str = "") -> str:
    words = ", ".join(filter(None, [in_words(places), codes]))
    return words[:1].upper() + words[1:] if words.startswith(("línea", "código")) else words
