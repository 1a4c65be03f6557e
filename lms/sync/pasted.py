"""What somebody pastes or photographs: receipts and codes, one below the other or all over a chat. Pure.

It is found out here which is which, without what reading a receipt needs: most who paste something bring a code.
"""

import re
from itertools import islice
from typing import NamedTuple

from lms.sync.over_token import found_in, is_intact, plain

# There is no letter I in a receipt but in the word that ends it.
_RECEIPT = re.compile(r"CHASKI RECIBO(?:(?!CHASKI)[0-9A-HJ-Z\s])*(I\s*N)?", re.ASCII | re.IGNORECASE)
_BESIDE = "|"  # no code goes on beyond it


class Pasted(NamedTuple):
    """The receipts and the codes in a text, each once, in order: as they stand there, nobody has read them yet."""

    receipts: list[str]
    codes: list[str]


def look_through(text: str, most: int) -> Pasted:
    """The receipts in a text, and the first `most` of what looks like codes.

    Nobody knows where a receipt ends that lost its end: of the letters that follow it only whole codes are taken for any.
    """
    receipts, spoilt = dict[str, str](), set[str]()

    def take(match: re.Match[str]) -> str:
        receipts.setdefault("".join(match[0].split()).upper(), match[0])
        if match[1]:
            return _BESIDE
        spoilt.update(map(plain, match[0].split()))
        return match[0]

    left = _RECEIPT.sub(take, text)
    codes = (one for one in found_in(left) if one not in spoilt or is_intact(one))
    return Pasted(list(receipts.values()), list(islice(codes, most)))
