"""What a form brings: what was pasted, and what the QR codes in photos say. A photo is read and gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.requests import Request

from lms.errors import Invalid, LmsError
from lms.forms import writable
from lms.sync import photos, tokens
from lms.sync.pasted import Pasted, Source
from lms.sync.places import photo
from lms.sync.routes import lines
from lms.web.limits import address
from lms.web.sessions import current

MOST_PASTED = 4 * 1024 * 1024  # bytes: a chat of years
MOST_PHOTOS = 5
MOST_FIELDS = 25  # a text, or an answer for each code
PHOTO_FOR_ONE = 10 * lines.LINES_FOR_ONE  # reading one costs a process

NO_CODE = "En su QR no hay ningún código de avance. Toma una foto del QR de «Mi avance»."


class Problem(NamedTuple):
    """A photo that brought nothing, by the name of its file, and why."""

    name: str
    error: LmsError

    @property
    def words(self) -> str:
        """What to tell of it."""
        return f"{self.name}: {self.error.message}"


class Given(NamedTuple):
    """What was pasted or photographed, the photos that could not be read; or answers about whose codes are, by `asked`."""

    sources: Sequence[Source]
    problems: Sequence[Problem]
    answers: Sequence[str] = ()
    asked: str = ""


class Nothing(Exception):
    """There is neither a code nor a receipt in what was given: why, and what to tell."""

    def __init__(self, error: LmsError, words: str) -> None:
        super().__init__(words)
        self.error, self.words = error, words


async def given_in(request: Request, name: str) -> Given:
    """What a form brings: the text of a field, and photos, of which one that cannot be read keeps back no other."""
    async with request.form(
        max_files=MOST_PHOTOS, max_fields=MOST_FIELDS, max_part_size=MOST_PASTED
    ) as fields:
        text, asked = fields.get(name), fields.get("persona")
        answers = [
            writable(one)
            for key, one in fields.multi_items()
            if key.startswith("de-") and isinstance(one, str)
        ]
        shown = [one for one in fields.getlist("foto") if isinstance(one, UploadFile) and one.filename]
        sources, problems = [Source(writable(text) if isinstance(text, str) else "")], []
        for one in shown:
            called = photo(writable(one.filename or "")).photo
            try:
                sources.append(Source(await _said(request, one), called))
            except LmsError as refused:
                problems.append(Problem(called, refused))
    return Given(sources, problems, answers, writable(asked) if isinstance(asked, str) else "")


async def look_through(given: Given, most: int) -> tuple[Pasted, list[Problem]]:
    """The receipts and the first `most` codes in what was given, and which photos brought none; `Nothing` if all did."""
    found = await tokens.found_in(given.sources, most)
    problems = [*given.problems, *(Problem(name, Invalid(NO_CODE)) for name in found.others)]
    if not (found.codes or found.receipts):
        first = problems[0].error if problems else Invalid(tokens.NONE_FOUND)
        raise Nothing(first, " ".join(one.words for one in problems) or first.message)
    return found, problems


async def _said(request: Request, shown: UploadFile) -> str:
    if current(request).person is None:
        lines.own_rate.take(address(request), PHOTO_FOR_ONE)
    return writable("\n".join(await photos.texts_in(await shown.read())))
