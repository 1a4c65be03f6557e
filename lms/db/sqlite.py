"""SQLite through aiosqlite: one connection that writes, a few that read.

With a write-ahead log a reader never waits for the writer and sees the last commit; `synchronous=FULL` makes
a commit survive a power cut. Every call is one hop to the connection's thread: hops, not SQL, are what
batches would pay for.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager as AsyncContext
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from aiosqlite import Connection, connect

from lms.db.interface import Database, Params, Statements
from lms.errors import BUSY, CLOSED, FULL, Unavailable
from lms.files import private_file

READERS = 3  # queries that can run at once beside the writer
# Another process, a backup say, may hold the file for a moment: it is waited for.
_SETUP = """PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"""
_NOTHING: Params = {}
_WORDS = dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), BUSY)
_WORDS |= {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_IOERR: CLOSED, sqlite3.SQLITE_CANTOPEN: CLOSED}
_WRITER_WORDS = {**_WORDS, sqlite3.SQLITE_READONLY: CLOSED}  # a reader that is told so was asked wrongly


async def open_sqlite(path: str) -> Database:
    """Open the file at `path`, making it and its folder if they are missing; `:memory:` for a passing one."""
    if path != ":memory:":
        private_file(Path(path))  # what SQLite puts beside it takes its mode
    readers = READERS if path != ":memory:" else 0  # which is seen by its own connection only
    async with AsyncExitStack() as stack:
        with _in_words(_WRITER_WORDS):
            sqlite3.connect(path).close()  # what cannot be opened fails before it leaves a thread behind
            opened = [await _connect(stack, path, read_only=number > 0) for number in range(1 + readers)]
        return _Sqlite(opened, stack.pop_all())


async def _connect(stack: AsyncExitStack, path: str, *, read_only: bool) -> Connection:
    connection = await stack.enter_async_context(connect(path, isolation_level=None, cached_statements=256))
    connection.row_factory = sqlite3.Row
    await connection.executescript(f"{_SETUP} PRAGMA query_only = {read_only}")
    return connection


@contextmanager
def _in_words(words: Mapping[int, str]) -> Iterator[None]:
    """What the disk or another program refuses is raised as `Unavailable`; a faulty statement stays as it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if sentence := words.get(error.sqlite_errorcode & 0xFF):
            raise Unavailable(sentence) from error
        raise


class _Session(Statements):
    """Statements on the connections that `reading` and `writing` lend, one hop each."""

    def __init__(
        self, reading: Callable[[], AsyncContext[Connection]], writing: Callable[[], AsyncContext[Connection]]
    ) -> None:
        self._reading, self._writing = reading, writing

    async def rows(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        async with self._reading() as connection:
            found = await connection.execute_fetchall(*_spread(sql, params))
        return found if into is None else [into(**dict(row)) for row in found]

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        return next(iter(await self.rows(sql, params, into=into)), None)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        row = await self.row(sql, params)
        return None if row is None else row[0]

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        async with self._writing() as connection:
            return (await connection.execute(*_spread(sql, params))).rowcount

    async def execute_many(self, sql: str, seq: Iterable[Params]) -> int:
        async with self._writing() as connection:
            return (await connection.executemany(sql, seq)).rowcount


class _Sqlite(_Session, Database):
    """A `Database` on one SQLite file: the first of its connections writes, the others read."""

    def __init__(self, connections: Sequence[Connection], opened: AsyncExitStack) -> None:
        self._writer, *readers = connections
        super().__init__(self._lend_reader if readers else self._lend_writer, self._lend_writer)
        self._opened = opened
        self._turn = asyncio.Lock()
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)

    async def execute_many(self, sql: str, seq: Iterable[Params]) -> int:
        async with self.transaction() as work:
            return await work.execute_many(sql, seq)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Statements]:
        async with self._lend_writer() as writer:
            try:
                await writer.execute("BEGIN IMMEDIATE")
                yield _Session(lambda: nullcontext(writer), lambda: nullcontext(writer))
                await writer.execute("COMMIT")
            except BaseException:
                # Shielded, and asked for before the next in turn can ask for anything: who was cancelled may
                # not wait, yet the connection must be clean. After a commit that got through it does nothing.
                await asyncio.shield(asyncio.ensure_future(writer.rollback()))
                raise

    async def close(self) -> None:
        async with self._turn:
            await self._opened.aclose()

    @asynccontextmanager
    async def _lend_writer(self) -> AsyncIterator[Connection]:
        with _in_words(_WRITER_WORDS):
            async with self._turn:
                yield self._writer

    @asynccontextmanager
    async def _lend_reader(self) -> AsyncIterator[Connection]:
        reader = await self._idle.get()
        try:
            with _in_words(_WORDS):
                yield reader
        finally:
            self._idle.put_nowait(reader)


def _spread(sql: str, params: Params) -> tuple[str, Params]:
    """One placeholder for each value of a list; NULL, which equals nothing, for an empty one."""
    for name in [name for name, value in params.items() if isinstance(value, list)]:
        each = {f"{name}_{place}": one for place, one in enumerate(params[name])}
        sql = sql.replace(f"(:{name})", "(" + (", ".join(f":{key}" for key in each) or "NULL") + ")")
        params = {**params, **each}
    return sql, params
