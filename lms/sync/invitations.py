"""An invitation to a server: one line of text that says who it is, and a secret that lets one other in.

    chaski-servidor-1:ugel-canas:BKx…:q7Vh…:https://ugel.example

Name, key, secret (empty: whoever uses it must be accepted), address (empty: there is no network between them).
"""

from __future__ import annotations

import re

from msgspec import Struct

from lms.errors import Invalid
from lms.sync.message import Card
from lms.sync.sealing import Public

_LINE = re.compile(r"chaski-servidor-1:([^:\s]{1,100}):([\w-]{86,88}):([\w-]{0,100}):(\S{0,300})", re.ASCII)
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z.-]+")

NONE = (
    "No encuentro una invitación entera en ese texto. Pide otra vez la línea que empieza con «chaski-servidor-1:» "
    "y cópiala completa."
)


class Invitation(Struct, frozen=True):
    """Whom to join, and with which secret."""

    card: Card
    secret: str

    @property
    def line(self) -> str:
        """The invitation as text."""
        name = _NOT_IN_NAMES.sub("-", self.card.name).strip("-") or "servidor"
        return f"chaski-servidor-1:{name}:{self.card.public}:{self.secret}:{self.card.address}"


def read_invitation(text: str) -> Invitation:
    """Find the invitation in a text, a whole chat say; `Invalid` without any."""
    found = _LINE.search(text)
    if found is None or not found[0].isprintable():  # what a terminal takes for an order stands in no address
        raise Invalid(NONE)
    public = Public.read(found[2])
    return Invitation(Card(found[1], public.text, found[4]), found[3])
