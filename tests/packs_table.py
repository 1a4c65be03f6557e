"""The table of docs/packs.md, written by a run of the tests: `pytest … --packs-table docs/packs.md`.

A test says which cells it fills by the marker `proves`, or by the property `cell`, (format, where opened, column);
what no test of that run filled is «no probado». A cell is never typed by hand.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from cast import ROOT

COLUMNS = (
    "Lección",
    "Ejercicio",
    "Avance",
    "Buscar",
    "Glosario",
    "Notas",
    "Letra y colores",
    "Sonido",
    "Avance en archivo",
    "Imprimir",
    "Formato válido",
)
UNTRIED = "no probado"
BEGIN, END = "<!-- la escriben las pruebas -->", "<!-- fin -->"
# Where teachers open packs and no test of ours can: said, so that nobody takes silence for a yes.
OUT_OF_REACH = (
    ("Sitio (zip)", "Safari (iPhone)"),
    ("Archivo único", "visor de HTML de Android, desde WhatsApp"),
    ("Archivo único", "Safari (iPhone)"),
    ("SCORM 1.2", "Moodle y su aplicación"),
    ("EPUB 3", "lectores de celular"),
    ("ZIM", "Kiwix en Android"),
    ("PDF", "impresora"),
)


def _npm(name: str) -> str:
    return str(json.loads((ROOT / ".venv/judges" / name / "package.json").read_text())["version"])


def _said(*command: str) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+|\d{4,}", answer.stdout + answer.stderr)
    return found[0] if found else ""


VERSIONS: dict[str, Callable[[], str]] = {
    "scorm-again": lambda: _npm("scorm-again"),
    "vnu": lambda: _npm("vnu-jar"),
    "axe-core": lambda: _npm("axe-core"),
    "xmllint": lambda: _said("xmllint", "--version"),
    "zimcheck": lambda: _said("zimcheck", "--version"),
    "libzim": lambda: version("libzim"),
    "pypdf": lambda: version("pypdf"),
    "epubcheck": lambda: "5.3.0",
}


@functools.cache
def with_version(place: str) -> str:
    """Name the judge with the version that judged."""
    return f"{place} {VERSIONS[place]()}".strip() if place in VERSIONS else place


class PacksTable:
    """Gathers what the tests of a run say, and writes it when they end."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.cells: dict[tuple[str, str], dict[str, bool]] = {}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for mark in item.iter_markers("proves"):
            item.user_properties.append(("cell", mark.args))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped or (report.when != "call" and report.passed):
            return
        for name, cell in report.user_properties:
            if name == "cell":
                self._fill(cell, report.passed)

    def _fill(self, cell: Any, passed: bool) -> None:
        made, place, column = cell
        assert column in COLUMNS, column
        row = self.cells.setdefault((made, place), {})
        row[column] = row.get(column, True) and passed

    def pytest_sessionfinish(self) -> None:
        text = self.file.read_text("utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        self.file.write_text(f"{before}{BEGIN}\n{self.table()}{END}{after}", "utf-8")

    def table(self) -> str:
        rows = {key: {} for key in OUT_OF_REACH} | self.cells
        lines = ["| Formato | Abierto en | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
        for made, place in sorted(rows, key=lambda row: (row[0], row in OUT_OF_REACH, row[1])):
            said = [_word(rows[made, place].get(column)) for column in COLUMNS]
            lines.append(f"| {made} | {with_version(place)} | " + " | ".join(said) + " |")
        return "\n".join(lines) + "\n"


def _word(passed: bool | None) -> str:
    return UNTRIED if passed is None else "sí" if passed else "falla"
