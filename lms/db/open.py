"""Opening a database: the engine is chosen here and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lms.db.interface import Database
from lms.db.migrate import lacking, migrate
from lms.errors import Invalid


async def open_database(place: str | Path) -> Database:
    """Open the SQLite file at `place` (made if missing; `:memory:` keeps nothing) or a `postgresql://` URL."""
    if str(place).startswith(("postgres:", "postgresql:")):  # an engine is imported only when it is used
        try:
            from lms.db.postgres import open_postgres
        except ImportError as error:
            raise Invalid("Para usar PostgreSQL falta instalar «lms[postgres]» con pip.") from error
        return await open_postgres(str(place))
    from lms.db.sqlite import open_sqlite

    return await open_sqlite(str(place).removeprefix("sqlite:///"))


@asynccontextmanager
async def ready_database(place: str | Path) -> AsyncIterator[Database]:
    """The database at `place`, closed at the end. A file is brought up to date; a server that is not is refused."""
    db = await open_database(place)
    try:
        if db.engine == "sqlite":
            await migrate(db)
        elif await db.value("SELECT to_regclass('migrations')") is None or await lacking(db):
            raise Invalid("La base de datos no está al día: ejecuta «lms migrate» y vuelve a empezar.")
        yield db
    finally:
        await db.close()
