"""What this process counted since it began, for who watches a server: numbers, never a name nor an id."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

events: Counter[tuple[str, str]] = Counter()
"""Lines that arrived, by the way they came and what became of them."""

lines = 0
"""Lines that are being stored or stand in line for it."""


@contextmanager
def waiting(count: int) -> Iterator[None]:
    """Count lines as waiting while the block runs."""
    global lines
    lines += count
    try:
        yield
    finally:
        lines -= count
