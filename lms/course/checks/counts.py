"""How much there is in a course, for the line that `lms check` ends with."""

from collections.abc import Iterable

from lms.course.draft import Draft, LessonDraft
from lms.course.media import IMAGE, suffix
from lms.course.sections import headings, part_of

DRAWING = "svg"
_ONE = {
    "unidades": "unidad",
    "lecciones": "lección",
    "preguntas de lección": "pregunta de lección",
    "bancos": "banco",
    "preguntas de banco": "pregunta de banco",
    "imprimibles": "imprimible",
    "dibujos": "dibujo",
    "fotos": "foto",
    "audios y videos": "audio o video",
}


def counts(draft: Draft) -> dict[str, int]:
    """Count what a course is made of, by the Spanish word for it."""
    pictures = [media for media in draft.media.values() if suffix(media.path) in IMAGE]
    drawings = sum(suffix(media.path) == DRAWING for media in pictures)
    found = {
        "unidades": sum("lessons" in unit for _, unit in draft.units),
        "lecciones": len(draft.lessons),
        "preguntas de lección": sum(len(lesson.exercises) for lesson in draft.lessons.values()),
        "bancos": len(draft.banks),
        "preguntas de banco": sum(map(len, draft.banks.values())),
        "imprimibles": sum(map(_has_sheet, draft.lessons.values())),
        "dibujos": drawings,
    }
    others = {
        "fotos": len(pictures) - drawings,
        "audios y videos": len(draft.media) - len(pictures),
    }
    return found | {what: number for what, number in others.items() if number}


def in_words(what: str, number: int) -> str:
    """Say how many there are of something that `counts` counts."""
    return f"{number} {_ONE.get(what, what) if number == 1 else what}"


def total(all_counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """Add up what several courses are made of, in the same order."""
    found: dict[str, int] = {}
    for one in all_counts:
        for what, number in one.items():
            found[what] = found.get(what, 0) + number
    return found


def _has_sheet(lesson: LessonDraft) -> bool:
    parts = (part_of(heading.title) for heading in headings(lesson.cut.text) if heading.level == 2)
    return any(part and part.css == "printable" for part in parts)
