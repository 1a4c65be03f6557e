"""Two stemmers for Spanish words: a light one for plurals and genders, and Snowball for verbs.

`light` takes a folded word (no accents); `snowball` takes a lower-case word as it is written, accents
and all, because several verb endings are told apart only by them. The twin is `static/js/stem.js`; both are
held together by `tests/vectors/stem.json`.
"""

import re
from functools import lru_cache

VOWELS = "aeiouáéíóúü"

_UNACCENTED = str.maketrans("áéíóú", "aeiou")


def _one_of(endings: str) -> re.Pattern[str]:
    """Find the longest of these endings that a word has: it begins first."""
    return re.compile(f"(?:{'|'.join(endings.split())})$")


_PRONOUN = _one_of("selas selos sela selo las les los nos me se la le lo")
_PRONOUN_HOST = _one_of("yendo iéndo iendo ándo ando ár ér ír ar er ir")

_NOUN_ENDING = _one_of(
    "amientos imientos amiento imiento anzas anza ismos ismo ables able ibles ible istas ista icos icas "
    "ico ica osos osas oso osa aciones ación acion adoras adora adores ador ancias ancia antes ante "
    "logías logía uciones ución encias encia amente mente idades idad ivas ivos iva ivo"
)
# What some of them leave behind, and which endings may then go too.
_LEFT = {"logías": "log", "logía": "log", "uciones": "u", "ución": "u", "encias": "ente", "encia": "ente"}
_FURTHER = (
    (_one_of("aciones ación acion adoras adora adores ador ancias ancia antes ante"), _one_of("ic")),
    (_one_of("amente"), _one_of("iv os ic ad")),
    (_one_of("mente"), _one_of("ante able ible")),
    (_one_of("idades idad"), _one_of("abil ic iv")),
    (_one_of("ivas ivos iva ivo"), _one_of("at")),
)

_Y_ENDING = _one_of("yeron yendo yamos yais yan yen yas yes ya ye yo yó")
_VERB_ENDING = _one_of(
    "aríamos eríamos iríamos iéramos iésemos aríais aremos eríais eremos iríais iremos ierais ieseis "
    "asteis isteis ábamos áramos ásemos arían arías aréis erían erías eréis irían irías iréis ieran iesen "
    "ieron iendo ieras ieses abais arais aseis íamos arán arás aría erán erás ería irán irás iría iera "
    "iese aste iste aban aran asen aron ando abas adas idas aras ases íais ados idos amos imos emos ará "
    "aré erá eré irá iré aba ada ida ara ase ían ado ido ías áis éis ía ad ed id an ió ar er ir as ís en "
    "es"
)
_RESIDUE = _one_of("os a o á í ó e é")


def light(word: str) -> str:
    """The folded word without its plural and gender: «baterías», «batería» → «bateri».

    Rules of our own, after the manner of J. Savoy's light Spanish stemmer (known from Lucene), with longer
    shortest words, so that casa and caso stay apart; `tests/course/test_stem.py` says what they must join.
    """
    if len(word) > 6 and word.endswith("eses"):  # ingleses, intereses
        return word[:-4]
    if len(word) > 4 and word.endswith("es"):  # redes, clases, luces
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("is"):  # but país, crisis
        word = word[:-1]
    shortest = 4 if word.endswith("e") else 5  # clase and clases meet, casa and caso do not
    if len(word) >= shortest and word.endswith(("a", "e", "o")):
        word = word[:-1]
    return word[:-1] + "z" if len(word) > 2 and word.endswith("c") else word


@lru_cache(maxsize=8192)
def snowball(word: str) -> str:
    """The stem of a lower-case Spanish word by the published Snowball algorithm, accents removed at the end.

    Source: https://snowballstem.org/algorithms/spanish/stemmer.html
    """
    rv, r1, r2 = regions(word)
    word = _without_pronoun(word, rv)
    shorter = _without_noun_ending(word, r1, r2)
    if shorter is None:
        shorter = _without_verb_ending(word, rv)
    return _without_residue(shorter, rv).translate(_UNACCENTED)


_CONSONANT_THEN_VOWEL = re.compile(rf"(?:[{VOWELS}][^{VOWELS}]|[^{VOWELS}]{{2}})[^{VOWELS}]*[{VOWELS}]")
_VOWELS_THEN_CONSONANT = re.compile(rf"[{VOWELS}]{{2}}[{VOWELS}]*[^{VOWELS}]")
_CONSONANT_AND_VOWEL = re.compile(rf"[^{VOWELS}][{VOWELS}].")
_AFTER_SYLLABLE = re.compile(rf"[^{VOWELS}]*[{VOWELS}]+[^{VOWELS}]")


def regions(word: str) -> tuple[int, int, int]:
    """Where the regions RV, R1 and R2 of Snowball begin; the length of the word when it has none."""
    end = len(word)
    opening = (
        _CONSONANT_THEN_VOWEL.match(word)
        or _VOWELS_THEN_CONSONANT.match(word)
        or _CONSONANT_AND_VOWEL.match(word)
    )
    first = _AFTER_SYLLABLE.match(word)
    second = _AFTER_SYLLABLE.match(word, first.end()) if first else None
    return opening.end() if opening else end, first.end() if first else end, second.end() if second else end


def _ending(found: re.Match[str] | None) -> str:
    return found[0] if found else ""


def _without_pronoun(word: str, rv: int) -> str:
    pronoun = _ending(_PRONOUN.search(word))
    verb = word[: len(word) - len(pronoun)]
    host = _ending(_PRONOUN_HOST.search(verb)) if pronoun else ""
    if not host or len(verb) - len(host) < rv:
        return word
    if host == "yendo":
        return verb if verb.endswith("uyendo") else word
    return verb[: -len(host)] + host.translate(_UNACCENTED)


def _without_noun_ending(word: str, r1: int, r2: int) -> str | None:
    """The word without a standard suffix, or None when no suffix could go."""
    ending = _ending(_NOUN_ENDING.search(word))
    if not ending or len(word) - len(ending) < (r1 if ending == "amente" else r2):
        return None
    word = word[: -len(ending)]
    further = next((endings for after, endings in _FURTHER if after.fullmatch(ending)), None)
    second = _ending(further.search(word)) if further else ""
    if second and len(word) - len(second) >= r2:
        word = word[: -len(second)]
        if ending == "amente" and second == "iv" and word.endswith("at") and len(word) - 2 >= r2:
            word = word[:-2]
    return word + _LEFT.get(ending, "")


def _without_verb_ending(word: str, rv: int) -> str:
    tail = word[rv:]
    ending = _ending(_Y_ENDING.search(tail))
    if ending and word[: -len(ending)].endswith("u"):
        return word[: -len(ending)]
    ending = _ending(_VERB_ENDING.search(tail))
    word = word[: len(word) - len(ending)]
    return word[:-1] if ending in ("emos", "éis", "en", "es") and word.endswith("gu") else word


def _without_residue(word: str, rv: int) -> str:
    ending = _ending(_RESIDUE.search(word))
    if not ending or len(word) - len(ending) < rv:
        return word
    word = word[: -len(ending)]
    return word[:-1] if ending in ("e", "é") and word.endswith("gu") and len(word) - 1 >= rv else word
