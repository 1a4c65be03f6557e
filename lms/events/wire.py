"""The one line that an event is wherever it travels: request, file, store and log hold the same bytes.

`encode` writes one compact JSON object in the envelope's order. `decode` reads one strictly; a field or type
it does not know is no error: the received bytes are what is stored and passed on, so nothing is lost by it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec.structs import astuple

from lms.errors import Invalid
from lms.events.model import EVENTS, FORMS, OF_NO_COURSE, VERSION, Event

MAX_LINE = 16 * 1024
"""Largest event, in bytes without its line end."""

MAX_DEPTH = 8
"""How deep objects and lists may nest; the deepest known event needs five."""

_LF, _CR = b"\n\r"  # as numbers, which are found six times faster

_ENVELOPE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    msgspec.defstruct(
        "_Envelope",
        [
            (field.name, msgspec.Raw if field.name == "data" else field.type)
            for field in msgspec.structs.fields(Event)
        ],
    )
)
# Several texts at once, as one search costs less than many; what a device says again and again is remembered.
_OWN_TEXTS = re.compile("\n".join(FORMS[name] for name in ("id", "at"))).fullmatch
_SHARED = ("type", "device", "profile", "course", "version", "item")
_SHARED_TEXTS = re.compile("\n".join(FORMS[name] for name in _SHARED)).fullmatch
_LONGEST_SHARED = 600  # characters: more than well-formed ones ever have, so that memory is bounded
_DATA: dict[str, Callable[[Any], Any]] = {
    name: msgspec.json.Decoder(kind).decode for name, kind in EVENTS.items()
}
_ID: msgspec.json.Decoder[Any] = msgspec.json.Decoder(msgspec.defstruct("_Id", [("id", str)]))
_PLAIN = msgspec.json.Decoder(dict[str, Any]).decode

_REASONS = {
    "": "Esta línea no es un registro de avance",
    "v": "La versión del registro (v) no es un número válido",
    "id": "El identificador del registro (id) no tiene la forma esperada",
    "type": "El tipo de registro (type) no tiene la forma esperada",
    "at": "La fecha del registro (at) no tiene la forma esperada",
    "device": "El identificador del equipo (device) no tiene la forma esperada",
    "profile": "El identificador del perfil (profile) no tiene la forma esperada",
    "seq": "El número de orden (seq) debe ser un entero desde 1",
    "course": "El identificador del curso (course) no tiene la forma esperada",
    "version": "La versión del curso (version) no tiene la forma esperada",
    "item": "El nombre de la lección o pregunta (item) no tiene la forma esperada",
    "data": "El contenido del registro (data) no tiene la forma esperada",
}


def encode(event: Event) -> bytes:
    """The event as one line of compact JSON, without the line end."""
    return msgspec.json.encode(event)


def decode(line: bytes) -> Event:
    """The event in `line`; `Invalid` says in Spanish what is wrong with it."""
    _check_shape(line)
    try:
        envelope = _ENVELOPE.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_reason(error)) from error
    v, id, type, at, device, profile, seq, course, version, item, _ = astuple(envelope)
    shared = f"{type}\n{device}\n{profile}\n{course}\n{version}\n{item}"
    if not _OWN_TEXTS(f"{id}\n{at}") or len(shared) > _LONGEST_SHARED or not _fit(shared):
        raise Invalid(_malformed(envelope))
    return Event(v, id, type, at, device, profile, seq, course, version, item, _data(envelope))


@lru_cache(maxsize=1024)
def _fit(shared: str) -> bool:
    return _SHARED_TEXTS(shared) is not None


def id_of(line: bytes) -> str:
    """The `id` that a refused line claims, or the empty text: enough for its sender to know which it was."""
    try:
        return str(_ID.decode(line[:MAX_LINE]).id)[:36]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _check_shape(line: bytes) -> None:
    if len(line) > MAX_LINE:
        raise Invalid(f"El registro es demasiado grande: pasa de {MAX_LINE // 1024} KiB.")
    if _LF in line or _CR in line:
        raise Invalid("El registro debe estar en una sola línea.")
    # Counting is cheap and nearly every event passes; only a line with many brackets is measured.
    if line.count(b"[") + line.count(b"{") > MAX_DEPTH and _depth(line) > MAX_DEPTH:
        raise Invalid("El contenido del registro tiene demasiados niveles.")


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


def _depth(line: bytes) -> int:
    depth = deepest = 0
    for byte in _STRING.sub(b"", line):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _data(envelope: Any) -> Any:
    known = envelope.v <= VERSION and envelope.type in _DATA
    try:
        data = _DATA[envelope.type](envelope.data) if known else _PLAIN(envelope.data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid(f"{_REASONS['data']}.") from error
    if known and (envelope.course == "" or envelope.item == "") != (envelope.type in OF_NO_COURSE):
        raise Invalid(f"{_REASONS['item' if envelope.course else 'course']}.")
    return data


_FIELD = re.compile(r"(?:required field `|`\$\.)(\w+)")


def _reason(error: Exception) -> str:
    found = _FIELD.search(str(error)) if isinstance(error, msgspec.ValidationError) else None
    return _REASONS.get(found.group(1) if found else "", _REASONS[""]) + "."


def _malformed(envelope: Any) -> str:
    wrong = (name for name, form in FORMS.items() if not re.fullmatch(form, getattr(envelope, name)))
    return _REASONS[next(wrong, "")] + "."
