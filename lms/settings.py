"""Every setting of a server, as data: read from environment variables, documented in `docs/operations.md`."""

import os
import platform
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Self

from lms.errors import Invalid
from lms.files import in_words, private_folder, write_whole


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its attribute in `Settings`, its environment variable, how it is read, what it is for.

    `form` says in Spanish what it takes, to whoever wrote something else.
    """

    name: str
    env: str
    kind: Callable[[str], Any]
    default: str
    help: str
    form: str = ""


def _log_level(text: str) -> str:
    level = text.upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return level


def _size(text: str) -> int:
    size = int(text)
    if size < 1:
        raise ValueError(text)
    return size


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 <= minutes < 1e6:
        raise ValueError(text)
    return minutes


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(text)
    return count


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port <= 65535:
        raise ValueError(text)
    return port


Span = tuple[time, time]
"""From one time of the day to another, past midnight too."""


def _hours(text: str) -> Span | None:
    if not text:
        return None
    first, last = (datetime.strptime(one.strip(), "%H:%M").time() for one in text.split("-"))
    return first, last


SHORTEST_SECRET = 32
"""Fewest characters of the key that signs cookies: what can be guessed opens every account."""


def _secret(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError(text)
    return text


SHORTEST_TOKEN = 16
"""Fewest characters of the token that opens /metrics."""

LOCAL = "local"
"""What stands for a token where only the machine itself may look."""


def _token(text: str) -> str:
    if text and text != LOCAL and len(text) < SHORTEST_TOKEN:
        raise ValueError(text)
    return text


_POINT = re.compile("[A-Za-z0-9_-]{87}")


def _public_key(text: str) -> str:
    if text and not _POINT.fullmatch(text):
        raise ValueError(text)
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("data", "LMS_DATA", Path, "./data", "Folder with everything this server must not lose."),
    Setting("database_url", "LMS_DATABASE", str, "", "Database; empty means lms.db in the data folder."),
    Setting("courses", "LMS_COURSES", Path, "./courses", "Folder with one folder of sources a course."),
    Setting("packs", "LMS_PACKS", Path, "./packs", "Folder with the packs built here or received."),
    Setting("key", "LMS_KEY", str, "", "Name of the key that signs the packs built here; empty: unsigned."),
    Setting("host", "LMS_HOST", str, "0.0.0.0", "Address to listen on."),  # noqa: S104 - for a school
    Setting("port", "LMS_PORT", _port, "8000", "Port to listen on.", "un número de 1 a 65535, como 8000"),
    Setting(
        "address",
        "LMS_ADDRESS",
        str,
        "",
        "Where people reach this site (https://…): QR codes on paper lead there.",
    ),
    Setting(
        "receiver",
        "LMS_RECEIVER",
        _public_key,
        "",
        "Key of the server to which packs built here close their progress files; empty: they stay open.",
        "la llave de 87 letras que muestra «lms node key» en el servidor que recibirá el avance",
    ),
    Setting("name", "LMS_NAME", str, "Chaski", "Name people see on every page."),
    Setting("node", "LMS_NODE", str, "", "Name by which other servers know this one; empty: the machine's."),
    Setting(
        "sync_every",
        "LMS_SYNC_EVERY",
        _minutes,
        "15",
        "Minutes between exchanges with the servers above this one; 0: only when told to.",
        "cuántos minutos pasan entre un intercambio y otro, como 15; 0 es solo cuando se pide",
    ),
    Setting(
        "sync_hours",
        "LMS_SYNC_HOURS",
        _hours,
        "",
        "Hours in which it may exchange (22:00-05:00); empty: any.",
        "desde qué hora y hasta cuál, así: 22:00-05:00",
    ),
    Setting(
        "fixed_secret",
        "LMS_SECRET",
        _secret,
        "",
        "Key that signs cookies, at least 32 characters; empty: kept in the data folder.",
        f"una clave de {SHORTEST_SECRET} caracteres o más; sin este ajuste se hace una sola",
    ),
    Setting(
        "backups",
        "LMS_BACKUPS",
        _count,
        "7",
        "How many daily backups this server keeps in its data folder; 0: it makes none.",
        "cuántas copias se guardan, como 7; 0 es ninguna",
    ),
    Setting(
        "metrics",
        "LMS_METRICS",
        _token,
        "",
        "Who may read /metrics: `local` for this machine, or a token of at least 16 characters; empty: nobody.",
        f"«local», o una contraseña de {SHORTEST_TOKEN} caracteres o más",
    ),
    Setting(
        "log_level",
        "LMS_LOG_LEVEL",
        _log_level,
        "INFO",
        "DEBUG, INFO, WARNING or ERROR.",
        "uno de estos: DEBUG, INFO, WARNING, ERROR",
    ),
    Setting(
        "dictionary",
        "LMS_DICTIONARY",
        Path,
        "/usr/share/hunspell/es_PE.dic",
        "Spanish Hunspell dictionary for `lms check --spelling`.",
    ),
    Setting(
        "max_body",
        "LMS_MAX_BODY",
        _size,
        "9437184",
        "Largest body of a request, in bytes.",
        "cuántos bytes se reciben a lo más de una vez, como 9437184",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; one attribute for each row of `SETTINGS`."""

    data: Path
    database_url: str
    courses: Path
    packs: Path
    key: str
    host: str
    port: int
    address: str
    receiver: str
    name: str
    node: str
    sync_every: float
    sync_hours: Span | None
    fixed_secret: str
    backups: int
    metrics: str
    log_level: str
    dictionary: Path
    max_body: int

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The settings `environ` asks for; `Invalid` names every variable that cannot be read."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in SETTINGS:
            text = environ.get(setting.env) or setting.default
            try:
                values[setting.name] = setting.kind(text)
            except ValueError:
                # What is wrong ends up in logs and on screens: never a key, not even one too short.
                shown = "lo que dice" if setting.kind in (_secret, _token) else f"«{text}»"
                wrong.append(f"{setting.env}: {shown} no vale. Escribe {setting.form}.")
        if wrong:
            raise Invalid("Corrige estos ajustes y vuelve a empezar.\n" + "\n".join(wrong))
        return cls(**values)

    @property
    def database(self) -> str:
        """What `lms.db.open_database` takes: a PostgreSQL URL or the path of the SQLite file."""
        return self.database_url or str(self.data / "lms.db")

    @property
    def node_name(self) -> str:
        """How this server introduces itself to others."""
        return self.node or platform.node() or self.name

    @property
    def is_shared(self) -> bool:
        """Whether other processes, perhaps on other machines, use the same database."""
        return self.database_url.startswith(("postgres:", "postgresql:"))

    @property
    def secret(self) -> str:
        """The key that signs cookies; made once and kept, readable by its owner only, in the data folder.

        Where several processes share one database they must share the key too, and nobody has that folder but one.
        """
        if self.is_shared and not self.fixed_secret:
            raise Invalid(
                "Con una base de datos PostgreSQL pon en LMS_SECRET una clave secreta de 32 caracteres o más, "
                "la misma en todos los procesos."
            )
        return self.fixed_secret or _kept_secret(self.data / "secret")


def _kept_secret(file: Path) -> str:
    if not file.exists():
        _make_secret(file)
    elif not _written(file):
        # Empty after a power cut: it protects nothing, and a school must not need somebody who can mend it.
        file.unlink(missing_ok=True)
        _make_secret(file)
    secret = _written(file)
    if len(secret) < SHORTEST_SECRET:
        raise Invalid(
            f"La clave de {file} tiene menos de {SHORTEST_SECRET} caracteres y se podría adivinar. "
            "Borra ese archivo y vuelve a empezar: se hará otra, y cada persona tendrá que ingresar de nuevo."
        )
    return secret


def _written(file: Path) -> str:
    """What the file says; a file system that lost its last bytes leaves it empty or full of zeros."""
    with in_words():
        return file.read_text("ascii", "ignore").strip("\0 \t\r\n")


def _make_secret(file: Path) -> None:
    private_folder(file.parent)
    # Of two processes that start at once, the first wins and both read the same whole file.
    write_whole(file, f"{secrets.token_urlsafe(32)}\n".encode(), mode=0o600, first_wins=True)
