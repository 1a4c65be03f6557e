"""ZIM: the course for Kiwix, which finds every word of it. libzim (GPL-3) comes with the extra `zim`, imported late."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import TYPE_CHECKING, Any, BinaryIO

from lms.clock import system_clock
from lms.course.media import media_type
from lms.course.model import Course
from lms.errors import Unavailable
from lms.packs.home import NOWHERE, Home
from lms.packs.zim_ids import settle

if TYPE_CHECKING:
    from lms.packs.leaves import Leaf

NAME = "zim"
SUFFIX = ".zim"
MEDIA_TYPE = "application/x-zim"
LABEL = "Para Kiwix (ZIM)"
AUDIENCE = (
    "Para leer y buscar con la aplicación Kiwix, en celular, tableta o computadora. No guarda tu avance."
)
NEEDS = ("libzim",)
APART = True

_HOME, _STYLE, _SCRIPT = "index.html", "comun/chaski.css", "comun/chaski.js"
_HTML = "text/html; charset=utf-8"
_LANGUAGES = {"es": "spa", "qu": "que", "ay": "aym"}  # ISO 639-3, as Kiwix sorts its library
_MISSING = "En este equipo falta lo que hace los archivos de Kiwix. Instálalo con: pip install 'lms[zim]'."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file inside, its bytes or where they are; `front` are those that search may find."""

    path: str
    title: str
    kind: str
    content: bytes | Path = field(repr=False)
    front: bool = False


def write_to(course: Course, out: BinaryIO, _home: Home = NOWHERE) -> None:
    """Write the file; `Unavailable` without the extra."""
    writer = _writer()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "curso.zim"
        # One worker: several number the pages for the index in whatever order they come.
        with writer.Creator(file).config_indexing(True, _language(course)).config_nbworkers(1) as creator:
            creator.set_mainpath(_HOME)
            for entry in _entries(course):
                creator.add_item(_item(writer, entry))
            for name, value in _metadata(course).items():
                creator.add_metadata(name, value)
            creator.add_illustration(48, _illustration(course))
        settle(file, f"chaski:{course.id}:{course.version}")
        with file.open("rb") as made:
            copyfileobj(made, out)


def _entries(course: Course) -> Iterator[Entry]:
    from lms.packs.document import page  # all that renders: a server starts without it
    from lms.packs.leaves import leaves, media_of
    from lms.web import assets

    found = list(leaves(course, ".html"))
    home = page("packs/zim/home.html", course=course, leaves=found, style=_STYLE)
    yield Entry(_HOME, course.title, _HTML, home.encode(), front=True)
    for leaf, after in zip(found, [*found[1:], None], strict=True):
        yield Entry(f"{leaf.name}.html", leaf.title, _HTML, _page(course, leaf, after).encode(), front=True)
    yield Entry(_STYLE, "", "text/css", assets.css(assets.EXPORT_STYLES).encode())
    yield Entry(_SCRIPT, "", "text/javascript", assets.script(assets.PAGE_SCRIPT).encode())
    for media in media_of(course):
        media.source.stat()  # a file that is gone is said here: libzim would say something else of it
        yield Entry(media.path, "", media_type(media.path), media.source)


def _page(course: Course, leaf: Leaf, after: Leaf | None) -> str:
    from lms.packs.document import page
    from lms.packs.leaves import data

    keywords: Sequence[str] = course.lesson(leaf.lesson).keywords if leaf.lesson else ()
    values = {"course": course, "leaf": leaf, "after": after, "keywords": keywords, "home": _HOME}
    return page("packs/zim/page.html", **values, data=data(course, leaf.asked), style=_STYLE, script=_SCRIPT)


def _metadata(course: Course) -> dict[str, str]:
    """What Kiwix shows of the file in its library; the lengths are those it asks for."""
    return {
        "Name": f"chaski_{course.id}",
        "Title": shorten(course.title, 30, placeholder="…"),
        "Description": shorten(course.summary, 80, placeholder="…"),
        "LongDescription": course.summary,
        "Creator": ", ".join(course.authors),
        "Publisher": "Chaski",
        "Date": _day(),
        "Language": _language(course),
        "License": course.licence,
        "Tags": "_category:other;_ftindex:yes",
        "Scraper": f"lms {version('lms')}",
    }


def _day() -> str:
    """Today, or the day that a build which is to be repeated is told (reproducible-builds.org)."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else system_clock()
    return f"{when:%Y-%m-%d}"


def _language(course: Course) -> str:
    code = course.language.partition("-")[0]
    return _LANGUAGES.get(code, code)


def _illustration(course: Course) -> bytes:
    from lms.packs.illustration import illustration

    return illustration(course.id)


def _writer() -> Any:
    try:
        from libzim import writer
    except ImportError:
        raise Unavailable(_MISSING) from None
    return writer


def _item(writer: Any, entry: Entry) -> Any:
    """An entry as libzim asks for it."""

    class Item(writer.Item):  # type: ignore[misc]  # its base is known only once libzim is there
        def get_path(self) -> str:
            return entry.path

        def get_title(self) -> str:
            return entry.title

        def get_mimetype(self) -> str:
            return entry.kind

        def get_hints(self) -> dict[Any, int]:
            return {
                writer.Hint.FRONT_ARTICLE: entry.front,
                writer.Hint.COMPRESS: "image" not in entry.kind or "svg" in entry.kind,
            }

        def get_contentprovider(self) -> Any:
            if isinstance(entry.content, Path):
                return writer.FileProvider(entry.content)
            return writer.StringProvider(entry.content)

    return Item()
