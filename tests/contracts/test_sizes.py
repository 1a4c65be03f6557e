"""What is written here is small enough to be read at one sitting: the project's own aims, held."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import ROOT

MOST_LINES = {".py": 300, ".js": 150}
MOST_LINES_OF_A_FUNCTION = 40
MOST_PARAMETERS = 5

# What is over for now, and why; a row goes when its reason does.
EXCEPTIONS: dict[str, str] = {}

FILES = sorted(
    [
        *(file for folder in ("lms", "tests", "bench") for file in (ROOT / folder).rglob("*.py")),
        *(file for folder in ("lms", "tests") for file in (ROOT / folder).rglob("*.js")),
        ROOT / "server.py",
    ]
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def over(file: Path) -> Iterator[tuple[str, str]]:
    """What in a file is larger than it should be: a name as in EXCEPTIONS, and by how much."""
    name, text = file.relative_to(ROOT).as_posix(), file.read_text("utf-8")
    lines = len(text.splitlines())
    if lines > MOST_LINES[file.suffix]:
        yield name, f"{lines} lines"
    if file.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield from ((f"{name}: {node.name}", said) for said in over_in(node))


def over_in(function: Function) -> Iterator[str]:
    """What in a function is larger than it should be; lambdas and overloads are as short as they look."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > MOST_LINES_OF_A_FUNCTION:
        yield f"{lines} lines"
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    parameters = [one.arg for one in named if one.arg not in ("self", "cls")]
    if len(parameters) > MOST_PARAMETERS:
        yield f"{len(parameters)} parameters"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_nothing_is_larger_than_it_should_be(file: Path) -> None:
    assert [f"{name}: {said}" for name, said in over(file) if name not in EXCEPTIONS] == []


def test_the_database_stays_small_enough_to_need_no_library() -> None:
    """See docs/decisions/0007: what all engines share, and each engine in a file of its own."""
    shared = ("__init__", "interface", "open", "migrate")
    lines = {
        file.stem: len(file.read_text("utf-8").splitlines()) for file in (ROOT / "lms" / "db").glob("*.py")
    }
    assert sum(lines.pop(name) for name in shared) <= 200
    assert [name for name, length in lines.items() if length > 300] == []


def test_every_exception_is_still_one() -> None:
    found = {name for file in FILES for name, _ in over(file)}
    assert EXCEPTIONS.keys() - found == set(), "these are small now: take their rows out of EXCEPTIONS"


def test_what_is_too_large_is_noticed() -> None:
    parameters = ", ".join("abcdef")
    long = "\n".join(["def long():", *["    pass"] * MOST_LINES_OF_A_FUNCTION])
    many = (
        f"class A:\n    async def few(self, a, b, c, *, d, e): ...\n    def many(self, {parameters}): ...\n"
    )
    functions = [node for node in ast.walk(ast.parse(f"{long}\n{many}")) if isinstance(node, Function)]

    assert {node.name: [*over_in(node)] for node in functions} == {
        "long": ["41 lines"],
        "few": [],
        "many": ["6 parameters"],
    }
