"""What somebody pastes or photographs: receipts and codes, one below the other or all over a chat. Pure.

It is found out here which is which, without what reading a receipt needs: most who paste something bring a code.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lms.sync.over_token import is_intact, places_in, plain
from lms.sync.places import Place, photo, places

# There is no letter I in a receipt but in the word that ends it.
_RECEIPT = re.compile(r"CHASKI RECIBO(?:(?!CHASKI)[0-9A-HJ-Z\s])*+(I\s*N)?", re.ASCII | re.IGNORECASE)
_BESIDE = "|"  # no code goes on beyond it


class Source(NamedTuple):
    """What was pasted, or what the QR codes of a photo say, by the name of its file."""

    text: str
    photo: str = ""


class Spot(NamedTuple):
    """What looks like a code, as it stands there, and where; nobody has read it yet."""

    code: str
    places: tuple[Place, ...]


class Pasted(NamedTuple):
    """The receipts and the codes that were given, each once, in order; the photos that show neither."""

    receipts: list[str]
    codes: list[Spot]
    others: list[str]


def look_through(sources: Sequence[Source], most: int) -> Pasted:
    """The receipts in what was given, and the first `most` of what looks like codes."""
    receipts, codes, others = dict[str, str](), dict[str, list[Place]](), list[str]()
    for source in sources:
        said, left, spoilt = _receipts(source.text)
        receipts = {**receipts, **{letters: one for letters, one in said.items() if letters not in receipts}}
        found = [one for one in places_in(left) if one[0] not in spoilt or is_intact(one[0])]
        if source.photo and not (said or found):
            others.append(source.photo)
        where = (
            [photo(source.photo)] * len(found)
            if source.photo
            else places(left, [start for _, start in found])
        )
        for (code, _), place in zip(found, where, strict=True):
            if code in codes or len(codes) < most:
                codes.setdefault(code, []).append(place)
    spots = [Spot(code, tuple(dict.fromkeys(where))) for code, where in codes.items()]
    return Pasted(list(receipts.values()), spots, others)


def _receipts(text: str) -> tuple[dict[str, str], str, set[str]]:
    """The receipts of a text by their letters, the text without them, and what may be the letters of one.

    Nobody knows where a receipt ends that lost its end: of the letters that follow it only whole codes are taken for any.
    """
    receipts, spoilt = dict[str, str](), set[str]()

    def take(match: re.Match[str]) -> str:
        receipts.setdefault("".join(match[0].split()).upper(), match[0])
        if match[1]:
            return re.sub(r"[^\n]", _BESIDE, match[0])  # as long, so that lines and places stay
        spoilt.update(map(plain, match[0].split()))
        return match[0]

    return receipts, _RECEIPT.sub(take, text), spoilt
