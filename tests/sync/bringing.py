"""Three people with accounts, and what bringing a progress file is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from cast import Server

from lms.people.model import Person
from lms.sync.receiving import Received

NELIDA, RUTH, COACH = (
    Person(f"p-{document}", "dni", document, name, "Quispe", "", role, "", "", "2026-11-23", "", "", 0)  # type: ignore[arg-type]
    for document, name, role in (
        ("40000001", "Nélida", "docente"),
        ("40000002", "Ruth", "docente"),
        ("40000003", "Elías", "acompanante"),
    )
)

Bring = Callable[..., Awaitable[Received]]
"""Brings a file with some lines: `(lines, person, by)`."""

Run = Callable[..., tuple[int, str]]
"""Runs `lms …` on a data folder: `(folder, word, …)`; its exit code and what it said."""


def invited(run: Run, above: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new line to join it with."""
    with monkeypatch.context() as there:
        there.setenv("LMS_ADDRESS", above.url)
        there.setenv("LMS_NODE", "ugel")
        return run(above.data, "node", "invite")[1].splitlines()[0]
