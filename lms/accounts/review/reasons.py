"""The reasons for which something waits for a coach: one list of them, which page and answers follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from lms.accounts.review import codes, queries, servers
from lms.accounts.review.items import Listed, Look
from lms.accounts.review.unsigned import refused, unsigned


@dataclass(frozen=True, slots=True)
class Reason:
    """One of them: its name in addresses, its title, a sentence that says what to do, its question.

    `verbs` are the answers it takes: "si", "no", "visto" (seen), "vuelve" (ask again). `whole` are those that a whole
    list may be given at once. `links` says that one may be given to somebody else, and `waits` that somebody has to act.
    """

    name: str
    title: str
    why: str
    listed: Callable[[Look], Awaitable[Listed]]
    verbs: tuple[str, ...]
    whole: tuple[str, ...]
    links: bool = False
    waits: bool = True


REASONS = (
    Reason(
        "traido",
        "Avance de alguien, que trajo otra persona",
        "Es de un equipo que ya es de esta persona, pero llegó sin su PIN. No cuenta hasta que respondas.",
        queries.held,
        ("si", "no"),
        ("si",),
    ),
    Reason(
        "varios",
        "Avance que dice ser de varias personas",
        "Ya cuenta para la primera que nombró, por confirmar. Pregunta de quién es antes de responder.",
        queries.contested,
        ("si", "no"),
        (),
        links=True,
    ),
    Reason(
        "confirmar",
        "Avance por confirmar",
        "Trae su documento, pero llegó sin su PIN. Acepta solo el que sepas que es suyo: sirve para su constancia.",
        queries.unverified,
        ("si", "no"),
        ("si",),
        links=True,
    ),
    Reason(
        "nadie",
        "Avance que todavía no es de nadie",
        "No se pierde, pero no cuenta para nadie. Si sabes de quién es, enlázalo.",
        queries.of_nobody,
        ("si", "visto"),
        ("si", "visto"),
        links=True,
    ),
    Reason(
        "codigo",
        "Códigos que todavía no son de nadie",
        "Llegaron por mensaje o foto, sin nombre. No se pierden: contarán cuando llegue el archivo de su persona, "
        "cuando ella ingrese y los traiga otra vez en «Mi avance», o cuando tú los enlaces.",
        codes.of_nobody,
        ("visto",),
        ("visto",),
        links=True,
    ),
    Reason(
        "dividido",
        "Códigos de una persona, con el avance de otra",
        "Mientras no respondas, el código cuenta para quien dijo que es suyo. Pregunta a las dos personas. "
        "Si está bien así, pulsa «Ya lo vi».",
        codes.divided,
        ("si", "visto"),
        ("visto",),
    ),
    Reason(
        "borrado",
        "Avance que se borró en otro servidor",
        "Aquí no se borró nada, porque es de alguien que tiene una cuenta. Pregúntale si también quiere borrarla aquí: "
        "la borra en «Mis datos», o quien administra este servidor.",
        queries.erased_elsewhere,
        ("visto",),
        ("visto",),
    ),
    Reason(
        "firma",
        "Registros sin la firma de su equipo",
        "Ya cuentan, pero nada prueba que los escribió ese equipo. Pregunta a la persona si hizo eso. Si no, responde "
        "«No es suyo»: dejan de contar, y lo demás de su avance sigue igual. Si su equipo los firma después, cuentan.",
        unsigned,
        ("no", "visto"),
        ("visto",),
    ),
    Reason(
        "rechazado",
        "Registros que no se aceptaron",
        "Lo demás de cada envío sí entró. Dile a quien lo envió lo que aquí se explica.",
        queries.refused,
        ("visto",),
        ("visto",),
    ),
    Reason(
        "reloj",
        "Equipos con la fecha equivocada",
        "Su avance entró y cuenta. Solo hay que corregir la fecha del equipo.",
        queries.clocks,
        ("visto",),
        ("visto",),
    ),
    Reason(
        "servidor",
        "Servidores con la fecha equivocada",
        "Anotaron algo con esa fecha: cuentas nuevas, o lo que se hizo en páginas sin JavaScript. Hay que corregirla allí.",
        servers.wrong,
        ("visto",),
        ("visto",),
    ),
    Reason(
        "copia",
        "Equipos copiados",
        "Llegaron registros distintos con un mismo número: alguien copió un disco, volvió a una copia anterior, o escribió "
        "en nombre de ese equipo. No se perdió nada, y todo cuenta. Si nadie copió ese equipo, mira quién lo trajo.",
        queries.forks,
        ("visto",),
        ("visto",),
    ),
    Reason(
        "aparte",
        "Avance que no se aceptó",
        "No cuenta. Si alguien se equivocó al responder, vuelve a ponerlo por confirmar.",
        queries.apart,
        ("vuelve", "visto"),
        ("visto",),
        waits=False,
    ),
    Reason(
        "sinfirma",
        "Registros sin firma que no se aceptaron",
        "No cuentan. Si alguien se equivocó al responder, vuelve a ponerlos por confirmar: contarán otra vez.",
        refused,
        ("vuelve", "visto"),
        ("visto",),
        waits=False,
    ),
)

KINDS = {
    "nadie": "nobody",
    "codigo": "code",
    "dividido": "divided",
    "borrado": "erased",
    "firma": "unsigned",
    "sinfirma": "unsigned refused",
    "rechazado": "refused",
    "reloj": "clock",
    "servidor": "server",
    "copia": "fork",
    "aparte": "apart",
}
"""What the table `reviewed` calls the things of a reason."""


async def waiting(look: Look) -> list[tuple[Reason, int]]:
    """The reasons for which somebody has to act, and how many things wait for each."""
    alone = replace(look, start=0, most=0)
    counted = [(reason, (await reason.listed(alone)).total) for reason in REASONS if reason.waits]
    return [(reason, count) for reason, count in counted if count]
