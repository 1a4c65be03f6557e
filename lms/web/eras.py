"""In which of its eras a server is: a word that is another one whenever it may have lost what it had.

A backup that was restored and a disk that was put back look from within like any other day. So each start is another
era, as no file is put back under a server that runs. Processes that share one PostgreSQL have that of the database:
which one it is, and since when it runs. A browser keeps the word in a cookie once it has compared what it sent with
what is here, and compares again when the word is another one.
"""

from __future__ import annotations

import secrets
import time
from typing import NamedTuple
from weakref import WeakKeyDictionary

from starlette.requests import HTTPConnection

from lms.db import Database
from lms.web.site import site

COOKIE = "chaski_era"
AGE = 400 * 24 * 60 * 60  # seconds; as long as browsers keep anything

_PATIENCE = 30.0  # seconds until a shared database is asked again whether it is another one

_SHARED = """
SELECT substr(md5(concat(oid, ' ', extract(epoch FROM pg_postmaster_start_time()))), 1, 8)
FROM pg_database WHERE datname = current_database()
"""


class _Known(NamedTuple):
    word: str
    until: float


_KNOWN: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def era(db: Database) -> str:
    """The word of the present era."""
    known = _KNOWN.get(db)
    if known is None or known.until < time.monotonic():
        shared = db.engine == "postgres"
        word = str(await db.value(_SHARED)) if shared else secrets.token_urlsafe(6)
        known = _Known(word, time.monotonic() + _PATIENCE if shared else float("inf"))
        _KNOWN[db] = known
    return known.word


async def asks(request: HTTPConnection) -> str:
    """Where a browser whose word is of another era finds the script that compares; empty for any other browser."""
    word = request.cookies.get(COOKIE)
    here = site(request)
    return here.scripts["again"] if word and word != await era(here.db) else ""
