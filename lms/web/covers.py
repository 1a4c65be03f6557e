"""A course's cover: a woven band drawn from its id, so that every course has one and none needs a picture."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from itertools import permutations

from markupsafe import Markup

CELL = 8  # side of a stitch, in CSS pixels
ROWS = 16
# Stepped diamonds, read from the centre outwards: the thread of each ring, then the ground between diamonds.
THREADS = "abcd"
DYES = tuple("".join(dyes) for dyes in permutations(THREADS))
WEAVES = ("bcbadda", "dcbaadc", "cbdabba", "bdcabca", "dabccba", "cdabadc")


@cache
def cover(course_id: str) -> Markup:
    """The cover as an inline SVG, repeated to any width; its threads are classes `a`…`d` of catalogue.css."""
    rows = stitches(course_id)
    period = len(rows[0])
    threads: dict[str, list[str]] = {}
    for row, colours in enumerate(rows):
        _add_row(threads, row, colours)
    paths = "".join(f'<path class="{thread}" d="{"".join(runs)}"/>' for thread, runs in threads.items())
    name = f"tejido-{_seed(course_id).hex()[:8]}"
    return Markup(  # noqa: S704 - nothing in it comes from a course but a hash
        f'<svg class="cover" aria-hidden="true" focusable="false"><defs><pattern id="{name}" '
        f'width="{period * CELL}" height="{ROWS * CELL}" patternUnits="userSpaceOnUse">{paths}</pattern>'
        f'</defs><rect width="100%" height="100%" fill="url(#{name})"/></svg>'
    )


def stitches(course_id: str) -> list[str]:
    """The band of a course, row by row: a letter a stitch, which names its thread; it repeats to the right."""
    seed = _seed(course_id)
    dyes = DYES[seed[1] % len(DYES)]
    weave = WEAVES[seed[0] % len(WEAVES)].translate(str.maketrans(THREADS, dyes))
    period = (12, 16, 24)[seed[2] % 3]
    return ["".join(_stitch(column, row, weave, period) for column in range(period)) for row in range(ROWS)]


def _seed(course_id: str) -> bytes:
    return sha256(course_id.encode()).digest()


def _add_row(threads: dict[str, list[str]], row: int, colours: str) -> None:
    """Add one row of stitches to the drawing, neighbours of one colour joined into one rectangle."""
    start = 0
    for column in range(1, len(colours) + 1):
        if column == len(colours) or colours[column] != colours[start]:
            run = f"M{start * CELL} {row * CELL}h{(column - start) * CELL}v{CELL}H{start * CELL}z"
            threads.setdefault(colours[start], []).append(run)
            start = column


def _stitch(column: int, row: int, weave: str, period: int) -> str:
    """The thread of one stitch: rings of a stepped diamond, its centre repeated every `period` columns."""
    if row in (0, ROWS - 1):
        return "b" if column // 2 % 2 else "c"
    across = int(abs((column + 0.5) % period - period / 2))
    down = int(abs(row + 0.5 - ROWS / 2))
    return weave[min((across + down) // 2, len(weave) - 1)]
