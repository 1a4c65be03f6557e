"""Statements as PostgreSQL takes them: numbers for names, an array for a list, many rows and many inserts as one."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from lms.db.interface import Params, Sets

_PARAMETER = re.compile(r"(?<!:):([a-z_][a-z_0-9]*)")
_PLAIN_INSERT = re.compile(r"\s*INSERT INTO (\w+)[^:]*(VALUES \((?:[\s,]*:[a-z_]+)+\s*\))[^:]*")
_TYPES = {str: "text", int: "bigint", float: "double precision", bytes: "bytea", bool: "boolean"}
_NUMBERS = frozenset(("int2", "int4", "int8", "float8"))

Change = tuple[str, Sets]
"""A statement and the sets of parameters to do it for."""


def bound(sql: str, params: Params) -> tuple[str, list[Any]]:
    """The statement with numbers for names, and the values in their order."""
    lists = {name: value for name, value in params.items() if isinstance(value, list)}
    if not lists:
        statement, names = numbered(sql)
        return statement, [params[name] for name in names]
    shapes = tuple([(name, _types_of(value)) for name, value in lists.items()])
    single = dict(params)
    for name, types in shapes:
        if types:
            columns = zip(*lists[name], strict=True)
            single |= {f"{name}_{number}": list(column) for number, column in enumerate(columns)}
    statement, names = numbered(sql, shapes)
    return statement, [single[name] for name in names]


def _types_of(values: list[Any]) -> tuple[str, ...]:
    """The types of the columns of a list of tuples; none for a list of single values."""
    first = values[0] if values else None
    return tuple([_TYPES[type(value)] for value in first]) if isinstance(first, tuple) else ()


@lru_cache(maxsize=512)
def numbered(sql: str, lists: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1` for names, and these in order; a list is one array, or one for each column."""
    for name, types in lists:
        columns = ", ".join(f":{name}_{number}::{kind}[]" for number, kind in enumerate(types))
        sql = sql.replace(f"VALUES (:{name})", f"SELECT * FROM unnest({columns})")  # noqa: S608 - our names
        sql = sql.replace(f" IN (:{name})", f" = ANY(:{name})")
    names: dict[str, int] = {}
    statement = _PARAMETER.sub(lambda found: f"${names.setdefault(found[1], len(names) + 1)}", sql)
    return statement, tuple(names)


def is_plain_insert(sql: str) -> bool:
    """Whether it is an INSERT of nothing but parameters, so that many sets can be one statement."""
    return _into(sql) is not None


@lru_cache(maxsize=512)
def _into(sql: str) -> str | None:
    found = _PLAIN_INSERT.fullmatch(sql)
    return found and found[1]


def in_order(sql: str, sets: Sets) -> list[tuple[Any, ...]]:
    """Sets of parameters in the order in which the statement names them first."""
    _, names = numbered(sql)
    return [one if isinstance(one, tuple) else tuple([one[name] for name in names]) for one in sets]


def grouped(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes in their order, where plain inserts that follow one another stand together, as they can be one statement.

    Not two into one table: neither would see the other.
    """
    groups: list[list[Change]] = []
    tables: set[str] = set()
    for sql, sets in changes:
        table = _into(sql)
        if not sets:
            continue
        if table and tables and table not in tables:
            groups[-1].append((sql, sets))
            tables.add(table)
        else:
            groups.append([(sql, sets)])
            tables = {table} if table else set()
    return groups


Typed = tuple[tuple[str, tuple[str, ...]], ...]
"""Plain inserts, each with the types of its parameters."""


def columns_of(inserts: Iterable[Change], typed: Typed) -> tuple[str, list[Any]]:
    """Plain inserts as one statement, and what it takes: a column of values for each parameter.

    As texts where they can be, since asyncpg looks at each value of an array, which costs more than to insert it.
    """
    columns = [column for sql, sets in inserts for column in zip(*in_order(sql, sets), strict=True)]
    kinds = [kind for _, types in typed for kind in types]
    texts = [_as_text(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    if None in texts:
        return _with_columns(typed, _array), [list(column) for column in columns]
    return _with_columns(typed, _text), texts


def _as_text(column: tuple[Any, ...], kind: str) -> Any:
    """The column as the one text that `_text` takes apart; None if it is not to be told from another's."""
    if kind == "text":
        try:
            text = "\n".join(column)
        except TypeError:  # a NULL
            return None
        return text if text and text.count("\n") == len(column) - 1 else None
    if kind in _NUMBERS:
        text = str(list(column))
        return None if "True" in text or "False" in text else f"{{{text[1:-1].replace('None', 'NULL')}}}"
    return list(column)


@lru_cache(maxsize=512)
def _with_columns(inserts: Typed, form: Callable[[str, int], str]) -> str:
    done: list[str] = []
    number = 0
    for sql, types in inserts:
        found = _PLAIN_INSERT.fullmatch(sql)
        assert found is not None  # noqa: S101 - asked before
        columns = ", ".join(form(kind, place) for place, kind in enumerate(types, number + 1))
        done.append(sql.replace(found[2], f"SELECT * FROM unnest({columns})", 1))  # noqa: S608 - our types
        number += len(types)
    first = ", ".join(f"insert_{place} AS ({sql}\n)" for place, sql in enumerate(done[:-1]))
    return f"WITH {first} {done[-1]}" if first else done[-1]


def _array(kind: str, number: int) -> str:
    return f"${number}::{kind}[]"


def _text(kind: str, number: int) -> str:
    """As `_as_text` makes them; asyncpg's array for every other type."""
    if kind == "text":
        return f"string_to_array(${number}::text, chr(10))"
    return f"${number}::text::{kind}[]" if kind in _NUMBERS else _array(kind, number)
