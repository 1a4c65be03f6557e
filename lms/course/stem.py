"""Two stemmers for Spanish words: a light one for plurals and genders, and Snowball for verbs.

`light` takes a folded word (no accents); `snowball` takes a lower-case word as it is written, accents and all,
because several verb endings are told apart only by them. The twin is `static/js/stem.js`; both are held
together by `tests/vectors/stem.json`.
"""

import re
from functools import lru_cache

VOWELS = "aeiouáéíóúü"

_UNACCENTED = str.maketrans("áéíóú", "aeiou")

_PRONOUNS = "selas selos sela selo las les los nos me se la le lo".split()
_PRONOUN_HOSTS = "yendo iéndo iendo ándo ando ár ér ír ar er ir".split()

# (endings, what a match leaves, endings that may then go too); every one of them must lie in R2.
_NOUN_RULES = (
    ("amientos imientos amiento imiento anzas ismos ables ibles istas anza icos icas ismo able ible ista osos osas "
     "ico ica oso osa", "", ""),
    ("aciones adoras adores ancias adora ación acion antes ancia ador ante", "", "ic"),
    ("logías logía", "log", ""),
    ("uciones ución", "u", ""),
    ("encias encia", "ente", ""),
    ("amente", "", "iv os ic ad"),  # needs R1 only; `iv` may take a further `at` with it
    ("mente", "", "ante able ible"),
    ("idades idad", "", "abil ic iv"),
    ("ivas ivos iva ivo", "", "at"),
)
_NOUN_ENDINGS = {ending: rule for rule in _NOUN_RULES for ending in rule[0].split()}

_Y_ENDINGS = "yeron yendo yamos yais yan yen yas yes ya ye yo yó".split()
_E_ENDINGS = frozenset("emos éis en es".split())
_VERB_ENDINGS = (
    "aríamos eríamos iríamos iéramos iésemos aríais aremos eríais eremos iríais iremos ierais ieseis asteis isteis "
    "ábamos áramos ásemos arían arías aréis erían erías eréis irían irías iréis ieran iesen ieron iendo ieras ieses "
    "abais arais aseis íamos arán arás aría erán erás ería irán irás iría iera iese aste iste aban aran asen aron "
    "ando abas adas idas aras ases íais ados idos amos imos emos ará aré erá eré irá iré aba ada ida ara ase ían ado "
    "ido ías áis éis ía ad ed id an ió ar er ir as ís en es"
).split()


def light(word: str) -> str:
    """The folded word without its plural and gender: «baterías», «batería» → «bateri»."""
    if len(word) > 6 and word.endswith("eses"):  # ingleses, intereses
        return word[:-4]
    if len(word) > 4 and word.endswith("es"):  # redes, clases, luces
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("is"):  # but país, crisis
        word = word[:-1]
        if word.endswith("e"):
            word = word[:-1]
    if len(word) > 4 and word[-1] in "aoe" or len(word) == 4 and word.endswith("e"):  # casa and caso stay apart
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
        _CONSONANT_THEN_VOWEL.match(word) or _VOWELS_THEN_CONSONANT.match(word) or _CONSONANT_AND_VOWEL.match(word)
    )
    first = _AFTER_SYLLABLE.match(word)
    second = _AFTER_SYLLABLE.match(word, first.end()) if first else None
    return opening.end() if opening else end, first.end() if first else end, second.end() if second else end


def _longest(word: str, endings: list[str]) -> str:
    """The longest of the endings the word has, or nothing."""
    return max((ending for ending in endings if word.endswith(ending)), key=len, default="")


def _without_pronoun(word: str, rv: int) -> str:
    pronoun = _longest(word, _PRONOUNS)
    verb = word[: len(word) - len(pronoun)]
    host = _longest(verb, _PRONOUN_HOSTS) if pronoun else ""
    if not host or len(verb) - len(host) < rv:
        return word
    if host == "yendo":
        return verb if verb.endswith("uyendo") else word
    return verb[: -len(host)] + host.translate(_UNACCENTED)


def _without_noun_ending(word: str, r1: int, r2: int) -> str | None:
    """The word without a standard suffix, or None when no suffix could go."""
    ending = next((word[i:] for i in range(len(word)) if word[i:] in _NOUN_ENDINGS), "")
    if not ending or len(word) - len(ending) < (r1 if ending == "amente" else r2):
        return None
    _, left, further = _NOUN_ENDINGS[ending]
    word = word[: -len(ending)]
    second = _longest(word, further.split())
    if second and len(word) - len(second) >= r2:
        word = word[: -len(second)]
        if ending == "amente" and second == "iv" and word.endswith("at") and len(word) - 2 >= r2:
            word = word[:-2]
    return word + left


def _without_verb_ending(word: str, rv: int) -> str:
    tail = word[rv:]
    ending = _longest(tail, _Y_ENDINGS)
    if ending and word[: -len(ending)].endswith("u"):
        return word[: -len(ending)]
    ending = _longest(tail, _VERB_ENDINGS)
    word = word[: len(word) - len(ending)]
    return word[:-1] if ending in _E_ENDINGS and word.endswith("gu") else word


def _without_residue(word: str, rv: int) -> str:
    ending = _longest(word, ["os", "a", "o", "á", "í", "ó", "e", "é"])
    if not ending or len(word) - len(ending) < rv:
        return word
    word = word[: -len(ending)]
    return word[:-1] if ending in ("e", "é") and word.endswith("gu") and len(word) - 1 >= rv else word
