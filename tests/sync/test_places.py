"""Where a code stood is said as whoever pasted it finds it again: by who wrote it, by its line, by its photo."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.sync.pasted import Source, Spot, look_through
from lms.sync.places import LONGEST_NAME, Place, in_words, photo, places
from lms.sync.told import Told, grouped
from tests.sync.pasting import token


def at_the_end(text: str) -> str:
    [place] = places(text, [len(text)])
    return in_words([place])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[26/11/26, 10:03:21] Tomás: Mi avance: ", "Tomás (línea 1)"),
        ("hola\n[26/11] Tomás: ", "Tomás (línea 2)"),
        ("26/11/26 10:03 - Tomás Arpi: ", "Tomás Arpi (línea 1)"),
        (
            "\u200e[2026-11-26 10:03] ~ +51 987 654 321: HTTPS://AULA.EXAMPLE/P/",
            "~ +51 987 654 321 (línea 1)",
        ),
        ("26/11/26, 9:03\u202fa. m. - Tomás: Profe,\nle envío\nmi avance: ", "Tomás (línea 3)"),
        ("Tomás: ", "línea 1"),
        ("26/11/26 10:03 - Los mensajes están cifrados.\n", "línea 2"),
        ("[26/11/26, 10:03] Tomás: " + "x" * 3000 + "\n", "línea 2"),
        ("[26/11/26, 10:03] <b>\u202eTom\u0007ás</b>\u2066: ", "<b> Tom ás</b> (línea 1)"),
        ("[26/11/26, 10:03] " + "Tomás " * 13 + ": ", "Tomás Tomás Tomás Tomás Tomás Tomás Tom… (línea 1)"),
    ],
)
def test_a_place_says_who_wrote_it_if_a_chat_does_and_its_line(text: str, expected: str) -> None:
    assert at_the_end(text) == expected


def test_places_are_said_together() -> None:
    found = [
        Place(line=2),
        Place("", "Tomás", 3),
        Place(line=5),
        Place("", "Tomás", 7),
        Place(line=9),
        photo("a.jpg"),
    ]
    assert in_words(found) == "Tomás (líneas 3 y 7), a.jpg y líneas 2, 5 y 9"


@given(st.text(max_size=300), st.integers(0, 300))
def test_no_text_makes_a_name_long_or_turn_what_stands_around_it(text: str, at: int) -> None:
    [place] = places(text, [min(at, len(text))])
    assert len(place.sender) <= LONGEST_NAME
    assert place.sender.isprintable()


def test_a_chat_made_to_cost_time_costs_little() -> None:
    line = "[1/1 " + "1/1 - " * 100
    text = line * 7000
    began = time.process_time()
    assert len(list(places(text, range(len(text) - 500, len(text))))) == 500
    assert time.process_time() - began < 2


def test_a_code_behind_a_receipt_keeps_its_line_and_one_in_two_photos_both() -> None:
    pasted = f"Recibo:\nCHASKI RECIBO 1\nABC\nDEF\nFIN\n{token(mark=100)}"
    found = look_through(
        [
            Source(pasted),
            Source(token(mark=110), "a.jpg"),
            Source(token(mark=110), "b.jpg"),
            Source("x", "c.jpg"),
        ],
        9,
    )
    assert [in_words(spot.places) for spot in found.codes] == ["línea 6", "a.jpg y b.jpg"]
    assert (len(found.receipts), found.others) == (1, ["c.jpg"])


def test_the_like_is_told_together_what_is_to_be_done_first() -> None:
    known = [Told("known", "Ya estaba.", Spot(f"2AAA{n}", (Place(line=n),))) for n in (2, 5, 9)]
    nobody = [
        Told("nobody", "De nadie.", Spot(f"2BBBBB{n}", (Place("", "Tomás", n),)), profile)
        for n, profile in ((3, "p"), (4, "p"), (7, "q"))
    ]
    groups = grouped([*known, *nobody])
    assert [(group.kind, group.text) for group in groups] == [
        ("part", "3 códigos todavía no son de nadie"),
        ("info", "3 códigos ya estaban"),
    ]
    assert [one.where for one in groups[0].entries[0].linkable] == [
        "Tomás (líneas 3 y 4), códigos 2BBB…BBB3, 2BBB…BBB4",
        "Tomás (línea 7), código 2BBB…BBB7",
    ]
    assert groups[1].entries[0].where == "Líneas 2, 5 y 9"


def test_one_code_alone_needs_no_line() -> None:
    [group] = grouped([Told("known", "Ya estaba.", Spot("2AAA", (Place(line=1),)))])
    assert (group.text, group.entries[0].where) == ("1 código ya estaba", "")
