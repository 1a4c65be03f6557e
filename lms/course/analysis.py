"""The one text analysis of search: how a text becomes words, and a word the forms it is found by.

The twin is `static/js/fold.js`; both are held together by `tests/vectors/analysis.json`. Explicit ranges
of letters stand here instead of Unicode classes because ES2017 has none.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from lms.course.stem import light, snowball

# Raise it when the same text gives other forms: indexes made before are then made again.
VERSION = 1

# Real Quechua files write one sound with any of them (p'anqa, p’anqa, p´anqa), or with none.
APOSTROPHES = "'’‘ʼʹ´`ꞌ"

_LETTERS = "0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0370-\u1fff"
_MARKS = "\u0300-\u036f"
WORD = re.compile(f"[{_LETTERS}](?:[{_LETTERS}{_MARKS}{APOSTROPHES}]*[{_LETTERS}{_MARKS}])?")

_ACCENTS = re.compile(f"[{_MARKS}]")
_ENYE = "\ue000"  # stands for ñ while accents go; a sign no keyboard writes
_PLAIN_LETTERS = str.maketrans({"ɨ": "i", "ø": "o", "ł": "l", "ß": "ss"})
_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)

# Spanish writes q only before ue, ui; Quechua and Aimara say e and o only beside q. So this sign is enough to
# know the words that are written with three vowels or with five.
_ANDEAN = re.compile(r"q(?!u[ei])")
_THREE_VOWELS = str.maketrans("eo", "iu")
_LONG_VOWEL = re.compile(r"([aiu])\1")


def normal(text: str) -> str:
    """The text as offsets count in it: NFC."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> Iterator[tuple[int, str]]:
    """Each word of a text in NFC as it is written, with the offset where it begins."""
    return ((found.start(), found[0]) for found in WORD.finditer(text))


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """The word in lower case, without accents and apostrophes; only ñ stays ñ."""
    word = word.lower()
    if word.isascii() and "'" not in word and "`" not in word:
        return word
    word = word.translate(_NO_APOSTROPHES).replace("ñ", _ENYE).translate(_PLAIN_LETTERS)
    return _ACCENTS.sub("", unicodedata.normalize("NFD", word)).replace(_ENYE, "ñ")


def plain(folded: str) -> str:
    """The folded word with n for ñ, as many keyboards write it."""
    return folded.replace("ñ", "n")


def three_vowels(plain_word: str) -> str:
    """What qelqa and qilqa, Qosqo and Qusqu share; nothing for a word that is not Andean."""
    if not _ANDEAN.search(plain_word):
        return ""
    return _LONG_VOWEL.sub(r"\1", plain_word.translate(_THREE_VOWELS))


@lru_cache(maxsize=65536)
def forms(word: str) -> tuple[str, ...]:
    """Every form under which a word as written is indexed: a letter for the kind of form, and the form.

    `=` exact with ñ, `~` with n for ñ, `+` light stem, `*` Snowball stem, `^` three vowels. A word has two
    Snowball stems when its accents change it, so that both «abrió» and «abrio» lead to it.
    """
    folded = fold(word)
    bare = plain(folded)
    stems = dict.fromkeys((_stem(word), _stem(folded)))
    vowels = three_vowels(bare)
    andean = [f"^{vowels}"] if vowels else []
    return (f"={folded}", f"~{bare}", f"+{light(bare)}", *(f"*{stem}" for stem in stems), *andean)


def query_forms(word: str) -> tuple[str, ...]:
    """The forms a word of a query is looked up by: one of each kind, so that none counts twice."""
    found: dict[str, str] = {}
    for form in forms(word):
        found.setdefault(form[0], form)
    return tuple(found.values())


def _stem(word: str) -> str:
    return plain(fold(snowball(word.lower().translate(_NO_APOSTROPHES))))
