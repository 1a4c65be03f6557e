"""The search of a pack gives what the server's gives: order, scores, extracts, suggestions."""

import json
import random
import shutil

import pytest
from search.twins import check

from lms.course.texts import passages


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_browser_finds_what_the_server_finds(index, course, vectors_folder, tmp_path):
    texts = passages(course)
    queries = [wanted["query"] for wanted in json.loads((vectors_folder / "search.json").read_text("utf-8"))]
    queries += _drawn({word for passage in texts for word in passage.text.split()})
    check(index, [(course.id, one) for one in texts], queries, tmp_path)


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
