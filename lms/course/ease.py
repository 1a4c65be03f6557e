"""How easily a Spanish text is read: Szigriszt-Pazos' perspicuity, judged on the INFLESZ scale.

F. Szigriszt Pazos, «Sistemas predictivos de legilibilidad del mensaje escrito: fórmula de perspicuidad» (1993);
I. M. Barrio Cantalejo and others, «Validación de la Escala INFLESZ» (Anales del Sistema Sanitario de Navarra 31, 2008).
"""

import re
from collections.abc import Iterable

# The formula was made on samples of a hundred words; with fewer it says little.
FEWEST_WORDS = 100
NORMAL = 55  # what an adult reads without effort begins here

_SCALE = ((80, "muy fácil"), (65, "bastante fácil"), (NORMAL, "normal"), (40, "algo difícil"))
_HARDEST = "muy difícil"

_LETTERS = re.compile(r"[^\W\d_]+")
_SILENT = re.compile(r"(?<=q)u|(?<=g)u(?=[eéií])")
_VOWEL_Y = re.compile(r"y(?![aeiouáéíóú])")
# Each open or accented vowel is a syllable; the others only where they lean on none.
_CORE = re.compile(r"[iuü]*[aeoáéóíúàèòâêô][iuü]*(?=[aeoáéóíú]|[^iuü]|$)|[iuü]+")


def ease(sentences: Iterable[str]) -> float | None:
    """Return the perspicuity of some sentences, up to about 100 for the easiest; None when they are too few."""
    words = [_LETTERS.findall(sentence) for sentence in sentences]
    spoken = [sentence for sentence in words if sentence]
    count = sum(map(len, spoken))
    if count < FEWEST_WORDS:
        return None
    uttered = sum(syllables(word) for sentence in spoken for word in sentence)
    return 206.835 - 62.3 * uttered / count - count / len(spoken)


def in_words(value: float) -> str:
    """Name a perspicuity as the INFLESZ scale does."""
    return next((name for least, name in _SCALE if value >= least), _HARDEST)


def syllables(word: str) -> int:
    """Count the syllables of a Spanish word; what has no vowel, as «RM», is one."""
    heard = _VOWEL_Y.sub("i", _SILENT.sub("", word.lower()))
    return max(1, len(_CORE.findall(heard)))
