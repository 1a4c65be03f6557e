"""The search of a pack gives what the server's gives: order, scores, extracts, suggestions."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from lms.course import ranking
from lms.course.analysis import normal, words
from lms.course.texts import passages
from lms.search.query import find

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_browser_finds_what_the_server_finds(index, course, vectors_folder, tmp_path):
    texts = passages(course)
    queries = [wanted["query"] for wanted in json.loads((vectors_folder / "search.json").read_text("utf-8"))]
    queries += _drawn({word for passage in texts for word in passage.text.split()})
    answers = {
        "passages": [
            {"lesson": one.lesson, "title": one.lesson_title, "anchor": one.anchor}
            | {"heading": one.heading, "text": one.text, "keywords": one.keywords}
            # An export has counted the words; a browser that has to count finds as many.
            | ({"words": sum(1 for _ in words(normal(one.text)))} if place % 2 else {})
            for place, one in enumerate(texts)
        ],
        "weights": _weights(),
        "found": [_answer(index, query) for query in queries],
    }
    file = tmp_path / "answers.json"
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


def _drawn(vocabulary: set[str]) -> list[str]:
    """Queries of a few words of the course, some of them cut short or misspelt."""
    draw = random.Random(3)
    known = sorted(vocabulary)
    questions = ["que", "como", "hago", "cuales", "de", "la", "quiéro", "cuántas", "Qosqo", "computadora"]
    known += questions * (len(known) // 50)
    return [" ".join(_bent(draw, draw.choice(known)) for _ in range(draw.randint(1, 4))) for _ in range(150)]


def _bent(draw: random.Random, word: str) -> str:
    at = draw.randrange(len(word))
    return draw.choice(
        [word, word, word.upper(), word[: at + 1], word[:at] + word[at + 1 :], word[:at] + "ñ" + word[at:]]
    )


def _answer(index, query):
    found = find(index, query, limit=20)
    hits = [
        [hit.anchor, hit.score, [[piece.text, piece.mark] for piece in hit.extract]] for hit in found.hits
    ]
    return {"query": query, "total": found.total, "meant": found.meant, "hits": hits}


def _weights():
    names = [name for name in vars(ranking) if name.isupper()]
    return json.loads(json.dumps({name: getattr(ranking, name) for name in names}))
