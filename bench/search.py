"""Searching on the server, with extracts, against SQLite's FTS5 with `snippet()` on the same passages."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from lms.course.loader import load_course
from lms.course.texts import Passage, passages
from lms.search.index import Index, build
from lms.search.query import find
from lms.search.sources import Source

COURSE = Path(__file__).parent.parent / "courses" / "alfabetizacion-digital"
SHOWN = 10  # results with extracts, on both sides
ROUNDS = 15
ONE_WORD = (
    "batería",
    "equipos",
    "señal",
    "tableta",
    "arroz",
    "imprimir",
    "archivo",
    "puerto",
    "datos",
    "escuela",
)
QUESTIONS = (
    "celular mojado",
    "panel solar",
    "mi tableta está lenta",
    "código de recuperación",
    "ahorrar datos",
)
COPIES = 36  # of the course: about 5,000 passages


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both alternately: on one course, and on as many passages as a big server has."""
    course = load_course(COURSE).course
    assert course is not None
    texts = passages(course)
    numbers = {lesson.id: lesson.number for lesson in course.lessons}
    one = [Source(course.id, course.title, texts, numbers)]
    many = [Source(f"{course.id}-{n}", course.title, texts, numbers) for n in range(COPIES)]
    return [*_rows("one course", one), *_rows(f"{COPIES} courses", many)]


def _rows(what: str, sources: list[Source]) -> list[tuple[str, float, str, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "index", iter(sources))
        index = Index(Path(folder) / "index")
        fts = _fts(Path(folder) / "fts.db", (passage for source in sources for passage in source.passages))
        rows = []
        for kind, queries in (("one word", ONE_WORD), ("question", QUESTIONS)):
            value, baseline = _compare(
                lambda query: find(index, query, limit=SHOWN), lambda query: _ask(fts, query), queries
            )
            rows.append((f"search p50, {what}, {kind}, × FTS5", value, "ms", baseline, value / baseline))
        fts.close()
        index.close()
    return rows


def _compare(
    ours: Callable[[str], object], theirs: Callable[[str], object], queries: Iterable[str]
) -> tuple[float, float]:
    """The median milliseconds of both, taking turns so that a busy machine slows both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for query in queries:
            for side, times in zip((ours, theirs), taken, strict=True):
                began = time.perf_counter()
                side(query)
                times.append((time.perf_counter() - began) * 1000)
    return median(taken[0]), median(taken[1])


def _fts(path: Path, texts: Iterable[Passage]) -> sqlite3.Connection:
    fts = sqlite3.connect(path)
    fts.execute(
        "CREATE VIRTUAL TABLE f USING fts5(lesson UNINDEXED, anchor UNINDEXED, title, heading, body,"
        " tokenize = 'unicode61 remove_diacritics 2')"
    )
    rows = ((one.lesson, one.anchor, one.lesson_title, one.heading, one.text) for one in texts)
    fts.executemany("INSERT INTO f VALUES (?, ?, ?, ?, ?)", rows)
    fts.execute("INSERT INTO f(f) VALUES ('optimize')")
    fts.commit()
    return fts


def _ask(fts: sqlite3.Connection, query: str) -> list[tuple[str, ...]]:
    return fts.execute(
        "SELECT lesson, anchor, title, heading, snippet(f, 4, '<mark>', '</mark>', '…', 30) FROM f"
        " WHERE f MATCH ? ORDER BY bm25(f, 0, 0, 4, 3, 1) LIMIT ?",
        (" OR ".join(query.split()), SHOWN),
    ).fetchall()


if __name__ == "__main__":
    for what, value, unit, baseline, ratio in run():
        print(f"{what}: {value:.2f} {unit}, baseline {baseline:.2f}, ratio {ratio:.2f}")
