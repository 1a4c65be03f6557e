"""What is asked of the tables of persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.clock import day_in_peru
from lms.db import Database, Statements
from lms.people.documents import readings
from lms.people.model import Names, Person
from lms.people.names import plain_name

_PERSON = """SELECT id, document_type, document, given_names, paternal, maternal, role, privacy_version,
    privacy_at, created_at, pin_set_by, pin_set_at, epoch FROM persons """

_AT_ONCE = 1000  # documents


@dataclass(frozen=True, slots=True)
class Secrets:
    """What an account is opened with, hashed."""

    pin_hash: str
    recovery_hash: str


async def person(db: Statements, id: str) -> Person | None:
    """The person with this id."""
    return await db.row(_PERSON + "WHERE id = :id", {"id": id}, into=Person)


async def person_with_document(db: Statements, document: str) -> Person | None:
    """The person with this document number."""
    return await db.row(_PERSON + "WHERE document = :document", {"document": document}, into=Person)


async def person_typed(db: Statements, typed: str) -> Person | None:
    """The person with the document that somebody typed, of whatever kind and however written."""
    for number in readings(typed):
        found = await person_with_document(db, number)
        if found:
            return found
    return None


async def persons_typed(db: Statements, typed: Sequence[str]) -> list[Person]:
    """Who has the documents that somebody typed, of whatever kind and however written, in their order."""
    numbers = [readings(one) for one in dict.fromkeys(typed)]
    wanted = list(dict.fromkeys(number for those in numbers for number in those))
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        asked = {"documents": wanted[start : start + _AT_ONCE]}
        rows = await db.rows(_PERSON + "WHERE document IN (:documents)", asked, into=Person)
        found |= {one.document: one for one in rows}
    known = (next((found[number] for number in those if number in found), None) for those in numbers)
    return [one for one in known if one]


async def all_persons(db: Statements) -> list[Person]:
    """Everybody, by surname."""
    return await db.rows(_PERSON + "ORDER BY paternal, maternal, given_names, id", into=Person)


async def secrets_of(db: Statements, id: str) -> Secrets | None:
    """The hashes that open a person's account."""
    return await db.row(
        "SELECT pin_hash, recovery_hash FROM persons WHERE id = :id", {"id": id}, into=Secrets
    )


async def add_person(db: Statements, person: Person, *, pin_hash: str, recovery_hash: str) -> bool:
    """Store a new person; False when somebody already has that document."""
    values = {name: getattr(person, name) for name in Person.__dataclass_fields__}
    values |= {"pin_hash": pin_hash, "recovery_hash": recovery_hash}
    values["plain_name"] = plain_name(person.paternal, person.maternal, person.given_names)
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    sql = f"INSERT INTO persons ({columns}) VALUES ({places}) ON CONFLICT (document) DO NOTHING"  # noqa: S608 - our names
    return await db.execute(sql, values) == 1


async def set_pin(db: Statements, id: str, secrets: Secrets, *, by: str, at: str) -> None:
    """A new PIN and a new recovery code, set by the person with id `by`; every open session ends."""
    await db.execute(
        """UPDATE persons SET pin_hash = :pin_hash, recovery_hash = :recovery_hash, pin_set_by = :by,
        pin_set_at = :at, epoch = epoch + 1 WHERE id = :id""",
        {
            "id": id,
            "pin_hash": secrets.pin_hash,
            "recovery_hash": secrets.recovery_hash,
            "by": by,
            "at": at,
        },
    )


async def end_sessions(db: Statements, id: str) -> None:
    """End every open session of a person, on whatever browser."""
    await db.execute("UPDATE persons SET epoch = epoch + 1 WHERE id = :id", {"id": id})


async def use_recovery_code(db: Statements, id: str, used: str, new: str) -> bool:
    """Swap the used code's hash for a new one; False when another request was quicker with the same code."""
    sql = "UPDATE persons SET recovery_hash = :new WHERE id = :id AND recovery_hash = :used"
    return await db.execute(sql, {"id": id, "used": used, "new": new}) == 1


async def set_names(db: Statements, id: str, names: Names) -> None:
    """Correct how a person is called."""
    values = {"given": names.given_names, "paternal": names.paternal, "maternal": names.maternal}
    plain = plain_name(names.paternal, names.maternal, names.given_names)
    await db.execute(
        "UPDATE persons SET given_names = :given, paternal = :paternal, maternal = :maternal,"
        " plain_name = :plain WHERE id = :id",
        {"id": id, "plain": plain, **values},
    )


async def set_document(db: Statements, id: str, document_type: str, document: str) -> bool:
    """Correct a person's document; False when somebody else has that number."""
    taken = "SELECT 1 FROM persons WHERE document = :document AND id <> :id"
    if await db.value(taken, {"document": document, "id": id}):
        return False
    await db.execute(
        "UPDATE persons SET document_type = :type, document = :document WHERE id = :id",
        {"id": id, "type": document_type, "document": document},
    )
    return True


async def set_role(db: Statements, document: str, role: str) -> bool:
    """Give the person with this document a role; False when there is nobody."""
    sql = "UPDATE persons SET role = :role WHERE document = :document"
    return await db.execute(sql, {"document": document, "role": role}) == 1


async def erase_person(db: Database | Statements, id: str, *, at: str) -> None:
    """Forget a person and which profiles were theirs; what those profiles did stays, belonging to nobody.

    So does the id, which names nobody: a backup from before still has the account.
    """
    await db.execute(
        "INSERT INTO erased_persons (person, day) VALUES (:id, :day) ON CONFLICT (person) DO NOTHING",
        {"id": id, "day": day_in_peru(at).isoformat()},
    )
    await db.execute("DELETE FROM links WHERE person = :id", {"id": id})
    await db.execute("DELETE FROM undone_links WHERE person = :id", {"id": id})
    await db.execute("DELETE FROM replaced_links WHERE :id IN (person, given, by)", {"id": id})
    await db.execute("DELETE FROM device_keys WHERE person = :id", {"id": id})
    await db.execute("DELETE FROM persons WHERE id = :id", {"id": id})


async def profiles_of(db: Statements, id: str) -> list[str]:
    """Every profile linked to a person."""
    rows = await db.rows("SELECT profile FROM links WHERE person = :id", {"id": id})
    return [row["profile"] for row in rows]
