"""What a page tells in a box: the words, and whether all went as whoever reads them meant."""

from typing import Literal, NamedTuple


class Notice(NamedTuple):
    """`kind` is the one of `notice` in `macros.html`."""

    kind: Literal["good", "part"]
    text: str
