"""A command is whole when it can be asked for help and says so when it is called wrongly."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cast import ROOT

from lms.cli import COMMANDS

COURSE = "courses/alfabetizacion-digital"
BROKEN = "tests/samples/no-right"
SUBCOMMANDS = (
    *COMMANDS,
    "pack build",
    "sync import",
    "sync export",
    "person add",
    "person correct",
    "person erase",
    "person list",
    "person profiles",
    "person role",
    "person reset-pin",
    "person unlink",
)


def lms(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lms", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_a_command_explains_itself(command: str) -> None:
    result = lms(*command.split(), "--help")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout) > 60


def test_a_good_course_passes_and_is_counted() -> None:
    result = lms("check", COURSE)
    assert result.returncode == 0, result.stdout
    assert "12 lecciones" in result.stdout


def test_a_wrong_call_exits_with_two() -> None:
    assert lms("pack", "build").returncode == 2
    assert lms("nada").returncode == 2


def test_an_unknown_course_is_refused_with_a_sentence() -> None:
    result = lms("pack", "build", "no-existe")
    assert result.returncode == 1
    assert "No hay un curso" in result.stderr
