"""SQLite through aiosqlite: one connection that writes, a few that read.

With a write-ahead log a reader never waits for the writer and sees the last commit; `synchronous=FULL` makes
a commit survive a power cut. Every call is one hop to the connection's thread: hops, not SQL, are what
batches would pay for. So a transaction begins with its first statement and ends with what was put off for its
commit: one that asks once and then writes takes two hops.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite

from lms.db.interface import Database, NotUnique, Params, Sets, Statements, Transaction, Unfit
from lms.errors import BUSY, CLOSED, DAMAGED, FULL, Unavailable
from lms.files import private_file

READERS = 3
"""How many queries can run at once beside the writer."""

_BUSY_MS = 10_000  # another process, an import say, may hold the file for a moment
# SQLite itself asks ever more rarely whether it still does, at last every 100 ms: so it gives up, and begins anew.
_ASK_MS = 20
_NOTHING: Params = {}
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_WORDS = dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), BUSY)
_WORDS |= {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_IOERR: CLOSED, sqlite3.SQLITE_CANTOPEN: CLOSED}
_WORDS[sqlite3.SQLITE_IOERR_SHMSIZE] = FULL  # no room for the index of the log beside the file
_WORDS |= {sqlite3.SQLITE_NOTADB: DAMAGED, sqlite3.SQLITE_CORRUPT: DAMAGED}
WRITER_WORDS = {**_WORDS, sqlite3.SQLITE_READONLY: CLOSED}  # a reader that is told so was asked wrongly
_NOT_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)

T = TypeVar("T")

Connect = Callable[..., sqlite3.Connection]
"""Opens a path, with more pragmas for a connection that only reads."""


async def open_sqlite(path: str, look: Connect | None = None) -> Database:
    """Open the file at `path`, making it and its folder if they are missing; `:memory:` for a passing one.

    One that cannot be written is opened by `look`, to read it only.
    """
    if path != ":memory:" and not look:
        private_file(Path(path))  # what SQLite puts beside it takes its mode
    connections = [_Connection(path, look or _connect)]
    if path != ":memory:":  # seen by its own connection only
        connections += [_Connection(path, look or _connect, "query_only = ON") for _ in range(READERS)]
    try:
        with in_words(WRITER_WORDS, path):
            for connection in connections:
                await connection
    except BaseException:
        for connection in connections:
            await connection.end()
        raise
    return _Sqlite(*connections)


class _Connection(aiosqlite.Connection):
    """A connection to whose thread several statements can be sent at once, as a function."""

    def __init__(self, path: str, connect: Connect, *more: str) -> None:
        super().__init__(partial(connect, path, *more), iter_chunk_size=64)
        self.place = path

    async def end(self) -> None:
        """Close it, and wait for its thread: one whose file could not be opened is only on its way out."""
        await self.close()
        if self._thread.ident:
            await asyncio.to_thread(self._thread.join)

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """What `function` makes of the connection, in its thread."""
        return cast(T, await self._execute(_patiently, function, self._conn))  # type: ignore[no-untyped-call] # aiosqlite's


def _patiently(function: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            return function(connection)
        except sqlite3.OperationalError as error:
            # Only what asks for its turn can find the file busy, and that is always the first statement.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise


def _connect(path: str, *more: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            f"busy_timeout = {_BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            *more,
            f"busy_timeout = {_ASK_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def in_words(words: Mapping[int, str], place: str = "") -> Iterator[None]:
    """What the disk, another program or a key refuses has a name of its own; a faulty statement stays as it is."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _NOT_UNIQUE:
            raise NotUnique(str(error)) from error
        raise
    except (sqlite3.DataError, OverflowError, UnicodeEncodeError) as error:
        raise Unfit(str(error)) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0)  # what the module itself refuses has none
        if sentence := words.get(code) or words.get(code & 0xFF):
            raise Unavailable(sentence, place) from error
        raise


