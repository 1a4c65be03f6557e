"""What a page tells in a box: the words, and whether all went as whoever reads them meant."""

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Asked(NamedTuple):
    """Profiles that call their user by the name of somebody else: whoever brought them says whose they are."""

    name: str
    profiles: tuple[str, ...]


class Question(NamedTuple):
    """Codes of one profile, of which nothing is kept before whoever brought them said whose they are.

    `codes` is what an answer brings again, `asked` the id of whom it asks, `called` their name, `what` says of what each
    code is.
    """

    codes: str
    asked: str
    called: str
    what: tuple[str, ...] = ()


class Slip(NamedTuple):
    """A receipt to take away: as text, and drawn as a QR code, empty if it is too large for one.

    `aside` is what it does not say and its reader has to know, empty for nothing; `title` what stands above it, if it is
    of another server.
    """

    text: str
    picture: str
    aside: str = ""
    title: str = ""


class Linkable(NamedTuple):
    """A profile of nobody, and where its codes stood, or how it calls its user."""

    where: str
    profile: str


class Entry(NamedTuple):
    """Codes of which the same is to be said, and where they stood: together, or each by its profile."""

    where: str
    words: str
    linkable: tuple[Linkable, ...] = ()


class Notice(NamedTuple):
    """`kind` is the one of `notice` in `macros.html`; a good one begins with `title`.

    `entries` are what its text counts, `advice` is about them all.
    `questions` are asked below it, `linkable` are profiles of nobody that it is about.
    """

    kind: Literal["good", "part", "info", "bad"]
    text: str
    asked: tuple[Asked, ...] = ()
    receipt: Slip | None = None
    advice: str = ""
    entries: tuple[Entry, ...] = ()
    title: str = "Recibimos tu archivo."
    questions: tuple[Question, ...] = ()
    linkable: tuple[Linkable, ...] = ()


class Taken(NamedTuple):
    """What became of files that were brought, and one receipt for all; `summary` says of several how many came."""

    said: Sequence[Notice] = ()
    receipt: Slip | None = None
    summary: str = ""
