"""`make bench`: run every benchmark, or those named on the command line, and print one table."""

from __future__ import annotations

import signal
import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

BENCHES = (
    *("startup", "lesson", "search", "ingest", "growth", "crowd", "shared", "growth_shared", "turns", "wire"),
    *("packs", "updates", "weight", "reading", "finding"),
)


def main() -> None:
    """Print a row a figure: value, baseline, ratio. Who stops it leaves no server and no folder behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    console = Console()
    table = Table(title="Chaski, measured now on this machine")
    for heading in ("what", "value", "unit", "baseline", "ratio"):
        table.add_column(heading, justify="left" if heading in {"what", "unit"} else "right")
    try:
        for name in sys.argv[1:] or BENCHES:
            console.print(f"{name}…", style="dim")
            for what, value, unit, baseline, ratio in import_module(f"bench.{name}").run():
                table.add_row(what, f"{value:,.2f}", unit, f"{baseline:,.2f}", f"{ratio:.2f}")
    finally:  # also what was measured before one was stopped
        console.print(table)


if __name__ == "__main__":
    main()
