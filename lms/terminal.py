"""What commands ask at the terminal, in Spanish."""

from __future__ import annotations

import click

_YES = ("s", "si", "sí")
_NO = ("", "n", "no")


def agreed(question: str) -> bool:
    """Ask until somebody says yes or no; who only presses Enter says no."""
    while True:
        said = click.prompt(f"{question} [s/N]", default="", show_default=False, prompt_suffix=": ")
        said = said.strip().lower()
        if said in _YES or said in _NO:
            return said in _YES
        click.echo("Responde «s» (sí) o «n» (no).")
