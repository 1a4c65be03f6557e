"""The events here as a file of statements, written as they are read: as much memory for a nation as for a school."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from lms.db import Database
from lms.events.holding import profile_of
from lms.files import whole_file
from lms.sync.xapi.mapping import Teller
from lms.sync.xapi.queries import Wanted, bodies, names_of, told
from lms.sync.xapi.vocabulary import VERBS

_AT_ONCE = 500


async def write_statements(
    db: Database, teller: Teller, file: Path, profiles: Sequence[str] | None, *, documents: bool = False
) -> int:
    """Write the statements of these profiles (None: of all) in the order in which they came; how many there are.

    One statement a line if the file's name ends in `.jsonl`, else one list. What a record store says of a
    statement, `stored` and `authority`, is left to the one that takes it. With `documents` whoever is vouched
    for is called by their document and name.
    """
    lined = file.suffix == ".jsonl"
    count = 0
    with whole_file(file) as out:
        out.write(b"" if lined else b"[")
        async for lines in _pages(db, profiles):
            telling = replace(teller, called=await names_of(db, _profiles(lines))) if documents else teller
            told_now = [one for line in lines if (one := telling.tell(line))]
            for statement in told_now:
                out.write(b"" if lined else b",\n" if count else b"\n")
                out.write(msgspec.json.encode(statement) + (b"\n" if lined else b""))
                count += 1
        out.write(b"" if lined else b"\n]\n")
    return count


async def _pages(db: Database, profiles: Sequence[str] | None) -> AsyncIterator[list[bytes]]:
    wanted = Wanted(list(VERBS), profiles=profiles, ascending=True)
    place = wanted.start()
    while rows := await told(db, wanted, place, _AT_ONCE):
        places = [row.place for row in rows if row.size is not None]
        found = await bodies(db, places)
        yield [found[place] for place in places if place in found]
        place = rows[-1].place


def _profiles(lines: Sequence[bytes]) -> list[str]:
    return sorted({profile_of(line) for line in lines})
