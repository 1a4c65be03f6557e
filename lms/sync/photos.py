"""Photos of QR codes that somebody uploads: read in a process of their own, which may use little, and kept nowhere."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from functools import cache
from importlib.util import find_spec
from typing import Any

from lms.errors import Invalid, TooLarge, Unavailable

MOST_BYTES = 8 * 1024 * 1024
NEEDS = ("zxingcpp", "PIL")
"""The libraries of the extra `photo`."""

_DEADLINE = 20.0  # seconds, of which a slow box spends two to begin
_AT_ONCE = 2
# What the process needs to start; whatever else the server knows is none of a picture's business.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LANG", "HOME")

MISSING = "Este servidor no lee fotos. Escribe el código o pega el mensaje."
TOO_LARGE = "La foto pesa más de 8 MB. Toma una más pequeña solo del código, o pégalo."
BUSY = "Ahora se están leyendo otras fotos. Espera un momento y envíala otra vez."
TOO_SLOW = "Leer la foto tomó demasiado tiempo. Toma otra solo del código, o pégalo."
BROKE = "No pudimos leer esa foto. Toma otra solo del código, o pégalo."

_running: set[int] = set()


@cache
def can_read() -> bool:
    """Whether the extra `photo` is installed here."""
    return all(find_spec(name) for name in NEEDS)


async def texts_in(data: bytes) -> list[str]:
    """The text of each QR code in a photo; an `LmsError` with what to do if there is none to be had."""
    if not can_read():
        raise Unavailable(MISSING)
    if len(data) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    if len(_running) >= _AT_ONCE:
        raise Unavailable(BUSY)
    mark = id(data)
    _running.add(mark)
    try:
        answer = await _read_apart(data)
    finally:
        _running.discard(mark)
    if "refused" in answer:
        raise Invalid(str(answer["refused"]))
    return [str(text) for text in answer["texts"]]


async def _read_apart(data: bytes) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lms.sync.photo_reading"),
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(data), _DEADLINE)
    except TimeoutError:
        raise Invalid(TOO_SLOW) from None
    finally:
        await _end(process)
    try:
        answer = json.loads(said)
    except ValueError:  # it came to its limit, or a library fell over
        raise Invalid(BROKE) from None
    return answer if isinstance(answer, dict) else {"refused": BROKE}


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
