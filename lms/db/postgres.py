"""PostgreSQL through asyncpg: a pool of connections, and one line for all who write, whatever their process.

The order of arrival is a promise of the log, so writers take turns here as they do with SQLite: within the
process by a lock, between processes by an advisory lock that ends with the transaction. Readers wait for
nobody. So no two collide, and none has to be tried again. Nothing is set but for a transaction: a pooler may lie between.
"""

import asyncio
import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from lms.db.interface import Database, NotUnique, Params, Sets, Statements, Transaction
from lms.errors import AWAY, BUSY, FULL, Invalid, Unavailable

POOL = 10  # connections that a process opens at most, unless `pool` in the URL says otherwise
TIMEOUT = 30  # seconds after which a statement is given up, unless `timeout` in the URL says otherwise
_FEWEST = 2  # one writes, one reads
_TURN = 0x6C6D7301  # any number that nobody else uses in this database
_PATIENCE = 10  # seconds to wait for one's turn, as with SQLite
_FROZEN = 60  # seconds after which who stopped in the middle of a transaction loses its turn
_NOTHING: Params = {}
_PARAMETER = re.compile(r"(?<!:):([a-z_][a-z_0-9]*)")
_PLAIN_INSERT = re.compile(r"\s*INSERT INTO [^:]*(VALUES \(([\s,]*:[a-z_]+)+\s*\))[^:]*")
_TYPES = {str: "text", int: "bigint", float: "double precision", bytes: "bytea", bool: "boolean"}
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
        statement, values = _bound(sql, params)
        found = await self._run(lambda connection: connection.fetch(statement, *values))
        return found if into is None else [into(**row) for row in found]

    async def row(self, sql: str, params: Params = _NOTHING, *, into: Any = None) -> Any:
        return next(iter(await self.rows(sql, params, into=into)), None)

    async def value(self, sql: str, params: Params = _NOTHING) -> Any:
        row = await self.row(sql, params)
        return None if row is None else row[0]

    async def execute(self, sql: str, params: Params = _NOTHING) -> int:
        statement, values = _bound(sql, params)
        return _touched(await self._run(lambda connection: connection.execute(statement, *values)))

    async def execute_many(self, sql: str, sets: Sets) -> int:
        if not sets:
            return 0
        statement, names = _numbered(sql)
        values = [one if isinstance(one, tuple) else tuple([one[name] for name in names]) for one in sets]
        if _PLAIN_INSERT.fullmatch(sql):
            return await self._run(lambda connection: self._at_once(connection, sql, values))
        return await self._run(lambda connection: _one_by_one(connection, statement, values))

    async def _at_once(self, connection: Connection, sql: str, values: list[tuple[Any, ...]]) -> int:
        """A column of values for each parameter, of the type that PostgreSQL itself gives it."""
        if sql not in self._types:
            prepared = await connection.prepare(_numbered(sql)[0])
            self._types[sql] = tuple(one.name for one in prepared.get_parameters())
        statement = _with_columns(sql, self._types[sql])
        return _touched(await connection.execute(statement, *map(list, zip(*values, strict=True))))

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
        for sql, sets in self._put_off:
            await self.execute_many(sql, sets)
        await self._run(lambda connection: connection.execute("COMMIT"))

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
        with _in_words():
            connection = await self._pool.acquire(timeout=_PATIENCE)
        begun = begins
        try:
            yield connection
            begun = False
        finally:
            # Shielded: who was cancelled may not wait, yet the next to use it must find nothing left of them.
            await asyncio.shield(asyncio.ensure_future(self._give_back(connection, begun)))

    async def _give_back(self, connection: Connection, begun: bool) -> None:
        try:
            if begun:  # perhaps: it may have been cancelled before it knew
                await connection.execute("ROLLBACK")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            with suppress(asyncpg.InterfaceError):  # the pool may have noticed that it was lost
                connection.terminate()  # PostgreSQL undoes what a lost connection began
        await self._pool.release(connection)

    async def close(self) -> None:
        async with self._turn:
            await self._pool.close()


def _bound(sql: str, params: Params) -> tuple[str, list[Any]]:
    """The statement with numbers for names, and the values in their order."""
    lists = {name: value for name, value in params.items() if isinstance(value, list)}
    if not lists:
        statement, names = _numbered(sql)
        return statement, [params[name] for name in names]
    shapes = tuple([(name, _types_of(value)) for name, value in lists.items()])
    single = dict(params)
    for name, types in shapes:
        if types:
            columns = zip(*lists[name], strict=True)
            single |= {f"{name}_{number}": list(column) for number, column in enumerate(columns)}
    statement, names = _numbered(sql, shapes)
    return statement, [single[name] for name in names]


def _types_of(values: list[Any]) -> tuple[str, ...]:
    """The types of the columns of a list of tuples; none for a list of single values."""
    first = values[0] if values else None
    return tuple([_TYPES[type(value)] for value in first]) if isinstance(first, tuple) else ()


@lru_cache(maxsize=512)
def _numbered(sql: str, lists: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1` for names, and these in order; a list is one array, or one for each column."""
    for name, types in lists:
        columns = ", ".join(f":{name}_{number}::{kind}[]" for number, kind in enumerate(types))
        sql = sql.replace(f"VALUES (:{name})", f"SELECT * FROM unnest({columns})")  # noqa: S608 - our names
        sql = sql.replace(f" IN (:{name})", f" = ANY(:{name})")
    names: dict[str, int] = {}
    numbered = _PARAMETER.sub(lambda found: f"${names.setdefault(found[1], len(names) + 1)}", sql)
    return numbered, tuple(names)


@lru_cache(maxsize=512)
def _with_columns(sql: str, types: tuple[str, ...]) -> str:
    """An INSERT of plain values as one statement for many rows, in the order in which they are given."""
    found = _PLAIN_INSERT.fullmatch(sql)
    assert found is not None  # noqa: S101 - asked before
    columns = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    return sql.replace(found[1], f"SELECT * FROM unnest({columns})", 1)  # noqa: S608 - our types
