"""The check of spelling: apart from the others, because it needs a dictionary that not every machine has."""

from collections.abc import Iterator

from lms.course.draft import Draft
from lms.course.model import Problem
from lms.course.source import Unreadable
from lms.course.spelling import SHARED, Dictionary, OwnWords, words


class Spelling:
    """Every word is one of the dictionary's, of the glossary's, or of the project's own list."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary

    def __call__(self, draft: Draft) -> Iterator[Problem]:
        """Say which words nobody knows, once a line."""
        try:
            own = OwnWords(draft)
        except Unreadable as error:
            yield error.problem
            return
        for word in dict.fromkeys(words(draft)):
            parts = word.text.split("-")
            if own.know(word.text, word.file) or all(self._known(part, word.file, own) for part in parts):
                continue
            message = (
                f"«{word.text}» no está en el diccionario. Corrígela; si está bien escrita, "
                f"agrégala a {SHARED.removeprefix('../../')}."
            )
            yield Problem(word.file, word.line, message, "warning", code="spelling")

    def _known(self, word: str, file: str, own: OwnWords) -> bool:
        return len(word) == 1 or own.know(word, file) or self._dictionary.knows(word)
