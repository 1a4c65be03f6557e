"""How «Por revisar» says from whom something came: a whole sentence, with a server by its name."""

from __future__ import annotations

import pytest

from lms.accounts.review import words


@pytest.mark.parametrize(
    ("bringers", "ways", "nodes", "said"),
    [
        (["Tito Arpi"], ["file"], [], "Lo trajo Tito Arpi, en un archivo o un código"),
        ([], ["session"], [], "Llegó desde las páginas de este sitio"),
        ([], ["node"], ["Escuela"], "Llegó de «Escuela»"),
        ([], ["node"], ["Escuela", "UGEL Cusco"], "Llegó de «Escuela» y «UGEL Cusco»"),
        ([], ["node"], [], "Llegó desde otro servidor"),
        (
            ["Rosa Mamani, acompañante"],
            ["file", "node"],
            ["Escuela"],
            "Lo trajo Rosa Mamani, acompañante, en un archivo o un código, y también llegó de «Escuela»",
        ),
        ([], [], [], ""),
    ],
)
def test_a_sentence_has_its_subject(
    bringers: list[str], ways: list[str], nodes: list[str], said: str
) -> None:
    assert words.came(bringers, ways, nodes) == said


def test_a_server_that_sent_what_was_refused_is_named() -> None:
    assert words.server(["Escuela"]) == "El servidor «Escuela»"
    assert words.server([]) == "Otro servidor"
