"""Figures of a running server in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from lms import tally

UP_TO = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds by which answers are counted; p50 and p99 are read off them."""

Labels = Mapping[str, str]
Sample = tuple[str, Labels, float]
"""What follows the name of its family, labels, a value."""


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one kind: `counter`, `gauge` or `histogram`."""

    name: str
    kind: str
    help: str
    samples: Iterable[Sample]


@dataclass(slots=True)
class Answers:
    """How many answers each kind of address gave, by status, and how long they took."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    _times: dict[str, list[int]] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)

    def add(self, route: str, status: int, seconds: float) -> None:
        """Count one; for each request, so it does next to nothing."""
        self.statuses[route, status] += 1
        times = self._times.get(route)
        if times is None:
            times = self._times[route] = [0] * (len(UP_TO) + 1)
            self._seconds[route] = 0.0
        times[bisect_left(UP_TO, seconds)] += 1
        self._seconds[route] += seconds

    def families(self) -> tuple[Family, Family]:
        """As Prometheus wants to read it."""
        counted = [
            ("", {"route": route, "status": str(status)}, count)
            for (route, status), count in sorted(self.statuses.items())
        ]
        return (
            Family("chaski_answers_total", "counter", "Answers by address and status.", counted),
            Family("chaski_answer_seconds", "histogram", "How long answers took.", self._histogram()),
        )

    def _histogram(self) -> Iterator[Sample]:
        for route, times in sorted(self._times.items()):
            for limit, count in zip((*map(str, UP_TO), "+Inf"), accumulate(times), strict=True):
                yield "_bucket", {"route": route, "le": limit}, count
            yield "_sum", {"route": route}, self._seconds[route]
            yield "_count", {"route": route}, sum(times)


def of_this_process() -> Iterator[Family]:
    """What came in, what waits, and how much memory is taken."""
    arrived = [
        ("", {"door": door, "status": status}, count)
        for (door, status), count in sorted(tally.events.items())
    ]
    yield Family(
        "chaski_events_total", "counter", "Lines by the way they came and what became of them.", arrived
    )
    yield gauge("chaski_lines_waiting", "Lines that are being stored or stand in line for it.", tally.lines)
    yield gauge("process_resident_memory_bytes", "Memory of this process.", _resident())


def gauge(name: str, help: str, value: float) -> Family:
    """One number that goes up and down."""
    return Family(name, "gauge", help, [("", {}, value)])


def _resident() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:  # not Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def exposition(families: Iterable[Family]) -> str:
    """The families as lines of text."""
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.kind}"
    for suffix, labels, value in family.samples:
        said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{family.name}{suffix}{f'{{{said}}}' if said else ''} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
