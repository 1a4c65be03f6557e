"""The ways to take a course along, said by where it will be used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One way: for where, what it is, what it needs there, how big its file is («1.2 MB», "" if unknown)."""

    format: str
    icon: str
    title: str
    purpose: str
    needs: str
    size: str = ""


WAYS = (
    Way(
        "single",
        "phone",
        "En un celular o tableta",
        "Un solo archivo. Se envía por mensaje, cable o Bluetooth, y se abre con un toque. Guarda tu avance.",
        "un navegador, como Chrome o Firefox.",
    ),
    Way(
        "single-audio",
        "phone",
        "En un celular, con audio",
        "El mismo archivo, con los audios dentro. Pesa más: pásalo por cable o memoria. Guarda tu avance.",
        "un navegador, y espacio para el archivo.",
    ),
    Way(
        "site",
        "device",
        "En una laptop o memoria USB",
        "Una carpeta comprimida (zip). Cópiala, extráela y abre ABRIR-AQUI. Guarda tu avance.",
        "un navegador. No hay que instalar nada.",
    ),
    Way(
        "videos",
        "device",
        "Los videos, aparte",
        "Un zip que se extrae en la carpeta del curso, si ya la tienes. El curso está completo sin ellos.",
        "la carpeta del curso, en una laptop o memoria USB.",
    ),
    Way(
        "epub",
        "book",
        "En un lector de libros",
        "El curso como libro (EPUB), con las respuestas al final. No guarda tu avance.",
        "una aplicación que abra libros EPUB.",
    ),
    Way(
        "zim",
        "search",
        "En Kiwix",
        "Para leer y buscar junto con tus otros libros de Kiwix (ZIM). No guarda tu avance.",
        "la aplicación Kiwix, en celular o computadora.",
    ),
    Way(
        "scorm",
        "board",
        "En Moodle",
        "Para un aula virtual (SCORM 1.2): ella guarda el avance y la nota. Se sube sin descomprimir.",
        "permiso para agregar actividades en esa aula.",
    ),
    Way(
        "printed",
        "print",
        "En papel",
        "Un cuadernillo (PDF) con las lecciones, sus hojas y, al final, las respuestas.",
        "una impresora, o un programa que abra PDF.",
    ),
)


def ways(offered: Collection[str], sizes: Mapping[str, int]) -> list[Way]:
    """Those whose format is offered here; `sizes` are the bytes of the files that are there already."""
    return [
        Way(way.format, way.icon, way.title, way.purpose, way.needs, _size(sizes.get(way.format, 0)))
        for way in WAYS
        if way.format in offered
    ]


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0KB" if size else ""
    return f"{size / 1_000_000:.1f}\u00a0MB"
