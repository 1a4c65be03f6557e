"""How easily a text is read: the published formula, and the syllables it counts."""

from __future__ import annotations

import pytest

from lms.course.ease import FEWEST_WORDS, ease, in_words, syllables

# As a speaker would clap them; two vowels that meet are one syllable unless both are open or the close one is stressed.
CLAPPED = {
    1: "y yo muy rey buey quien pues luz hoy RM",
    2: "agua día guía queso guerra país maíz ciudad ayer leyó huevo viuda león ayllu",
    3: "ahora pingüino reúne escuela maestra idea oía estudiéis Uruguay Amauta",
    4: "aéreo averiguáis construyendo comunidad bilingüismo paraguayo",
    5: "planificación intercultural multigradista",
}


@pytest.mark.parametrize("count", CLAPPED)
def test_syllables_are_those_a_speaker_claps(count: int) -> None:
    assert {word: syllables(word) for word in CLAPPED[count].split()} == dict.fromkeys(
        CLAPPED[count].split(), count
    )


def test_perspicuity_is_the_published_formula() -> None:
    # 120 words of 2 syllables in 12 sentences: 206.835 - 62.3 * 2 - 10.
    assert ease(["casa " * 10] * 12) == pytest.approx(72.235)


def test_numbers_are_not_read_and_few_words_say_nothing() -> None:
    assert ease(["casa " * 10] * 12 + ["2 000"]) == ease(["casa " * 10] * 12)
    assert ease(["casa " * (FEWEST_WORDS - 1)]) is None


def test_the_scale_has_five_steps() -> None:
    names = [in_words(value) for value in (90, 80, 65, 55, 54.9, 40, 39, -20)]

    assert names == [
        "muy fácil",
        "muy fácil",
        "bastante fácil",
        "normal",
        "algo difícil",
        "algo difícil",
        "muy difícil",
        "muy difícil",
    ]
