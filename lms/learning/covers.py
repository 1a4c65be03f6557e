"""A course's cover: a woven band drawn from its id, so that every course has one and none needs a picture."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from markupsafe import Markup

CELL = 8  # side of a stitch, in units of the drawing
COLUMNS, ROWS = 48, 16
# Stepped diamonds, read from the centre outwards: which thread a ring takes.
THREADS = ("abcd", "cbda", "bdcb", "dcab", "bcad", "cdba")
GROUNDS = ("a", "c", "a", "d")


@cache
def cover(course_id: str) -> Markup:
    """The cover as an inline SVG; its threads are classes `a`…`d`, coloured by catalogue.css."""
    seed = sha256(course_id.encode()).digest()
    threads, ground, period = THREADS[seed[0] % 6], GROUNDS[seed[1] % 4], (12, 16, 24)[seed[2] % 3]
    rects = "".join(_row(row, threads, ground, period) for row in range(ROWS))
    width, height = COLUMNS * CELL, ROWS * CELL
    return Markup(  # noqa: S704 - nothing in it comes from a course but a hash
        f'<svg class="cover" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" '
        f'aria-hidden="true" focusable="false"><path class="{ground}" d="M0 0h{width}v{height}H0z"/>'
        f"{rects}</svg>"
    )


def _row(row: int, threads: str, ground: str, period: int) -> str:
    """One row of stitches, neighbours of one colour joined into one rectangle."""
    colours = [_stitch(column, row, threads, ground, period) for column in range(COLUMNS)]
    found, start = [], 0
    for column in range(1, COLUMNS + 1):
        if column == COLUMNS or colours[column] != colours[start]:
            if colours[start] != ground:
                found.append(
                    f'<path class="{colours[start]}" d="M{start * CELL} {row * CELL}'
                    f'h{(column - start) * CELL}v{CELL}H{start * CELL}z"/>'
                )
            start = column
    return "".join(found)


def _stitch(column: int, row: int, threads: str, ground: str, period: int) -> str:
    """The thread of one stitch: rings of a stepped diamond, its centre repeated every `period` columns."""
    across = abs((column + 0.5) % period - period / 2)
    down = abs(row + 0.5 - ROWS / 2)
    if row in (0, ROWS - 1):
        return threads[(column // 2) % 2]
    ring = int((across // 2 * 2 + down // 2 * 2) // 2)
    return ground if ring > 5 else threads[ring % 4] if ring % 2 == 0 or ring < 3 else ground
