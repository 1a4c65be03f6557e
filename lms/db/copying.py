"""A SQLite file copied while others write to it, and opened to be looked at and not changed."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lms.db.sqlite import WRITER_WORDS, in_words
from lms.errors import DAMAGED, Invalid
from lms.files import private_file

STEP = 1000  # pages, of 4 KiB
_OF_A_COPY = {
    code: words for code, words in WRITER_WORDS.items() if words is not DAMAGED
}  # which is not this site's
_PAUSE = 0.002  # seconds between steps, so that the disk is not only ours

Said = Callable[[int, int], None]
"""Told after each step how many bytes are done, of how many."""


def copy_database(source: Path, target: Path, said: Said = lambda done, total: None) -> None:
    """Copy the database as it is at one moment to the new file `target`, its owner's only.

    The moment is held by a read transaction: with a write-ahead log nobody waits for it, and SQLite has no reason to
    begin again when somebody writes between two steps, which under steady writing would never end.
    """
    if not source.is_file():
        raise Invalid(f"No hay una base de datos en {source}. Revisa LMS_DATA y LMS_DATABASE.")
    private_file(target)
    with (
        in_words(WRITER_WORDS, str(target)),
        closing(_connected(source)) as live,
        closing(_connected(target)) as copy,
    ):
        live.execute("PRAGMA query_only = ON")
        live.execute("BEGIN")
        (size,) = live.execute("PRAGMA page_size").fetchone()
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only what is read begins it

        def step(_: int, remaining: int, total: int) -> None:
            said((total - remaining) * size, total * size)
            time.sleep(_PAUSE)

        live.backup(copy, pages=STEP, progress=step)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


@contextmanager
def looked_at(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that came from outside, only to read it; what is no database is refused in words."""
    try:
        with in_words(_OF_A_COPY), closing(_connected(file)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            yield connection
    except sqlite3.DatabaseError as error:
        raise Invalid(f"La base de datos de la copia está dañada: {error}.") from error


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=10)
