"""A progress file that only one server can open, made by a device that signs it. Twin of `lms/static/js/closing.js`.

    CHASKI AVANCE 2
    # Avance de Nélida · Alfabetización Digital · 23 nov 2026 · 41 registros
    # Cerrado: …
    {base64 of a parcel that holds the whole open file}
    FIN

Its carrier reads the heading, which is there for people and proves nothing, and can neither read nor change the rest.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from lms.errors import Invalid, TooLarge
from lms.sync.over_file import (
    ALTERED,
    BOM,
    CUT,
    LARGE,
    MAX_FILE,
    beginning,
    parse_progress_file,
)

if TYPE_CHECKING:
    from lms.sync.sealing import Identity, Kind

_FIRST = b"CHASKI AVANCE 2"
_END = b"FIN"
_WIDTH = 76

FOR_ANOTHER = (
    "Este archivo está cerrado para {server}: solo ese servidor lo puede abrir. Entrégalo allí, "
    "o guarda el avance otra vez, con «Para otro equipo mío, abierto»."
)
NOT_THEIRS = (
    "La firma de este archivo no es de la llave que dice: alguien lo cambió. No se recibió nada. "
    "Guárdalo otra vez en el equipo donde se estudió."
)
SWOLLEN = (
    "Este archivo, al abrirse, es demasiado grande para ser de avance: pasa de 8 MB. No se recibió nada."
)


class File(Struct, frozen=True):
    """What a progress file holds: its event lines, and the key of the device that signed it, empty for an open one."""

    lines: Sequence[bytes]
    key: str = ""


def kind() -> Kind:
    """What such a file's parcel is, as against those between servers."""
    from lms.sync.sealing import Kind  # with a large library, which open files do without

    return Kind(
        magic=b"CHA2",
        info=b"chaski progress 2",
        most=MAX_FILE,
        strangers=MAX_FILE,
        altered=ALTERED,
        for_another=FOR_ANOTHER,
        other=ALTERED,
        not_theirs=NOT_THEIRS,
        large=SWOLLEN,
    )


def in_text(parcel: bytes, number: str) -> bytes:
    """A closed file for the server with that number, of its parcel alone."""
    text = b64encode(parcel)
    advice = f"# Cerrado: solo lo abre el servidor {number}. Súbelo allí en «Mi avance», o entrégalo a tu acompañante."
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return b"\n".join((_FIRST, b"# Avance cerrado", advice.encode(), *lines, _END, b""))


def is_closed(data: bytes) -> bool:
    """Whether a file is closed to some server, whatever became of it since."""
    return beginning(data).split(b"\n", 1)[0].strip() == _FIRST


def read_progress_file(data: bytes, identity: Callable[[], Identity]) -> File:
    """What a file holds, open or closed to the server with that `identity`; `Invalid` or `TooLarge` says why not."""
    if not is_closed(data):
        return File(parse_progress_file(data))
    return open_parcel(parcel_in(data), identity())


def open_parcel(parcel: bytes, identity: Identity) -> File:
    """What a closed file holds, of its parcel alone; `Invalid` or `TooLarge` says why not."""
    content, sender = identity.open(parcel, kind=kind())
    return File(parse_progress_file(content), sender.text)


def receiver_of(parcel: bytes) -> str:
    """The id of the server that a parcel says it is closed to; nobody else can tell whether it is."""
    from lms.sync.sealing import receiver_in

    return receiver_in(parcel, kind())


def parcel_in(data: bytes) -> bytes:
    """The parcel of a closed file; `Invalid` or `TooLarge` says why there is none."""
    if len(data) > MAX_FILE:
        raise TooLarge(LARGE)
    lines = [line.strip() for line in data.removeprefix(BOM).strip().splitlines()]
    if lines[-1] != _END:
        raise Invalid(CUT)
    try:
        return b64decode(b"".join(line for line in lines[1:-1] if not line.startswith(b"#")), validate=True)
    except NotBase64:
        raise Invalid(ALTERED) from None
