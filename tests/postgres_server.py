"""A PostgreSQL of the tests' own, in a folder that goes with them: nobody else's is touched."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from lms.db import migrate, open_database

PROGRAMS = Path(
    os.environ.get("PG_BIN") or next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]), "")
)
"""Debian keeps them out of the way, a folder for each version."""

T = TypeVar("T")

FAST = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c shared_buffers=32MB"


class Postgres:
    """A server that only its folder's owner reaches, with a database of our tables and one without any."""

    def __init__(self, options: str = FAST) -> None:
        self._options = options
        self.folder = Path(tempfile.mkdtemp(prefix="lms-pg-"))  # short: so must be a socket's path
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres")
        self._data = self.folder / "data"
        self._run("initdb", "-U", "lms", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._start("start")
        _apart(self._prepare())

    def url(self, database: str) -> str:
        """What `open_database` takes."""
        return f"postgresql://lms@/{database}?host={self.folder}"

    def emptied(self) -> str:
        """The database of our tables, with nothing in them."""
        return _apart(self._done("lms", self._empty))

    def blank(self) -> str:
        """A database without tables."""
        return _apart(self._done("blank", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"))

    def in_spanish(self) -> str:
        """A database without tables that sorts as people in Peru do, unless said otherwise."""
        return _apart(self._made("spanish", "LOCALE_PROVIDER icu ICU_LOCALE 'es-PE' TEMPLATE template0"))

    def crash(self) -> None:
        """Kill it in the middle of whatever it does, and start it again."""
        self._start("restart", "-m", "immediate")

    def stop(self) -> None:
        """End it and remove its folder."""
        self._run("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(self.folder)

    def _start(self, *how: str) -> None:
        log = self.folder / "log"
        self._run(
            "pg_ctl",
            "-w",
            "-l",
            str(log),
            "-o",
            f"-c listen_addresses= -k {self.folder} {self._options}",
            *how,
        )

    def _run(self, program: str, *arguments: str) -> None:
        asked = [str(PROGRAMS / program), "-D", str(self._data), *arguments]
        if os.geteuid() == 0:
            asked = ["runuser", "-u", "postgres", "--", *asked]
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    async def _done(self, database: str, statements: str) -> str:
        connection = await asyncpg.connect(self.url(database))
        await connection.execute(statements)
        await connection.close()
        return self.url(database)

    async def _made(self, database: str, how: str) -> str:
        admin = await asyncpg.connect(self.url("postgres"))
        await admin.execute(f"DROP DATABASE IF EXISTS {database}")
        await admin.execute(f"CREATE DATABASE {database} {how}")
        await admin.close()
        return self.url(database)

    async def _prepare(self) -> None:
        admin = await asyncpg.connect(self.url("postgres"))
        for name in ("lms", "blank"):
            await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
        db = await open_database(self.url("lms"))
        await migrate(db)
        tables = await db.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'"
        )
        await db.close()
        # Not TRUNCATE, which costs ten times as much where there is next to nothing.
        self._empty = "".join(f"DELETE FROM {row['tablename']};" for row in tables)  # noqa: S608 - our names
        self._empty += "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """What it comes to in an event loop that no test knows of."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
