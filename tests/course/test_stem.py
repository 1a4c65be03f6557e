"""The stems of Spanish words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.stem import light, snowball

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "stem.json").read_text("utf-8"))


def test_snowball_gives_the_stems_of_the_published_algorithm():
    # Stems made with the reference implementation, snowballstemmer 3.1.1.
    assert {word: snowball(word) for word in VECTORS["snowball"]} == VECTORS["snowball"]


def test_light_stems_are_those_of_the_twin():
    assert {word: light(word) for word in VECTORS["light"]} == VECTORS["light"]


@pytest.mark.parametrize(
    "family",
    [
        "bateria baterias",
        "luz luces",
        "dulce dulces",
        "lapiz lapices",
        "leccion lecciones",
        "profesor profesora profesores profesoras",
        "maestro maestra maestros maestras",
        "ingles ingleses",
        "pais paises",
        "mes meses",
        "clase clases",
        "chip chips",
    ],
)
def test_plurals_and_genders_share_a_light_stem(family):
    assert len({light(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("casa", "caso"), ("pais", "paso"), ("red", "rey"), ("mesa", "mes")]
)
def test_other_words_do_not(one, other):
    assert light(one) != light(other)


@given(st.text(alphabet="abcdeiouáéíóúüñglmnrst", min_size=1, max_size=18))
def test_the_first_two_letters_stay(word):
    # The search without a server looks words up by them.
    plain = word.translate(str.maketrans("áéíóúüñ", "aeiouun"))
    assert light(plain)[:2] == plain[:2]
    assert snowball(word).translate(str.maketrans("üñ", "un"))[:2] == plain[:2]
