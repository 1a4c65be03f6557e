"""Checks of how a lesson reads: at night, on a telephone, after a day of classes."""

from collections.abc import Iterator

from lms.course.draft import Draft, LessonDraft
from lms.course.ease import NORMAL, ease, in_words
from lms.course.model import Problem
from lms.course.prose import Sentence, count_words, paragraphs

# Authors aim at twenty; a sentence that needs a few more is no fault.
AIM, MOST_WORDS = 20, 25


def long_sentences(draft: Draft) -> Iterator[Problem]:
    """A sentence of running text is short enough to be read once."""
    for lesson in draft.lessons.values():
        for sentence in _sentences(lesson):
            words = count_words(sentence.text)
            if words > MOST_WORDS:
                message = (
                    f"Esta frase tiene {words} palabras: «{_opening(sentence.text)}…». "
                    f"Pártela en dos; procura que cada una tenga hasta {AIM}."
                )
                yield Problem(lesson.file, sentence.line, message, "warning", code="long-sentence")


def hard_texts(draft: Draft) -> Iterator[Problem]:
    """A lesson reads with no more effort than a newspaper."""
    for lesson in draft.lessons.values():
        value = ease(sentence.text for sentence in _sentences(lesson))
        if value is not None and value < NORMAL:
            message = (
                f"La lección se lee con esfuerzo: {value:.0f} en la escala INFLESZ, «{in_words(value)}». "
                f"Desde {NORMAL} es normal. Usa frases más cortas y palabras de todos los días."
            )
            yield Problem(lesson.file, lesson.line, message, "warning", code="hard-to-read")


def reading_ease(draft: Draft) -> float | None:
    """Return the ease of all of a course's running text, None when there is too little of it."""
    return ease(sentence.text for lesson in draft.lessons.values() for sentence in _sentences(lesson))


def _sentences(lesson: LessonDraft) -> Iterator[Sentence]:
    for paragraph in paragraphs(lesson.cut.text, lesson.line):
        yield from paragraph.sentences()


def _opening(text: str) -> str:
    return " ".join(text.split()[:5]).rstrip(".,;:")


READING_CHECKS = (long_sentences, hard_texts)
