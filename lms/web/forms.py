"""Forms as browsers send them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import UploadFile
from starlette.requests import Request

from lms.errors import Invalid
from lms.forms import Form
from lms.web import limits

_MOST_FIELDS = 60
_LONGEST_VALUE = 4096
_MOST_DIGITS = 18  # what a database takes


async def read_form(request: Request) -> Form:
    """The fields of a posted form without files; the last value of a repeated name counts."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_VALUE) as fields:
        return Form({name: value for name, value in fields.items() if isinstance(value, str)})


@asynccontextmanager
async def posted_files(request: Request, missing: str, most: int) -> AsyncIterator[list[tuple[str, bytes]]]:
    """The files in the field `archivo`, by name, while they are worked with; `Invalid` in these words if there is none."""
    async with request.form(max_files=most, max_fields=5) as fields:
        posted = [one for one in fields.getlist("archivo") if isinstance(one, UploadFile) and one.filename]
        if not posted:
            raise Invalid(missing)
        with limits.bringing.reading(sum(one.size or 0 for one in posted)):
            yield [(one.filename or "", await one.read()) for one in posted]


@asynccontextmanager
async def posted_file(request: Request, missing: str) -> AsyncIterator[bytes]:
    """The one file that was posted, as of `posted_files`."""
    async with posted_files(request, missing, 1) as files:
        yield files[0][1]


def whole_number(text: str) -> int:
    """A number that one of our pages sends back; 0 for whatever else stands there."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
