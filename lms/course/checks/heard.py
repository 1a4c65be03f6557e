"""Checks of sounds, films and photographs: light enough for little data, and said in words too."""

import re
from collections.abc import Iterator

from lms.course.draft import Draft, LessonDraft
from lms.course.links import Reference, links, media_path
from lms.course.media import AUDIO, IMAGE, VIDEO, is_small, small_path, sound, suffix
from lms.course.model import Media, Problem

# A voice is clear at 24 kbit/s in mono, ten minutes of which are 1.8 MB; some more is a container's own.
MOST_KILOBITS, CONTAINER = 24, 1.15
# What a phone shows, and below which a light copy saves nothing.
WIDEST, LIGHT = 1280, 640

_TRANSCRIPT = re.compile(r"!!! texto(?: |$)")
_WRITTEN = 3
"""Lines after its own by which the words of a sound begin."""


def heavy_sound(draft: Draft) -> Iterator[Problem]:
    """A voice takes no more data than a voice needs."""
    for media in draft.media.values():
        heard = sound(media.source) if suffix(media.path) in AUDIO else None
        if heard and heard.kilobits > MOST_KILOBITS * CONTAINER:
            stereo = ", en estéreo" if heard.channels > 1 else ""
            message = (
                f"El audio usa {round(heard.kilobits)} kbps{stereo}; para una voz bastan {MOST_KILOBITS} en mono. "
                f"En Audacity: Archivo, Exportar audio, formato Opus o MP3, canales Mono, {MOST_KILOBITS} kbps."
            )
            yield Problem(media.path, 0, message, "warning", code="heavy-sound")


def missing_transcript(draft: Draft) -> Iterator[Problem]:
    """What a sound or a film says can be read, by who does not hear it or has not got the file."""
    for lesson in draft.lessons.values():
        lines = lesson.cut.text.split("\n")
        for link in _heard(lesson):
            after = lines[link.line - lesson.line + 1 :][:_WRITTEN]
            if not any(_TRANSCRIPT.match(line) for line in after):
                message = (
                    'Falta lo que dice el audio o el video. Escribe debajo: !!! texto "Lo que dice", y en las líneas '
                    "siguientes el texto, con cuatro espacios delante."
                )
                yield Problem(lesson.file, link.line, message, "warning", code="missing-transcript")


def wide_picture(draft: Draft) -> Iterator[Problem]:
    """A photograph is no larger than a screen, and has a light copy for the file that goes by chat."""
    for media in draft.media.values():
        if suffix(media.path) not in IMAGE or not media.width or is_small(media.path):
            continue
        if media.width > WIDEST:
            message = f"La imagen mide {media.width} píxeles de ancho; bastan {WIDEST}. {_MAKE}"
            yield Problem(media.path, 0, message, "warning", code="wide-picture")
        elif _lacks_small(media, draft):
            message = (
                f"Falta su copia liviana, «{small_path(media.path)}», para el archivo de celular. {_MAKE}"
            )
            yield Problem(media.path, 0, message, "warning", code="missing-small")


_MAKE = "Para hacerlo: lms pictures y la carpeta del curso."


def _lacks_small(media: Media, draft: Draft) -> bool:
    drawn = suffix(media.path) == "svg"
    return not drawn and (media.width or 0) > LIGHT and small_path(media.path) not in draft.media


def _heard(lesson: LessonDraft) -> Iterator[Reference]:
    for link in links(lesson.cut.text, lesson.line):
        if link.picture and suffix(media_path(link.target)) in AUDIO | VIDEO:
            yield link


HEARD_CHECKS = (heavy_sound, missing_transcript, wide_picture)
