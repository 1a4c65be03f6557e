"""Forms as people send them: what they typed, and the sentence that belongs to each field that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request

from lms.errors import Invalid

T = TypeVar("T")

_MOST_FIELDS = 60
_LONGEST_VALUE = 4096
_MOST_DIGITS = 18  # what a database takes


@dataclass(slots=True)
class Form:
    """Typed values by field name, and Spanish sentences by field name; a page shows both again."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

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


async def read_form(request: Request) -> Form:
    """The fields of a posted form without files; the last value of a repeated name counts."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_VALUE) as fields:
        return Form({name: value for name, value in fields.items() if isinstance(value, str)})


def whole_number(text: str) -> int:
    """A number that one of our pages sends back; 0 for whatever else stands there."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
