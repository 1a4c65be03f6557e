"""How a server is: each section a name, a title and a question; `lms stats` asks all that it is given.

Sections are plain tuples so that a feature can have its own without knowing this one: `lms/commands.py` puts them together.
"""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from lms.clock import is_stamp, moment_in_words, stamp, system_clock
from lms.db import Database
from lms.events.stand_ins import unowned_codes
from lms.settings import Settings
from lms.upkeep import queries
from lms.upkeep.contents import FOLDER, own_backups
from lms.upkeep.shelf import last_of

DAYS = 14
MOST_REASONS = 10

Row = tuple[str, str, int | str]
"""A key for programs, words for people, a value; `_bytes` and `_seconds` at the end of the key say what it counts."""

Section = tuple[str, str, Callable[[Database, Settings], Awaitable[Sequence[Row]]]]

_QUARANTINE = f"SELECT reason, count(*) FROM quarantine GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_REASONS}"  # noqa: S608 - a text of ours
# Who signs up has a profile before any progress.
_LINKS = """
SELECT status, count(*) FROM links WHERE EXISTS (SELECT 1 FROM events WHERE events.profile = links.profile) GROUP BY 1
"""
_HELD = {"waiting": "Esperan que su dueño o un acompañante responda", "turned away": "Rechazados por ellos"}
_WAYS = {
    "session": "Páginas del sitio",
    "open": "Enviados desde fuera (/recibir)",
    "file": "Archivos",
    "signed": "Archivos que firmó su equipo",
    "node": "Otros servidores",
    "page": "Sin JavaScript",
}


async def people(db: Database, settings: Settings) -> list[Row]:
    """Accounts by role, and profiles by whether they are somebody's."""
    roles = await queries.counts(db, "SELECT role, count(*) FROM persons GROUP BY 1 ORDER BY 1")
    links = dict(await queries.counts(db, _LINKS))
    profiles = int(await db.value("SELECT count(*) FROM (SELECT DISTINCT profile FROM events) AS known"))
    return [
        ("persons", "Personas con cuenta", sum(count for _, count in roles)),
        *((f"role_{role}", f"  {role}", count) for role, count in roles),
        ("profiles", "Perfiles con avance", profiles),
        ("links_vouched", "  confirmados", links.get("vouched", 0)),
        ("links_unverified", "  por confirmar", links.get("unverified", 0)),
    ]


async def events(db: Database, settings: Settings) -> list[Row]:
    """What arrived: in all, each of the last days, each way."""
    now = system_clock()
    last = await db.value("SELECT count(*) FROM events")
    days, ways = await queries.events_since(db, now - timedelta(days=DAYS))
    today = now - timedelta(hours=5)
    shown = [(today - timedelta(days=back)).date().isoformat() for back in range(DAYS)]
    return [
        ("events", "Registros en total", int(last)),
        *((day, f"  {day}", days[day]) for day in shown),
        *(
            (f"from_{way}", f"{_WAYS.get(way, way)}, {DAYS} días", count)
            for way, count in sorted(ways.items())
        ),
    ]


async def waiting(db: Database, settings: Settings) -> list[Row]:
    """What did not count yet, and why."""
    pending = int(await db.value("SELECT coalesce(sum(pending), 0) FROM outcomes"))
    held = dict(await queries.counts(db, "SELECT status, count(*) FROM held GROUP BY 1"))
    refused = await queries.counts(db, _QUARANTINE)
    return [
        ("pending", "Respuestas por calificar (falta su versión del curso)", pending),
        *(
            (f"held_{status}".replace(" ", "_"), words, held.get(status, 0))
            for status, words in _HELD.items()
        ),
        ("codes_of_nobody", "Códigos que todavía no son de nadie", await unowned_codes(db)),
        ("quarantine", "No aceptados", int(await db.value("SELECT count(*) FROM quarantine"))),
        *((reason, f"  {reason}", count) for reason, count in refused),
    ]


async def storage(db: Database, settings: Settings) -> list[Row]:
    """Room, and the last backup."""
    folder = settings.data / FOLDER
    backups = [] if settings.is_shared else own_backups(folder)
    last = last_of(folder, settings.node_name) if backups else None
    made = datetime.fromtimestamp(last.stat().st_mtime, UTC) if last else None
    return [
        ("database_bytes", "Base de datos", await queries.database_bytes(db, settings)),
        ("free_bytes", "Espacio libre en el disco", shutil.disk_usage(settings.data).free),
        ("backups", "Copias en backups/", len(backups)),
        ("last_backup", "Última copia", stamp(made) if made else "ninguna"),
    ]


async def lateness(db: Database, settings: Settings) -> list[Row]:
    """How late events come, and whose clocks are wrong."""
    found = await queries.clocks(db)
    return [
        ("longest_seconds", "El que más tardó en llegar", found.longest),
        ("clocks_ahead", "Con el reloj adelantado", found.ahead),
        ("clocks_unset", "Con el reloj sin poner en hora", found.unset),
    ]


SECTIONS: tuple[Section, ...] = (
    ("people", "Personas", people),
    ("events", "Registros de avance", events),
    ("waiting", "Lo que no cuenta todavía", waiting),
    ("storage", "Disco", storage),
    ("lateness", f"Los últimos {queries.LOOKED_AT} registros", lateness),
)


async def ask(db: Database, settings: Settings, sections: Sequence[Section]) -> dict[str, Sequence[Row]]:
    """The rows of each section, by its name."""
    return {name: await question(db, settings) for name, _, question in sections}


def as_words(found: dict[str, Sequence[Row]], sections: Sequence[Section]) -> str:
    """One table a section, for people."""
    width = max(len(words) for rows in found.values() for _, words, _ in rows)
    blocks = []
    for name, title, _ in sections:
        rows = [f"  {words:<{width}}  {_shown(key, value):>12}" for key, words, value in found[name]]
        blocks.append("\n".join([title, *rows]))
    return "\n\n".join(blocks)


def _shown(key: str, value: int | str) -> str:
    if key.endswith("_bytes"):
        return f"{int(value) / 1_000_000:,.1f} MB"
    if key.endswith("_seconds"):
        days, rest = divmod(int(value), 86_400)
        return f"{days} d {rest // 3600} h" if days else f"{rest // 3600} h {rest % 3600 // 60} min"
    return moment_in_words(value) if isinstance(value, str) and is_stamp(value) else str(value)
