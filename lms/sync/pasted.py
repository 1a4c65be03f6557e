"""What somebody pastes or photographs: receipts and codes, one below the other or all over a chat. Pure.

It is found out here which is which, without what reading a receipt needs: most who paste something bring a code.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from lms.sync.over_file import BOM, UTF_16, beginning
from lms.sync.over_token import is_intact, places_in
from lms.sync.places import Place, photo, places

_OURS, _LAST = b"CHASKI", b"SHA256 "

# There is no letter I in a receipt but in the word that ends it.
_RECEIPT = re.compile(r"(CHASKI RECIBO(?:(?!CHASKI)[0-9A-HJ-Z\s])*+(?:I\s*N)?)", re.ASCII | re.IGNORECASE)


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


def chat_in(data: bytes) -> str:
    """What a file says that may be an exported chat; "" for one of ours, whole or spoilt, and for what is no text."""
    begins = beginning(data)
    if not begins or begins.startswith(_OURS) or data.startswith(UTF_16) or b"\0" in data:
        return ""
    last = data.rstrip().rpartition(b"\n")[2]
    return "" if last.startswith(_LAST) else data.removeprefix(BOM).decode("utf-8", "replace")


def look_through(sources: Sequence[Source], most: int) -> Pasted:
    """The receipts in what was given, and the first `most` of what looks like codes."""
    receipts, codes, others = dict[str, str](), dict[str, list[Place]](), list[str]()
    for source in sources:
        said, found = _apart(source.text)
        receipts.update({letters: one for letters, one in said.items() if letters not in receipts})
        if source.photo and not (said or found):
            others.append(source.photo)
        fresh = islice((code for code in found if code not in codes), most - len(codes))
        codes.update({code: [] for code in fresh})
        taken = {code: start for code, start in found.items() if code in codes}
        where = (
            [photo(source.photo)] * len(taken) if source.photo else places(source.text, list(taken.values()))
        )
        for code, place in zip(taken, where, strict=True):
            codes[code].append(place)
    spots = [Spot(code, tuple(dict.fromkeys(where))) for code, where in codes.items()]
    return Pasted(list(receipts.values()), spots, others)


def _apart(text: str) -> tuple[dict[str, str], dict[str, int]]:
    """The receipts of a text by their letters, and what looks like codes, with where each begins.

    Nobody knows where a receipt ends that was cut, and «fin» is a word too: so of the letters of any only whole codes
    are taken for codes.
    """
    receipts, codes, before = dict[str, str](), dict[str, int](), 0
    for turn, part in enumerate(_RECEIPT.split(text)):
        is_receipt = turn % 2 == 1
        if is_receipt:
            receipts.setdefault("".join(part.split()).upper(), part)
        for code, start in places_in(part):
            if not is_receipt or is_intact(code):
                codes.setdefault(code, before + start)
        before += len(part)
    return receipts, codes
