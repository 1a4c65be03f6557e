"""docs/packs.md says of every format where it was opened, in cells that only a test run writes."""

from __future__ import annotations

from cast import ROOT
from packs_table import BEGIN, COLUMNS, END, UNTRIED


def _rows() -> list[list[str]]:
    table = (ROOT / "docs/packs.md").read_text("utf-8").split(BEGIN)[1].split(END)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]


def test_every_format_has_a_row() -> None:
    formats = {row[0] for row in _rows()[2:]}
    assert formats == {
        *("Sitio (zip)", "Archivo único", "Archivo único con audio"),
        *("Servidor por http de la red local", "PWA por https"),
        *("SCORM 1.2", "EPUB 3", "ZIM", "PDF"),
    }


def test_a_cell_is_a_yes_a_no_or_untried() -> None:
    head, _, *rows = _rows()
    assert head[2:] == list(COLUMNS)
    assert {cell for row in rows for cell in row[2:]} <= {"sí", "falla", UNTRIED}
