"""What a coach is told of many files: how many came, then the like together, what is to be done first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from lms.sync.words import count
from lms.web.notices import Entry, Linkable, Notice

Kind = Literal["good", "part", "info", "bad"]


class File(NamedTuple):
    """A file by its name, and what became of it: several things, if it is a chat.

    `nobodys` is what is to be said and done of what in it is nobody's: the same of many files. "bad" is one that could
    not be received, "info" one that brings no progress.
    """

    name: str
    said: Sequence[Notice]
    nobodys: str = ""

    @property
    def is_here(self) -> bool:
        """Whether anything in it could be received."""
        return any(one.kind in ("good", "part") for one in self.said)


_GROUPS: tuple[tuple[Kind, str, str], ...] = (
    ("bad", "archivo no se pudo recibir", "archivos no se pudieron recibir"),
    ("part", "archivo recibido, con algo pendiente", "archivos recibidos, con algo pendiente"),
    ("info", "archivo no trae avance", "archivos no traen avance"),
    ("good", "archivo recibido", "archivos recibidos"),
)
"""What is to be done stands first; what is nobody's after what could not be received."""

_NOBODYS = ("archivo recibido que todavía no es de nadie", "archivos recibidos que todavía no son de nadie")


def summed_up(files: Sequence[File]) -> str:
    """How many files came, and how many did not."""
    here = sum(file.is_here for file in files)
    others = f", {len(files) - here} no" if here < len(files) else ""
    return f"{count(here, 'archivo recibido', 'archivos recibidos')}{others}."


def grouped(files: Sequence[File]) -> list[Notice]:
    """Everything that is to be told of them; what has a receipt or a list of its own stands by itself, after its kind."""
    ordered = sorted(files, key=lambda file: _as_people_count(file.name))
    told = []
    for kind, one, many in _GROUPS:
        same = [
            (file.name, said)
            for file in ordered
            if not file.nobodys
            for said in file.said
            if said.kind == kind
        ]
        plain = [(name, said) for name, said in same if not _is_alone(said)]
        if plain:
            told.append(Notice(kind, count(len(plain), one, many), entries=_entries(plain)))
        told += [said._replace(text=f"{name}: {said.text}") for name, said in same if _is_alone(said)]
        if kind == "bad":
            told += _nobodys([file for file in ordered if file.nobodys])
    return told


def _nobodys(files: Sequence[File]) -> Iterable[Notice]:
    for words in dict.fromkeys(file.nobodys for file in files):
        same = [file for file in files if file.nobodys == words]
        free: dict[str, list[Linkable]] = {}
        for file in same:
            for said in file.said:
                named = [one._replace(where=f"{file.name}: {one.where}") for one in said.linkable]
                free.setdefault(said.text, []).extend(named)
        entries = tuple(Entry("", came, tuple(linkable)) for came, linkable in free.items())
        yield Notice("part", count(len(same), *_NOBODYS), advice=words, entries=entries)


def _is_alone(said: Notice) -> bool:
    return bool(said.receipt or said.entries or said.questions or said.asked or said.linkable)


def _entries(told: Sequence[tuple[str, Notice]]) -> tuple[Entry, ...]:
    names: dict[str, list[str]] = {}
    for name, said in told:
        names.setdefault(said.text, []).append(name)
    return tuple(Entry(", ".join(dict.fromkeys(same)), words) for words, same in names.items())


def _as_people_count(name: str) -> list[tuple[int, str]]:
    """What sorts «avance 2» before «avance 10»."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part[:18] or 0), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
