"""Forms as browsers send them."""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Scope

from lms.errors import Invalid
from lms.forms import Form
from lms.web import limits

_MOST_FIELDS = 60
_LONGEST_VALUE = 4096
_MOST_DIGITS = 18  # what a database takes
_FORMS = (b"multipart/form-data", b"application/x-www-form-urlencoded")
_ENCODINGS = ("utf-8", "ascii", "iso8859-1", "cp1252")  # as Python calls them


def check_charset(scope: Scope) -> None:
    """`Invalid` for a form that says to be written otherwise than any browser writes: what reads it takes any word."""
    for name, value in scope["headers"]:
        if name == b"content-type" and b"charset" in value.lower():
            kind, options = parse_options_header(value)
            if kind in _FORMS and not _is_known(options.get(b"charset", b"utf-8").decode("latin-1")):
                raise Invalid(
                    "No se pudo leer lo que enviaste: dice estar en una codificación que aquí no se lee. "
                    "Envíalo en UTF-8, como lo hace cualquier navegador."
                )


def _is_known(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in _ENCODINGS
    except (LookupError, ValueError):
        return False


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
