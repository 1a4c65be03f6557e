"""SQLite through aiosqlite: one connection that writes, a few that read.

With a write-ahead log a reader never waits for the writer and sees the last commit; `synchronous=FULL` makes
a commit survive a power cut. Every call is one hop to the connection's thread: hops, not SQL, are what
batches would pay for.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from lms.db.interface import Database, Params, Statements

READERS = 3
"""How many queries can run at once beside the writer."""

_BUSY_MS = 10_000  # another process, a backup say, may hold the file for a moment
_NOTHING: Params = {}


async def open_sqlite(path: str) -> Database:
    """Open the file at `path`, making it and its folder if they are missing; `:memory:` for a passing one."""
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    writer = await _connect(path)
    if path == ":memory:":
        return _Sqlite(writer, [])
    readers = []
    try:
        for _ in range(READERS):
            readers.append(await _connect(path))
            await readers[-1].execute("PRAGMA query_only = ON")
    except BaseException:
        for connection in [writer, *readers]:
            await connection.close()
        raise
    return _Sqlite(writer, readers)


async def _connect(path: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=256)
    connection.row_factory = sqlite3.Row
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        await connection.execute(f"PRAGMA {pragma}")
    return connection


class _Session(Statements):
    """Statements on one connection, one hop each."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        found = await self._connection.execute_fetchall(*_spread(sql, params))
        return found if into is None else [into(**dict(row)) for row in found]

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        return next(iter(await self.rows(sql, params, into=into)), None)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        row = await self.row(sql, params)
        return None if row is None else row[0]

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        cursor = await self._connection.execute(*_spread(sql, params))
        return cursor.rowcount

    async def execute_many(self, sql: str, seq: Iterable[Params]) -> int:
        cursor = await self._connection.executemany(sql, seq)
        return cursor.rowcount


class _Sqlite(Database):
    """A `Database` on one SQLite file."""

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._turn = asyncio.Lock()
        self._connections = [writer, *readers]
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._reads_with_writer = not readers
        for reader in readers:
            self._idle.put_nowait(reader)

    async def rows(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        async with self._reading() as session:
            return await session.rows(sql, params, into=into)

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        async with self._reading() as session:
            return await session.row(sql, params, into=into)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        async with self._reading() as session:
            return await session.value(sql, params)

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        async with self._turn:
            return await _Session(self._writer).execute(sql, params)

    async def execute_many(self, sql: str, seq: Iterable[Params]) -> int:
        async with self.transaction() as work:
            return await work.execute_many(sql, seq)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Statements]:
        async with self._turn:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield _Session(self._writer)
                await self._writer.execute("COMMIT")
            except BaseException:
                # Shielded, and asked for before the next in turn can ask for anything: who was cancelled may
                # not wait, yet the connection must be clean. After a commit that got through it does nothing.
                await asyncio.shield(asyncio.ensure_future(self._writer.rollback()))
                raise

    async def close(self) -> None:
        async with self._turn:
            for connection in reversed(self._connections):
                await connection.close()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[_Session]:
        if self._reads_with_writer:  # a database in memory is seen by its own connection only
            async with self._turn:
                yield _Session(self._writer)
            return
        reader = await self._idle.get()
        try:
            yield _Session(reader)
        finally:
            self._idle.put_nowait(reader)


def _spread(sql: str, params: Params) -> tuple[str, Params]:
    """One placeholder for each value of a list; NULL, which equals nothing, for an empty one."""
    if not any(isinstance(value, list) for value in params.values()):
        return sql, params
    single: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, list):
            each = {f"{name}_{place}": one for place, one in enumerate(value)}
            sql = sql.replace(f"(:{name})", "(" + (", ".join(f":{key}" for key in each) or "NULL") + ")")
            single |= each
        else:
            single[name] = value
    return sql, single