class _Session(Statements):
    """Statements on one connection, one hop each."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        sql, params = _spread(sql, params)
        found = await self._run(lambda connection: connection.execute(sql, params).fetchall())
        return found if into is None else [into(**dict(row)) for row in found]

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        return next(iter(await self.rows(sql, params, into=into)), None)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        row = await self.row(sql, params)
        return None if row is None else row[0]

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        sql, params = _spread(sql, params)
        return await self._run(lambda connection: connection.execute(sql, params).rowcount)

    async def execute_many(self, sql: str, sets: Sets) -> int:
        return await self._run(lambda connection: _many(connection, sql, sets))

    async def _run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        with in_words(WRITER_WORDS, self._connection.place):
            return await self._connection.run(function)


class _Transaction(_Session, Transaction):
    """Statements that begin a transaction with the first of them."""

    def __init__(self, connection: _Connection) -> None:
        super().__init__(connection)
        self._begun = False
        self._put_off: list[tuple[str, Sets]] = []

    def with_commit(self, sql: str, sets: Sets) -> None:
        self._put_off.append((sql, sets))

    async def commit(self) -> None:
        await self._run(self._finish)

    def _finish(self, connection: sqlite3.Connection) -> None:
        for sql, sets in self._put_off:
            _many(connection, sql, sets)
        connection.execute("COMMIT")

    async def _run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        if self._begun:
            return await super()._run(function)
        self._begun = True
        return await super()._run(partial(_begin, function))


def _begin(function: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    connection.execute("BEGIN IMMEDIATE")
    return function(connection)


def _many(connection: sqlite3.Connection, sql: str, sets: Sets) -> int:
    in_order = bool(sets) and isinstance(sets[0], tuple)
    return connection.executemany(_numbered(sql) if in_order else sql, sets).rowcount


@lru_cache
def _numbered(sql: str) -> str:
    """The statement with numbers for names, in the order in which they first stand in it."""
    numbers: dict[str, int] = {}
    return _PARAMETER.sub(lambda found: f"?{numbers.setdefault(found[1], len(numbers) + 1)}", sql)


class _Sqlite(_Session, Database):
    """A `Database` on one SQLite file: each query outside a transaction goes to whichever reader is idle."""

    engine = "sqlite"

    def __init__(self, writer: _Connection, *readers: _Connection) -> None:
        super().__init__(writer)
        self._readers = readers
        self._idle: asyncio.Queue[_Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._turn = asyncio.Lock()
        self._bulk_turn = asyncio.Lock()

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        async with self._turn:
            return await _Session(self._connection).execute(sql, params)

    async def execute_many(self, sql: str, sets: Sets) -> int:
        async with self.transaction() as work:
            return await work.execute_many(sql, sets)

    @asynccontextmanager
    async def transaction(self, *, bulk: bool = False) -> AsyncIterator[Transaction]:
        # Of all that is brought in bulk one batch at a time stands in line, so nobody waits for more than one.
        async with self._bulk_turn if bulk else nullcontext(), self._turn:
            work = _Transaction(self._connection)
            try:
                yield work
                await work.commit()
            except BaseException:
                # Shielded, and asked for before the next in turn can ask for anything: who was cancelled may
                # not wait, yet the connection must be clean. After a commit that got through it does nothing.
                await asyncio.shield(asyncio.ensure_future(self._connection.rollback()))
                raise

    async def close(self) -> None:
        async with self._turn:
            for connection in (*self._readers, self._connection):
                await connection.close()

    async def _run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        if not self._readers:
            async with self._turn:
                return await super()._run(function)
        reader = await self._idle.get()
        try:
            with in_words(_WORDS, reader.place):
                return await reader.run(function)
        finally:
            self._idle.put_nowait(reader)


def _spread(sql: str, params: Params) -> tuple[str, Params]:
    """One placeholder for each value of a list, one row of them for each tuple; NULL, equal to nothing, for none."""
    if not any(isinstance(value, list) for value in params.values()):
        return sql, params
    single: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, list):
            listed = ", ".join(_place(single, f"{name}_{number}", one) for number, one in enumerate(value))
            sql = sql.replace(f"(:{name})", listed if listed.startswith("(") else f"({listed or 'NULL'})")
        else:
            single[name] = value
    return sql, single


def _place(single: dict[str, Any], name: str, value: Any) -> str:
    if isinstance(value, tuple):
        return (
            "(" + ", ".join(_place(single, f"{name}_{number}", one) for number, one in enumerate(value)) + ")"
        )
    single[name] = value
    return f":{name}"
