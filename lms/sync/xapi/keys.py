"""What programs sign in with: a name and a long random secret, of which only a hash is kept."""

import hashlib
import hmac
import re
import secrets
from typing import Literal

from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database
from lms.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated

May = Literal["read", "write", "all"]
"""What a key opens: reading what everybody did here, leaving statements, or both."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Key(Struct, frozen=True):
    """One key; `revoked_at` is empty while it opens the door."""

    name: str
    may: May
    made_at: str
    revoked_at: str


async def new_key(db: Database, name: str, may: May, clock: Clock = system_clock) -> str:
    """Make a key and return its secret, which cannot be shown again."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "El nombre de la llave lleva minúsculas sin tilde, números y guiones, hasta 40: ugel-cusco."
        )
    secret = secrets.token_urlsafe(24)
    values = {"name": name, "hash": _hash(secret), "may": may, "at": stamp(clock())}
    made = await db.execute(
        "INSERT INTO xapi_keys (name, hash, may, made_at) VALUES (:name, :hash, :may, :at)"
        " ON CONFLICT (name) DO NOTHING",
        values,
    )
    if not made:
        raise Conflict(f"Ya hubo una llave «{name}». Elige otro nombre.")
    return secret


async def all_keys(db: Database) -> list[Key]:
    """Every key there was, by name."""
    return await db.rows("SELECT name, may, made_at, revoked_at FROM xapi_keys ORDER BY name", into=Key)


async def revoke_key(db: Database, name: str, clock: Clock = system_clock) -> None:
    """From now on the key opens nothing. Its name is not given again, as statements say it."""
    changed = await db.execute(
        "UPDATE xapi_keys SET revoked_at = :at WHERE name = :name AND revoked_at = ''",
        {"name": name, "at": stamp(clock())},
    )
    if not changed:
        raise NotFound(f"No hay una llave «{name}» en uso. Mira cuáles hay: lms xapi key list")


async def holder(db: Database, name: str, secret: str, to: Literal["read", "write"]) -> str:
    """The name of the key that somebody has, if it opens what they want."""
    sql = "SELECT hash, may FROM xapi_keys WHERE name = :name AND revoked_at = ''"
    row = await db.row(sql, {"name": name}) if _NAME.fullmatch(name) else None
    kept = row["hash"] if row else ""
    if not hmac.compare_digest(kept, _hash(secret)):
        raise Unauthenticated("This key is unknown, wrong or revoked: see lms xapi key list.")
    if row is None or row["may"] not in (to, "all"):
        raise Forbidden(f"This key may not {to} statements.")
    return name


def _hash(secret: str) -> str:
    """A plain hash is enough for 192 random bits: nobody can guess them back."""
    return hashlib.sha256(secret.encode()).hexdigest()
