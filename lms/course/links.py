"""The links and pictures of a lesson, found in its Markdown with their lines, and where each leads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>(?:[^\[\]\\]|\\.)*)\]"
    r"\([ \t]*<?(?P<target>[^\s()<>]*)>?(?:\s+[\"'](?P<title>[^\"']*)[\"'])?[ \t]*\)"
)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LESSON = re.compile(r"(?:\.\./lessons/|\./)?(?P<lesson>[a-z0-9-]+)\.md(?:#(?P<anchor>[a-z0-9-]*))?")
_MEDIA = re.compile(r"(?:\.\./)?(?P<path>media/[A-Za-z0-9._-]+)")
_WEB = re.compile(r"(?:https?|mailto|tel|sms):\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, or a picture when `picture` is true; `text` is a picture's alternative text.

    `target` is as written; `title` is "" when there is none; `line` is that of the opening bracket.
    """

    picture: bool
    text: str
    target: str
    title: str
    line: int


def links(text: str, first_line: int = 1) -> Iterator[Reference]:
    """Find the links and pictures of Markdown that begins at `first_line` of its file."""
    shown = without_code(text)
    for found in _LINK.finditer(shown):
        line = first_line + shown.count("\n", 0, found.start())
        yield Reference(
            bool(found["picture"]),
            found["text"].strip(),
            found["target"],
            (found["title"] or "").strip(),
            line,
        )


def without_code(text: str) -> str:
    """Blank what stands between backticks: it is shown as typed. Positions stay, and so do lines."""
    return _CODE.sub(lambda code: " " * len(code[0]), text)


def media_path(target: str) -> str:
    """Return the course's file a picture names, as media/x.svg, or "" for any other target."""
    found = _MEDIA.fullmatch(target)
    return found["path"] if found else ""


def lesson_target(target: str) -> tuple[str, str] | None:
    """Return the lesson and the anchor that `other.md#heading` names, or None for any other target."""
    found = _LESSON.fullmatch(target)
    return (found["lesson"], found["anchor"] or "") if found else None


def leads_out(target: str) -> bool:
    """Tell whether a target is an address outside the course, which needs the network or a program."""
    return _WEB.fullmatch(target) is not None
