"""What a database can do, whichever engine is behind it.

SQL keeps to what SQLite and PostgreSQL both speak: named parameters (`:name`), `ON CONFLICT`, `RETURNING`,
window functions; no `INSERT OR …`, no `rowid`, no `max(a, b)` of two columns. Many sets of an INSERT of plain
values may be one statement, so none of them sees another, and no two touch one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar, overload

Params = Mapping[str, Any]
Sets = Sequence[Params] | Sequence[tuple[Any, ...]]
"""Sets of parameters: each by name, or in the order in which the statement names them first, which is faster."""

T = TypeVar("T")


class NotUnique(Exception):
    """A change would break a UNIQUE or PRIMARY KEY of the tables."""


class Unfit(Exception):
    """A value that this database takes in no column: a text with a NUL, half a surrogate pair, a number out of range."""


class Row(Protocol):
    """One row of an answer: a column by its name or its position."""

    def __getitem__(self, column: str | int, /) -> Any: ...

    def keys(self) -> Iterable[str]:
        """The names of the columns."""


class Statements(Protocol):
    """What can be asked of a database, inside a transaction or outside.

    `into` is a dataclass or msgspec struct whose fields are the columns of the query, by name. A parameter
    that is a list stands for all its values, `item IN (:items)`, and one that is a list of tuples for as many
    rows, `VALUES (:rows)`.
    """

    @overload
    async def rows(self, sql: str, params: Params = ..., *, into: type[T]) -> list[T]: ...
    @overload
    async def rows(self, sql: str, params: Params = ...) -> list[Row]: ...
    async def rows(self, sql: str, params: Params = ..., *, into: Any = None) -> Any:
        """Every row of the answer."""

    @overload
    async def row(self, sql: str, params: Params = ..., *, into: type[T]) -> T | None: ...
    @overload
    async def row(self, sql: str, params: Params = ...) -> Row | None: ...
    async def row(self, sql: str, params: Params = ..., *, into: Any = None) -> Any:
        """The first row of the answer, or None."""

    async def value(self, sql: str, params: Params = ...) -> Any:
        """The first column of the first row, or None."""

    async def execute(self, sql: str, params: Params = ...) -> int:
        """Change something; how many rows it touched."""

    async def execute_many(self, sql: str, sets: Sets) -> int:
        """The same change for each set of parameters, in one go; how many rows it touched in all."""


class Transaction(Statements, Protocol):
    """What can be asked inside a transaction."""

    def with_commit(self, sql: str, sets: Sets) -> None:
        """Make the same change for each set of parameters when the block has ended, in the order asked for.

        It costs no wait of its own; plain inserts that follow one another into several tables may be one statement.
        What it would raise, such as `NotUnique`, the transaction raises.
        """


class Database(Statements, Protocol):
    """An open database. Outside a transaction each statement is a transaction of its own."""

    engine: str  # the name by which migrations tell engines apart

    def transaction(self, *, bulk: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A write transaction: all of the block is stored and safe on disk when it ends, or none of it.

        Writers take turns, so a block should be short and never wait for anything but the database. Inside
        it, use what it yields: asking the database itself for another write would wait for ever. Those in
        `bulk`, for much that arrives at once, stand in a line of their own, and only the first of it in the
        common one.
        """

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
