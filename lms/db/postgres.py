"""PostgreSQL through asyncpg: a pool of connections, and one line for all who write, whatever their process.

The order of arrival is a promise of the log, so writers take turns here as they do with SQLite: within the
process by a lock, between processes by an advisory lock that ends with the transaction. Readers wait for
nobody. So no two collide, and none has to be tried again. Nothing is set but for a transaction: a pooler may lie between.
"""

import asyncio
import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from lms.db.interface import Database, NotUnique, Params, Sets, Statements, Transaction, Unfit
from lms.db.postgres_sql import bound, columns_of, grouped, in_order, is_plain_insert, numbered
from lms.errors import AWAY, BUSY, FULL, Invalid, Unavailable

POOL = 10  # connections that a process opens at most, unless `pool` in the URL says otherwise
TIMEOUT = 30  # seconds after which a statement is given up, unless `timeout` in the URL says otherwise
_FEWEST = 2  # one writes, one reads
_TURN = 0x6C6D7301  # any number that nobody else uses in this database
_PATIENCE = 10  # seconds to wait for one's turn, as with SQLite
_FROZEN = 60  # seconds after which who stopped in the middle of a transaction loses its turn
_NOTHING: Params = {}
_WORDS = {  # by SQLSTATE, or by the class that its first two characters name
    "53100": FULL,
    "53": BUSY,
    "40": BUSY,
    "55P03": BUSY,  # nobody gave up their turn in time
    "57014": BUSY,  # a statement took too long
    "25P03": BUSY,  # so did a transaction
    "25006": AWAY,  # what was the primary is one no more
    "08": AWAY,
    "57": AWAY,
    "58": AWAY,
}

T = TypeVar("T")
Connection = Any  # asyncpg ships no types


async def open_postgres(url: str) -> Database:
    """Open the database at `url`; `pool` and `timeout` in its query are ours, the rest is asyncpg's."""
    url, pool, timeout = _options(url)
    try:
        with _in_words():
            opened = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=pool,
                timeout=_PATIENCE,
                command_timeout=timeout + 1,  # PostgreSQL itself is to say so first, where it is told
                connection_class=_Unset,
            )
    except (ValueError, asyncpg.ClientConfigurationError, asyncpg.PostgresError) as error:
        # What is wrong with an address may quote the password in it.
        said = f" Respondió: {error}" if isinstance(error, asyncpg.PostgresError) else ""
        raise Invalid(
            f"No se pudo entrar a la base de datos de LMS_DATABASE: revisa la dirección, el usuario y la clave.{said}"
        ) from (error if said else None)
    return _Postgres(opened, timeout)


def _options(url: str) -> tuple[str, int, int]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    try:
        pool, timeout = int(query.pop("pool", POOL)), int(query.pop("timeout", TIMEOUT))
    except ValueError:
        pool = timeout = 0
    if pool < _FEWEST or timeout < 1:
        raise Invalid(
            "No entiendo la dirección de LMS_DATABASE: «pool» es un número de conexiones, "
            f"{_FEWEST} o más, y «timeout», uno de segundos."
        )
    return urlunsplit(parts._replace(query=urlencode(query))), pool, timeout


class _Unset(asyncpg.Connection):  # type: ignore[misc] # asyncpg's
    """A connection that needs no statement to be as new: nothing was ever set for it."""

    def get_reset_query(self) -> str:
        return ""


@contextmanager
def _in_words() -> Iterator[None]:
    """What the network, the disk or another writer refuses has a name of its own; a faulty statement stays as it is."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise NotUnique(str(error)) from error
    except asyncpg.DataError as error:
        raise Unfit(str(error)) from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if sentence := _sentence(error):
            raise Unavailable(sentence) from error
        raise


def _sentence(error: Exception) -> str | None:
    if isinstance(error, OSError):
        return BUSY if isinstance(error, TimeoutError) else AWAY
    if isinstance(error, asyncpg.InterfaceError):
        return AWAY if re.search("clos|released", str(error)) else None
    state = str(error.sqlstate)  # type: ignore[attr-defined] # asyncpg ships no types
    return _WORDS.get(state) or _WORDS.get(state[:2])


class _Session(Statements):
    """Statements; where they are asked, `_run` says."""

    def __init__(self, types: dict[str, tuple[str, ...]]) -> None:
        self._types = types

    async def rows(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        statement, values = bound(sql, params)
        found = await self._run(lambda connection: connection.fetch(statement, *values))
        return found if into is None else [into(**row) for row in found]

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        return next(iter(await self.rows(sql, params, into=into)), None)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        row = await self.row(sql, params)
        return None if row is None else row[0]

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        statement, values = bound(sql, params)
        return _touched(await self._run(lambda connection: connection.execute(statement, *values)))

    async def execute_many(self, sql: str, sets: Sets) -> int:
        if not sets:
            return 0
        if is_plain_insert(sql):
            return await self._run(lambda connection: self._at_once(connection, [(sql, sets)]))
        statement, values = numbered(sql)[0], in_order(sql, sets)
        return await self._run(lambda connection: _one_by_one(connection, statement, values))

    async def _at_once(self, connection: Connection, inserts: Sequence[tuple[str, Sets]]) -> int:
        """Several inserts as one statement; how many rows the last of them touched."""
        typed = tuple([(sql, await self._types_of(connection, sql)) for sql, _ in inserts])
        statement, columns = columns_of(inserts, typed)
        return _touched(await connection.execute(statement, *columns))

    async def _types_of(self, connection: Connection, sql: str) -> tuple[str, ...]:
        """The type that PostgreSQL itself gives each parameter."""
        if sql not in self._types:
            prepared = await connection.prepare(numbered(sql)[0])
            self._types[sql] = tuple(one.name for one in prepared.get_parameters())
        return self._types[sql]

    @abstractmethod
    async def _run(self, function: Callable[[Connection], Awaitable[T]]) -> T:
        """What `function` makes of a connection: any, or the transaction's own."""


