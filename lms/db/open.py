"""Opening a database: the engine is chosen here and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lms.db.interface import Database
from lms.db.migrate import migrate
from lms.errors import Invalid


async def open_database(place: str | Path) -> Database:
    """Open the SQLite file at `place` (made if missing; `:memory:` keeps nothing) or a database URL."""
    if str(place).startswith(("postgres:", "postgresql:")):
        raise Invalid("Esta versión guarda sus datos en SQLite: pon en LMS_DATABASE la ruta de un archivo.")
    from lms.db.sqlite import open_sqlite  # an engine is imported only when it is used

    return await open_sqlite(str(place).removeprefix("sqlite:///"))


@asynccontextmanager
async def ready_database(place: str | Path) -> AsyncIterator[Database]:
    """The database at `place` with its tables up to date, closed at the end."""
    db = await open_database(place)
    try:
        await migrate(db)
        yield db
    finally:
        await db.close()
