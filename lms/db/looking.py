"""A database that is looked at where its disk takes nothing more, full or closed for writing."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from lms.db.interface import Database
from lms.db.open import ready_database
from lms.db.sqlite import open_sqlite
from lms.errors import CLOSED, FULL, Unavailable


@asynccontextmanager
async def readable_database(place: str | Path) -> AsyncIterator[tuple[Database, Unavailable | None]]:
    """The database as `ready_database` gives it or, where nothing can be written, as it is; and why it cannot."""
    async with AsyncExitStack() as stack:
        db, refusal = await _opened(stack, str(place))
        yield db, refusal


async def _opened(stack: AsyncExitStack, place: str) -> tuple[Database, Unavailable | None]:
    try:
        return await stack.enter_async_context(ready_database(place)), None
    except Unavailable as error:
        if error.message not in (FULL, CLOSED):
            raise
        db = await open_sqlite(place.removeprefix("sqlite:///"), _look)
        stack.push_async_callback(db.close)
        return db, error


def _look(path: str, *_: str) -> sqlite3.Connection:
    """As other programs see the file or, where there is no room for what they would share, as it lies on the disk.

    Then what its log holds and the file does not yet is not seen.
    """
    try:
        return _connected(path, "mode=ro")
    except sqlite3.OperationalError:
        return _connected(path, "immutable=1")


def _connected(path: str, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("SELECT 1 FROM sqlite_master").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
