"""Statements as PostgreSQL takes them: numbers for names, an array for a list, many rows and many inserts as one."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lms.db.interface import Params, Sets

_PARAMETER = re.compile(r"(?<!:):([a-z_][a-z_0-9]*)")
_PLAIN_INSERT = re.compile(r"\s*INSERT INTO (\w+)[^:]*(VALUES \((?:[\s,]*:[a-z_]+)+\s*\))[^:]*")
_TYPES = {str: "text", int: "bigint", float: "double precision", bytes: "bytea", bool: "boolean"}

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


@lru_cache(maxsize=512)
def with_columns(inserts: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Plain inserts, each with the types of its parameters, as one statement that takes a column of values for each."""
    done: list[str] = []
    number = 0
    for sql, types in inserts:
        found = _PLAIN_INSERT.fullmatch(sql)
        assert found is not None  # noqa: S101 - asked before
        columns = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, number + 1))
        done.append(sql.replace(found[2], f"SELECT * FROM unnest({columns})", 1))  # noqa: S608 - our types
        number += len(types)
    first = ", ".join(f"insert_{place} AS ({sql}\n)" for place, sql in enumerate(done[:-1]))
    return f"WITH {first} {done[-1]}" if first else done[-1]
