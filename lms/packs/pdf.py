"""From a booklet's HTML to a tagged PDF. WeasyPrint and pypdf come with the extra `pdf` and are imported late."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from lms.errors import Unavailable

MISSING = (
    "En este equipo falta lo que hace los PDF. Instálalo con: pip install 'lms[pdf]'. "
    "O usa --format html y guarda como PDF desde tu navegador."
)
A4_LANDSCAPE = (841.89, 595.28)  # points


class Pages:
    """A booklet laid out in pages."""

    def __init__(self, html: str) -> None:
        """Lay the document out; it may reach nothing but what it holds. `Unavailable` without the extra."""
        weasyprint = _weasyprint()
        fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
        self._document: Any = weasyprint.HTML(string=html, url_fetcher=fetcher).render(pdf_tags=True)
        # A box that goes on over pages has its name on each of them.
        self._places: dict[str, int] = {}
        for number, page in enumerate(self._document.pages):
            for name in page.anchors:
                self._places.setdefault(name, number)

    def __len__(self) -> int:
        return len(self._document.pages)

    def overflowing(self, lessons: Iterable[str]) -> list[str]:
        """Name the lessons whose printable sheet does not end on the page where it begins."""
        return [
            lesson
            for lesson in lessons
            if (start := self._places.get(f"{lesson}--imprimible")) is not None
            and self._places[f"{lesson}--fin-de-la-hoja"] != start
        ]

    def pdf(self) -> bytes:
        """Write a tagged PDF, PDF/UA-1; the same document gives the same bytes."""
        written: bytes = self._document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"lms")
        return written


def two_up(pdf: bytes) -> bytes:
    """Put each two pages of a PDF side by side on one A4 sheet, to save paper; its tags are lost."""
    pypdf = _pypdf()
    source = pypdf.PdfReader(io.BytesIO(pdf))
    out = pypdf.PdfWriter()
    width, height = A4_LANDSCAPE
    for first in range(0, len(source.pages), 2):
        sheet = out.add_blank_page(width, height)
        for place, page in enumerate(source.pages[first : first + 2]):
            scale = min(width / 2 / float(page.mediabox.width), height / float(page.mediabox.height))
            move = pypdf.Transformation().scale(scale).translate(place * width / 2, 0)
            sheet.merge_transformed_page(page, move)
        sheet.compress_content_streams()
    out.metadata = source.metadata
    written = io.BytesIO()
    out.write(written)
    return written.getvalue()


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError):  # it is not there, or Pango is not
        raise Unavailable(MISSING) from None
    return weasyprint


def _pypdf() -> Any:
    try:
        import pypdf
    except ImportError:
        raise Unavailable(MISSING) from None
    return pypdf
