"""What somebody typed into named fields, on a page or at the terminal, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from lms.errors import Invalid

T = TypeVar("T")

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def writable(text: str) -> str:
    """A text without what no keyboard gives and no database or encoding takes: NUL and halves of surrogates."""
    return _UNWRITABLE.sub("", text)


@dataclass(slots=True)
class Form:
    """Typed values by field name, and Spanish sentences by field name; a page shows both again.

    Of the values only what can be kept and shown counts.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {name: writable(value) for name, value in self.values.items()}

    def __getitem__(self, name: str) -> str:
        """What was typed, without spaces around it; empty when the field is missing."""
        return self.values.get(name, "").strip()

    def error(self, name: str) -> str:
        """The sentence beside a field, or nothing."""
        return self.errors.get(name, "")

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self[name])

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """What `parse` makes of a field; None when it is `Invalid`, which becomes its sentence."""
        try:
            return parse(self[name])
        except Invalid as error:
            self.errors[name] = error.message
            return None
