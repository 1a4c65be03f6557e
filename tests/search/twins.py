"""The browser's search asked what the server's was asked: node runs `tests/js/search.test.js` with these answers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cast import ROOT

from lms.course import ranking
from lms.course.analysis import normal, words
from lms.course.texts import Passage
from lms.search.extracts import marked
from lms.search.index import Index
from lms.search.query import Found, find
from lms.search.shown import shown

LIMIT = 20


def check(index: Index, texts: Iterable[tuple[str, Passage]], queries: Iterable[str], folder: Path) -> None:
    """Let the browser's search find, rank, extract and mark the same; `texts` are passages with their course."""
    answers = {
        "passages": [_read(course, one, place % 2) for place, (course, one) in enumerate(texts)],
        "weights": _weights(),
        "found": [_answer(query, find(index, query, limit=LIMIT)) for query in queries],
    }
    file = folder / "answers.json"
    file.write_text(json.dumps(answers), "utf-8")
    run = subprocess.run(
        ["node", "--test", "tests/js/search.test.js"],
        cwd=ROOT,
        env={**os.environ, "SERVER_ANSWERS": str(file)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]


def _read(course: str, one: Passage, counted: int) -> dict[str, Any]:
    """An export has counted the words; a browser that has to count finds as many."""
    return {
        **{"course": course, "lesson": one.lesson, "title": one.lesson_title, "anchor": one.anchor},
        **{"heading": one.heading, "text": one.text, "keywords": one.keywords},
        **({"words": sum(1 for _ in words(normal(one.text)))} if counted else {}),
    }


def _answer(query: str, found: Found) -> dict[str, Any]:
    hits = [
        [
            hit.anchor,
            hit.score,
            hit.extract,
            marked(hit.lesson_title, found.sought),
            *shown(hit, found.sought)[1:],
        ]
        for hit in found.hits
    ]
    return {"query": query, "total": found.total, "meant": found.meant, "hits": hits}


def _weights() -> Any:
    names = [name for name in vars(ranking) if name.isupper()]
    return json.loads(json.dumps({name: getattr(ranking, name) for name in names}))
