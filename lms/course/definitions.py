"""What the glossary says of a query: the few terms that it names."""

from collections.abc import Sequence

from lms.course.analysis import fold, plain, words
from lms.course.model import Term
from lms.course.ranking import FILLERS
from lms.course.stem import light

MOST_DEFINED = 3  # definitions shown for one question


def defined(terms: Sequence[Term], query: str) -> list[Term]:
    """The few terms that a query asks for, those it names most wholly first.

    Every word of the query but fillers («qué es una…») must be one of the term's, in any number or gender,
    and be half of its words or more. The twin is `static/js/glossary.js`; `tests/vectors/glossary.json` holds
    both to the same answers.
    """
    asked = _stems(query)
    named = ((len(own), term) for term in terms if (own := _stems(term.name)) >= asked) if asked else ()
    found = [(size, term) for size, term in named if 2 * len(asked) >= size]
    return [term for _, term in sorted(found, key=lambda one: one[0])[:MOST_DEFINED]]


def _stems(text: str) -> set[str]:
    # What stands in brackets only tells one sense from another: «Fortalecimiento (EIB)».
    bare = (plain(fold(word)) for _, word in words(text.partition(" (")[0]))
    return {light(word) for word in bare if word not in FILLERS and word not in _LINKING}


_LINKING = ("e", "significa")
