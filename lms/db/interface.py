"""What a database can do, whichever engine is behind it.

SQL keeps to what SQLite and PostgreSQL both speak: named parameters (`:name`), `ON CONFLICT`, `RETURNING`,
window functions; no `INSERT OR …`, no `rowid`, no `max(a, b)` of two columns.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar, overload

Params = Mapping[str, Any]
T = TypeVar("T")


class Row(Protocol):
    """One row of an answer: a column by its name or its position."""

    def __getitem__(self, column: str | int, /) -> Any: ...

    def keys(self) -> Iterable[str]:
        """The names of the columns."""


class Statements(Protocol):
    """What can be asked of a database, inside a transaction or outside.

    `into` is a dataclass or msgspec struct whose fields are the columns of the query, by name. A parameter
    that is a list stands for all its values: `item IN (:items)`.
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

    async def execute_many(self, sql: str, seq: Iterable[Params]) -> int:
        """The same change for each set of parameters, in one go; how many rows it touched in all."""


class Database(Statements, Protocol):
    """An open database. Outside a transaction each statement is a transaction of its own."""

    def transaction(self) -> AbstractAsyncContextManager[Statements]:
        """A write transaction: all of the block is stored and safe on disk when it ends, or none of it.

        Writers take turns, so a block should be short and never wait for anything but the database. Inside
        it, use what it yields: asking the database itself for another write would wait for ever.
        """

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
