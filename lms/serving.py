"""`lms serve`: the site on a port of this machine, until it is told to stop."""

from __future__ import annotations

import errno
import gc
import logging
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from lms.addresses import here, nearby
from lms.errors import LmsError, Unavailable
from lms.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Server


@click.command(help="Sirve los cursos en este equipo hasta que pulses Ctrl-C.")
@click.option("--host", metavar="DIRECCIÓN", help="Dirección en la que escucha (LMS_HOST).")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="NÚMERO", help="Puerto en el que escucha (LMS_PORT)."
)
def serve(host: str | None, port: int | None) -> None:
    """Run the server until it is told to stop; what it has acknowledged is on disk."""
    _return_memory()
    gc.disable()  # what is imported stays for good: looking through it again and again finds nothing
    import uvicorn  # noqa: F401 - before memory is frozen

    from lms.app import create_app

    gc.freeze()
    gc.enable()
    given = {"LMS_HOST": host, "LMS_PORT": str(port) if port else None}
    settings = Settings.load({**os.environ, **{name: value for name, value in given.items() if value}})
    app = create_app(settings)

    server = _server(app, settings)
    # What is said in words at the end needs no traceback before it.
    logging.getLogger("uvicorn.error").addFilter(lambda _: app.state.refusal is None)
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    except SystemExit:
        _refuse(app.state.refusal, settings)
        raise
    if not server.started:
        _refuse(app.state.refusal, settings)
        sys.exit(1)


def _server(app: Starlette, settings: Settings) -> Server:
    import uvicorn

    class Announced(uvicorn.Server):
        """Says where it is once it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                click.echo(_where(settings))

    return Announced(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )


def _where(settings: Settings) -> str:
    local, lan = here(settings.host, settings.port), nearby(settings.host, settings.port)
    ways = [f"{local} en este equipo"]
    if lan:
        ways.append(f"{lan} en otro de la misma red" if lan != local else "en otro de la misma red")
    if settings.address:
        ways.append(f"{settings.address} para todos")
    return f"Abre {', o '.join(ways)}. Para detener el servidor, pulsa Ctrl-C."


def _refuse(refusal: LmsError | None, settings: Settings) -> None:
    """Say why the server did not start, if anything tells."""
    if found := refusal or _taken(settings.host, settings.port):
        raise found from None


def _taken(host: str, port: int) -> Unavailable | None:
    """Why nobody can listen there, None if somebody can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        hints = {
            errno.EADDRINUSE: "Lo usa otro programa, quizá otro Chaski: ciérralo, o elige otro puerto con --port.",
            errno.EACCES: "Este usuario no puede usarlo: elige uno más alto con --port, como 8000.",
        }
        hint = hints.get(error.errno or 0, "Revisa la dirección (--host) y el puerto (--port).")
        return Unavailable(f"No se puede escuchar en el puerto {port} de «{host}». {hint}")
    return None


def _return_memory() -> None:
    """Have glibc keep one heap and give back what is free of it; elsewhere nothing changes.

    Its usual heap for each thread and ever larger spare blocks hold 5 to 10 MiB more of a small machine's memory.
    """
    import ctypes

    # Well above the 256 KiB that asyncio takes and returns with each request.
    mebibyte = 1024 * 1024
    options = {"M_ARENA_MAX": (-8, 1), "M_MMAP_THRESHOLD": (-3, mebibyte), "M_TRIM_THRESHOLD": (-1, mebibyte)}
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        for number, value in options.values():
            mallopt(number, value)
