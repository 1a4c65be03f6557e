"""The words of a course as a dictionary would look them up, each with its file and line."""

import gc
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.course.draft import Draft, LessonDraft
from lms.course.glossary import glossary_file
from lms.course.source import Toml, parse_toml, read_text
from lms.errors import Invalid

# What a dictionary of Spanish lacks and a course says: names of people and places, words of other languages.
FILE = "words.txt"
SHARED = f"../../content/{FILE}"

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’ʼ´`-][^\W\d_]+)*(?!\w)")
# A verb with its pronouns: a dictionary has the commonest only. With two, or when the stress would move, it bears
# a tilde («cópialo», «enséñaselo»); an infinitive with one does not («abrirlo»).
_PRONOUNS = ("me", "te", "se", "nos", "lo", "la", "le", "los", "las", "les")
_INFINITIVE = re.compile(rf"(.+[aei]r)(?:{'|'.join(_PRONOUNS)})")
_NO_TILDES = str.maketrans("áéíóú", "aeiou")
_APOSTROPHES = str.maketrans("’ʼ´`", "''''")
# The name of a file or of a site, an address, an ending.
_NAME = re.compile(r"\b\w[\w-]{0,80}(?:[.@][a-z0-9][\w-]{0,80})+(?:/\S*)?|(?<!\w)[@.][a-z]\w+")
_IN_TEXT = re.compile(
    r"(\*{1,3})[^*]+\1\{:?[^{}]*\blang=[^{}]*\}"  # words of another language, marked as such
    r"|\{:?[^{}]*\}|`[^`]*`|\]\([^\s)]*"  # attributes, code, where a link leads
)
_IN_GIFT = re.compile(
    r"^//.*|^\$CATEGORY:.*|^::[^:]*::|\{>.*|%-?[\d.]+%|\\n|\[(?:moodle|html|plain|markdown)\]|\{(?:TRUE|FALSE)\b"
)
_TEXTS_OF_A_COURSE = ("title", "summary", "audience", "level", "frameworks", "product")
# Keywords are in no lesson: they are how people write when they ask, «vateria» too.
_TEXTS_OF_A_LESSON = ("title", "objective")
_TEXTS_OF_A_GLOSSARY = ("meaning", "acronyms")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and where."""

    text: str
    file: str
    line: int


class Dictionary:
    """The Spanish dictionary of this machine."""

    def __init__(self, file: Path) -> None:
        """Read a Hunspell dictionary, `es_PE.dic` with its `es_PE.aff`; Invalid when it is not there."""
        try:
            from spylls.hunspell import Dictionary as Hunspell
        except ImportError:
            raise Invalid(
                "Para revisar la ortografía falta «spylls». Instálalo con: pip install 'lms[spell]'"
            ) from None
        if not all(file.with_suffix(ending).is_file() for ending in (".dic", ".aff")):
            raise Invalid(
                f"No está el diccionario {file}. En Debian, instala el paquete «hunspell-es»; "
                "si lo tienes en otro lugar, dilo con LMS_DICTIONARY."
            )
        with warnings.catch_warnings():
            # Spylls leaves its files to the collector of garbage: better now than who knows when.
            warnings.simplefilter("ignore", ResourceWarning)
            self._hunspell = Hunspell.from_files(str(file.with_suffix("")))
            gc.collect()
        self._answers: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Tell whether the dictionary has a word, or the verb in it when pronouns stand behind."""
        if word not in self._answers:
            lookup = self._hunspell.lookup
            self._answers[word] = lookup(word) or any(map(lookup, _verbs(word.lower())))
        return self._answers[word]


def _verbs(word: str) -> Iterator[str]:
    """Yield the verbs that a word may be made of, when it is one with pronouns behind."""
    bare = word.translate(_NO_TILDES)
    if bare != word:
        for pronouns in range(1, 3):
            verb = _without_pronouns(word, pronouns)
            yield from (verb, verb.translate(_NO_TILDES)) if verb else ()
    elif found := _INFINITIVE.fullmatch(word):
        yield found[1]


def _without_pronouns(word: str, count: int) -> str:
    """Take so many pronouns from a word's end; "" when it has not as many."""
    for _ in range(count):
        word = next((word.removesuffix(one) for one in _PRONOUNS if word.endswith(one)), "")
    return word


class OwnWords:
    """What a course may say that no dictionary has: what its list names, and what its glossary explains.

    A line of the list is a word, which is known everywhere, or a word and the lessons or banks that misspell it
    on purpose, as a child's writing that is quoted: it is known only there.
    """

    def __init__(self, draft: Draft) -> None:
        """Read the list of a course: its own, or the one that courses share."""
        file = next((file for file in (FILE, SHARED) if (draft.folder / file).is_file()), None)
        lines = read_text(draft.folder, file).split("\n") if file else ()
        listed = (fields for line in lines if (fields := line.partition("#")[0].split()))
        self._places = {word.translate(_APOSTROPHES): frozenset(places) for word, *places in listed}
        self._places |= {word: frozenset[str]() for term in draft.glossary for word in _found(term.name)}

    def know(self, word: str, file: str) -> bool:
        """Tell whether a word may stand in a file, also as the first of a sentence or in capitals."""
        return any(self._is_listed(form, file) for form in (word, word.lower(), word.title()))

    def _is_listed(self, word: str, file: str) -> bool:
        places = self._places.get(word)
        return places is not None and (not places or Path(file).stem in places)


def words(draft: Draft) -> Iterator[Word]:
    """Find every word people read: in the course's data, its lessons, its questions and its glossary."""
    if draft.course:
        yield from _values(draft.course, _TEXTS_OF_A_COURSE)
    for lesson in draft.lessons.values():
        yield from _lesson(lesson)
    for file in draft.banks:
        yield from _lines(read_text(draft.folder, file), _IN_GIFT, file, 1)
    glossary = glossary_file(draft.folder)
    if glossary and draft.glossary:
        yield from _values(parse_toml(read_text(draft.folder, glossary), glossary), _TEXTS_OF_A_GLOSSARY)


def _lesson(lesson: LessonDraft) -> Iterator[Word]:
    yield from _values(lesson.front, _TEXTS_OF_A_LESSON)
    yield from _lines(lesson.cut.text, _IN_TEXT, lesson.file, lesson.line)
    for block in lesson.cut.blocks:
        yield from _lines(block.text, _IN_GIFT, lesson.file, block.line)


def _lines(text: str, unread: re.Pattern[str], file: str, first_line: int) -> Iterator[Word]:
    for number, line in enumerate(text.split("\n"), first_line):
        for word in _found(unread.sub(" ", line)):
            yield Word(word, file, number)


def _values(toml: Toml, keys: tuple[str, ...]) -> Iterator[Word]:
    for path, text in _texts(toml.data):
        if any(step in keys for step in path):
            for word in _found(text):
                yield Word(word, toml.file, toml.line(*path))


def _texts(value: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, *path, key)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _texts(inner, *path, n)


def _found(text: str) -> Iterator[str]:
    """Yield words of two letters or more, with one kind of apostrophe."""
    for found in _WORD.finditer(_NAME.sub(" ", text)):
        if len(found[0]) > 1:
            yield found[0].translate(_APOSTROPHES)
