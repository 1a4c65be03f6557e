"""Progress as a text file that anybody can carry: made, checked and read. Twin of `lms/static/js/carrier.js`.

The same lines and heading give the same bytes. A checksum in the last line finds every change. A mark at the
start and Windows line ends, which editors and mail programs put in, are taken out before it is checked.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from lms.clock import day_in_words
from lms.errors import Invalid, TooLarge

MAX_FILE = 8 * 1024 * 1024
"""Largest file, in bytes: some 25,000 events."""

ROOM = MAX_FILE - 2048
"""Bytes of lines, each with its end, that fit beside any heading of one person."""

MAX_LINES = 40_000
"""Most lines of a file: none with events, which have some 250 bytes at least, has so many. Each costs more to take than
it does to send, as a closed file is packed.
"""

_AROUND = 4  # lines that are no events: three before them, one after

_FIRST = b"CHASKI AVANCE 1"
_ADVICE = "# No cambies este archivo. Súbelo en «Mi avance», o entrégalo a tu acompañante."
_DIGITS = 16  # in which a heading says how many lines follow
_END = re.compile(rb"SHA256 ([0-9a-f]{64})\n")
BOM = b"\xef\xbb\xbf"
"""The mark that editors on Windows put before a text in UTF-8."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What a text begins with that some editors save in two bytes a letter."""

EMPTY = "El archivo está vacío. Guárdalo otra vez y vuelve a traerlo."
OTHER_KIND = (
    "Este archivo no es de avance. "
    "Busca el que guardaste con «Guardar mi avance en un archivo»: termina en .txt."
)
RECODED = (
    "Otro programa guardó el archivo de una manera que no se puede leer. "
    "Trae el archivo original, tal como lo guardó el curso."
)
NEWER = "Este archivo viene de una versión más nueva. Actualiza este servidor y tráelo otra vez."
CUT = "El archivo está incompleto. Cópialo o guárdalo otra vez."
LINE_ENDS = (
    "Un programa de correo o de texto cambió los saltos de línea del archivo. "
    "Envíalo otra vez como archivo adjunto, sin abrirlo, o tráelo en una memoria USB."
)
ALTERED = "El archivo cambió después de guardarse. Guárdalo otra vez, sin abrirlo para editar."
LARGE = "El archivo es demasiado grande para ser de avance: pasa de 8 MB. Elige el que termina en .txt."
MANY = (
    "El archivo tiene demasiadas líneas para ser de avance: pasa de 40 000. No se recibió nada. "
    "Trae el que guardaste con «Guardar mi avance en un archivo»."
)


class Heading(Struct, frozen=True):
    """What a file says for people at its top; empty texts are left out."""

    name: str
    course: str
    day: date


def beginning(data: bytes) -> bytes:
    """What a file begins with, without what an editor or a mail program put before it: by this it is told what it is."""
    return data[:64].removeprefix(BOM).lstrip()


def build_progress_file(lines: Sequence[bytes], heading: Heading) -> bytes:
    """The file with these event lines, in the order given; `TooLarge` if no receiver would take it."""
    count = f"{len(lines)} {'registro' if len(lines) == 1 else 'registros'}"
    title = " · ".join(
        part for part in (heading.name, heading.course, day_in_words(heading.day), count) if part
    )
    head = (_FIRST, f"# Avance de {' '.join(title.split())}".encode(), _ADVICE.encode())
    body = b"".join(line + b"\n" for line in (*head, *lines))
    data = body + f"SHA256 {hashlib.sha256(body).hexdigest()}\n".encode()
    if len(data) > MAX_FILE:
        raise TooLarge("El avance no cabe en un archivo de 8 MB. Guárdalo por partes: un archivo por perfil.")
    return data


def in_files(lines: Sequence[bytes], heading: Heading) -> list[list[bytes]]:
    """The lines in their order, in as few parts as files are needed for every receiver to take each."""
    room = MAX_FILE - len(build_progress_file((), heading)) - _DIGITS
    parts: list[list[bytes]] = [[]]
    left = room
    for line in lines:
        if parts[-1] and (len(line) >= left or len(parts[-1]) == MAX_LINES - _AROUND):
            parts.append([])
            left = room
        parts[-1].append(line)
        left -= len(line) + 1
    return parts


def parse_progress_file(data: bytes) -> tuple[bytes, ...]:
    """The event lines of a file; `Invalid` or `TooLarge` says in Spanish what is wrong and what to do."""
    if len(data) > MAX_FILE:
        raise TooLarge(LARGE)
    if data.startswith(UTF_16):
        raise Invalid(RECODED)
    plain = data.removeprefix(BOM).replace(b"\r\n", b"\n").rstrip(b" \t\r\n")
    if not plain:
        raise Invalid(EMPTY)
    plain += b"\n"
    _check_first(plain)
    if plain.count(b"\n") > MAX_LINES:
        raise TooLarge(MANY)
    last = plain.rfind(b"\n", 0, -1) + 1
    end = _END.fullmatch(plain, last)
    if end is None:
        raise Invalid(LINE_ENDS if b"\r" in plain else CUT)
    body = plain[:last]
    if hashlib.sha256(body).hexdigest().encode() != end[1]:
        raise Invalid(LINE_ENDS if b"\r" in data else ALTERED)
    return tuple(_events(body))


def _check_first(plain: bytes) -> None:
    first = plain.split(b"\n", 1)[0].split(b"\r", 1)[0]
    if first == _FIRST:
        return
    if re.fullmatch(rb"CHASKI AVANCE [0-9]{1,4}", first):
        raise Invalid(NEWER)
    raise Invalid(CUT if _FIRST.startswith(plain.strip()) else OTHER_KIND)


def _events(body: bytes) -> Iterable[bytes]:
    return (line for line in body.split(b"\n")[1:] if line and not line.startswith(b"#"))