async def _one_by_one(connection: Connection, statement: str, values: list[tuple[Any, ...]]) -> int:
    return sum([_touched(await connection.execute(statement, *one)) for one in values])


def _touched(status: str) -> int:
    """How many rows, from an answer such as `INSERT 0 5`; -1 where there are none to count."""
    number = status.rpartition(" ")[2]
    return int(number) if number.isdigit() else -1


class _Transaction(_Session, Transaction):
    """Statements on one connection, in a transaction that others begin and end."""

    def __init__(self, connection: Connection, types: dict[str, tuple[str, ...]]) -> None:
        super().__init__(types)
        self._connection = connection
        self._put_off: list[tuple[str, Sets]] = []

    def with_commit(self, sql: str, sets: Sets) -> None:
        self._put_off.append((sql, sets))

    async def commit(self) -> None:
        for together in grouped(self._put_off):
            if len(together) == 1:
                await self.execute_many(*together[0])
            else:
                await self._insert(together)
        await self._run(lambda connection: connection.execute("COMMIT"))

    async def _insert(self, inserts: Sequence[tuple[str, Sets]]) -> None:
        await self._run(lambda connection: self._at_once(connection, inserts))

    async def _run(self, function: Callable[[Connection], Awaitable[T]]) -> T:
        with _in_words():
            return await function(self._connection)


class _Postgres(_Session, Database):
    """A `Database` on a pool of connections: each query outside a transaction takes any that is idle."""

    engine = "postgres"

    def __init__(self, pool: Any, timeout: int) -> None:
        super().__init__({})
        self._pool = pool
        self._begin = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = '{timeout}s';"
            f" SET LOCAL lock_timeout = '{_PATIENCE}s';"
            f" SET LOCAL idle_in_transaction_session_timeout = '{_FROZEN}s';"
            f" SELECT pg_advisory_xact_lock({_TURN})"
        )
        self._turn = asyncio.Lock()
        self._bulk_turn = asyncio.Lock()

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        async with self.transaction() as work:
            return await work.execute(sql, params)

    async def execute_many(self, sql: str, sets: Sets) -> int:
        async with self.transaction() as work:
            return await work.execute_many(sql, sets)

    @asynccontextmanager
    async def transaction(self, *, bulk: bool = False) -> AsyncIterator[Transaction]:
        # Whoever waits within the process holds no connection meanwhile, nor do two of it ever wait for the others.
        waits = self._bulk_turn if bulk else nullcontext()
        async with waits, self._turn, self._connected(begins=True) as connection:
            with _in_words():
                await connection.execute(self._begin)
            work = _Transaction(connection, self._types)
            yield work
            await work.commit()

    async def _run(self, function: Callable[[Connection], Awaitable[T]]) -> T:
        async with self._connected() as connection:
            with _in_words():
                return await function(connection)

    @asynccontextmanager
    async def _connected(self, *, begins: bool = False) -> AsyncIterator[Connection]:
        # Only who may have to wait needs a limit, as it costs a task of its own.
        patience = None if self._pool.get_idle_size() else _PATIENCE
        with _in_words():
            connection = await self._pool.acquire(timeout=patience)
        begun = begins
        try:
            yield connection
            begun = False
        finally:
            # Shielded, as the pool does by itself: who was cancelled may not wait, yet the next to use it must
            # find nothing left of them.
            if begun:  # perhaps: it may have been cancelled before it knew
                await asyncio.shield(asyncio.ensure_future(self._undo(connection)))
            else:
                await self._pool.release(connection, timeout=_PATIENCE)

    async def _undo(self, connection: Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            with suppress(asyncpg.InterfaceError):  # the pool may have noticed that it was lost
                connection.terminate()  # PostgreSQL undoes what a lost connection began
        await self._pool.release(connection, timeout=_PATIENCE)

    async def close(self) -> None:
        async with self._turn:
            await self._pool.close()
