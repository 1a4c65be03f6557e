"""HTML of ours as XHTML: the same elements in the syntax of XML, which readers of electronic books ask for."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_VOID = frozenset(("br", "hr", "img", "input"))  # those that our articles may have
_TOO_NEW = "autocorrect"  # an attribute that the rules for books, as of EPUB 3.3, do not know
Attributes = list[tuple[str, str | None]]


def xhtml(html: str) -> str:
    """Write a fragment as XML; ValueError unless its elements are closed in order, as all are that we make."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    if writer.open:
        raise ValueError(f"<{writer.open[-1]}> is not closed")
    return "".join(writer.written)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        said = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name != _TOO_NEW)
        self.written.append(f"<{tag}{said}{'/' if tag in _VOID else ''}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing")
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data, quote=False))
