"""For which server a file is that this one cannot open, as far as that is known here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lms.db import Statements
from lms.errors import ForAnother

_HEADING = 2000  # bytes; what stands there is for people, and proves nothing
_NUMBER = re.compile(r"^# Cerrado: [^0-9\n]*((?:[0-9]{5}-){3}[0-9]{5})\b", re.MULTILINE)
_NAME = re.compile(r"^# De «.*» para «(.{1,60})» · ", re.MULTILINE)


@asynccontextmanager
async def calling_it_by_name(db: Statements, data: bytes) -> AsyncIterator[None]:
    """Whoever is told in here that a file is for another server is told which one."""
    try:
        yield
    except ForAnother as refused:
        raise refused.calling_it(await _server(db, refused.receiver, data)) from None


async def _server(db: Statements, id: str, data: bytes) -> str:
    """What to call the server with this id: a name that it chose counts only if it was accepted here."""
    from lms.sync.nodes import peer_with_id, shown  # with a large library, which open files do without

    peer = await peer_with_id(db, id)
    if peer and peer.state == "joined":
        return f"«{peer.name}», número {peer.key.number}"
    heading = data[:_HEADING].decode("utf-8", "ignore")
    named, numbered = _NAME.search(heading), _NUMBER.search(heading)
    if peer or numbered:
        return f"otro servidor, con el número {peer.key.number if peer else numbered and numbered[1]}"
    return f"otro servidor, que el archivo llama «{shown(named[1])}»" if named else "otro servidor"
