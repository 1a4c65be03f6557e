"""What waits for a coach, in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Day
from typing import NamedTuple

from lms.clock import moment_said
from lms.events.batch import OTHER_BYTES
from lms.events.holding import TOO_MANY
from lms.events.model import ProgressReported
from lms.events.oddities import FIRST_DAY, day_said
from lms.web.templates import date, number

WAYS = {
    "session": "desde las páginas de este sitio",
    "page": "desde las páginas de este sitio",
    "open": "desde un paquete u otro programa",
    "file": "en un archivo o un código",
    "signed": "en un archivo que firmó su equipo",
    "node": "desde otro servidor",
}

OWNERS_WAYS = {
    "signed": "Lo firmó el equipo donde se hizo",
    "session": "Se hizo en este sitio, sin ingresar con tu PIN",
    "page": "Se hizo en este sitio, sin ingresar con tu PIN",
    "node": "Llegó de otro servidor",
    "open": "Llegó sin firma, desde un paquete u otro programa",
    "file": "Llegó en un archivo sin firma: quien lo llevó pudo cambiarlo",
}
"""How lines came, for the person whose they may be."""
IN_A_CODE = "Llegó en un código, que no lleva firma"

OF_A_CODE = "Llegó en un código, sin documento. El avance del que es ya es de esta persona, o puede serlo."
THIS_SERVER = "Este servidor"
NO_BRINGER = "Alguien que no ingresó con su PIN"

UNSIGNED = (
    "Ese equipo firma lo que guarda para el servidor, y esto llegó sin su firma. Puede ser suyo, de un archivo abierto, "
    "o alguien lo escribió en su nombre."
)
UNSIGNED_BESIDE = (
    "El equipo trajo otros registros con el mismo número. Alguien copió su disco, o alguien escribió en su nombre: "
    "esto llegó sin firma."
)

UNSIGNED_REFUSED = "Llegó sin la firma de su equipo, y un acompañante dijo que no es de esta persona."

BRINGERS = {
    "coach": "un acompañante",
    "keeper": "quien administra este servidor",
    "bearer": "alguien que no ingresó con su PIN",
}

_COACH = ", acompañante"
_SOMEBODY = "otra persona que ingresó con su PIN"

_KINDS = (
    ("exercise.answered", "respuesta", "respuestas"),
    ("assessment.submitted", "intento de evaluación", "intentos de evaluación"),
    ("progress.reported", "código de avance", "códigos de avance"),
    ("lesson.bookmarked", "marca", "marcas"),
    ("note.written", "nota", "notas"),
)

BEGUN, FINISHED = "lesson.opened", "lesson.completed"

_DONE = {
    "si": ("Lo aceptaste.", "Aceptaste {} de la lista."),
    "no": ("Quedó como que no es suyo.", "{} quedaron como que no son suyos."),
    "visto": ("Ya no está en la lista.", "{} ya no están en la lista."),
    "vuelve": ("Está otra vez por confirmar.", "{} están otra vez por confirmar."),
    "deshecho": ("Deshecho: está otra vez por revisar.", "Deshecho: {} están otra vez por revisar."),
}
NOTHING_DONE = "No cambió nada: no marcaste ninguno, o alguien respondió antes."

_COPY = (
    "Aquí ya hay otra versión de esto, y no cambió: una de las dos es una copia cambiada. No hay que enviarlo otra vez. "
    "Que la persona mire su avance aquí: si algo no es como lo hizo, que lo haga de nuevo."
)
_ALTERED = "Alguien u otro programa cambió el archivo. Pide que lo descargue otra vez en su equipo y lo suba sin abrirlo."
_SPOILT = (
    "Su equipo envió algo que no se entiende. "
    "Pide que cierre la página o el paquete, lo abra otra vez y te entregue su archivo de avance."
)


class Work(NamedTuple):
    """What lines are: how many of each type, of which courses, and how many lessons they finish or only begin.

    Whoever finishes a lesson has opened it too, perhaps many times: it is one lesson. `cut` if there are more lines.
    """

    types: Counter[str]
    courses: Sequence[str]
    finished: int = 0
    begun: int = 0
    cut: bool = False


def done(verb: str, count: int) -> str:
    """What became of an answer."""
    if verb not in _DONE or count == 0:
        return NOTHING_DONE
    one, many = _DONE[verb]
    return one if count == 1 else many.format(number(count))


def left_out(count: int) -> str:
    """What was not accepted with the others."""
    if not count:
        return ""
    those = "Queda uno" if count == 1 else f"Quedan {number(count)}"
    return f"{those} por responder aparte: el nombre no coincide con el de la cuenta."


def given(name: str) -> str:
    """Whose a profile is now."""
    return f"Ahora el avance es de {name}." if name else NOTHING_DONE


def advice(reason: str, source: str) -> str:
    """What a coach can tell who sent lines that were refused, and why they were."""
    if reason == TOO_MANY:
        return reason
    said = _COPY if reason == OTHER_BYTES else _ALTERED if source == "file" else _SPOILT
    return f"{said} Motivo: {reason}"


def contents(work: Work, titles: Mapping[str, str], *, part: bool = False) -> str:
    """What lines are, and of which courses; `part` if only the newest were looked at."""
    counts = (
        (work.finished, "lección terminada", "lecciones terminadas"),
        (work.begun, "lección empezada", "lecciones empezadas"),
        *((work.types[type], one, many) for type, one, many in _KINDS),
    )
    known = [f"«{titles[course]}»" for course in work.courses if course in titles]
    others = len([course for course in work.courses if course and course not in titles])
    if others:
        known.append("un curso que aquí no está" if others == 1 else f"{others} cursos que aquí no están")
    of = f" de {joined(known)}" if known else ""
    return f"{'entre lo último, ' if part or work.cut else ''}{_counted(counts) or 'solo dicen de quién son'}{of}"


def codes(texts: Sequence[str]) -> str:
    """Some codes, as the list of those in a chat shows each."""
    shown = [f"{text[:4]}…{text[-4:]}" for text in texts]
    return f"{'Código' if len(shown) == 1 else 'Códigos'} {joined(shown)}" if shown else ""


def reported(title: str, said: ProgressReported) -> str:
    """What a code says of a course, up to a day."""
    finished = sum(state != "opened" for state in said.lessons.values())
    counts = (
        (finished, "lección terminada", "lecciones terminadas"),
        (len(said.exercises), "ejercicio", "ejercicios"),
        (len(said.assessments), "evaluación", "evaluaciones"),
    )
    of = f"De «{title}»" if title else "De un curso que aquí no está"
    return f"{of}{_until(said.day)}: {_counted(counts) or 'solo abrió lecciones'}."


def _counted(counts: Iterable[tuple[int, str, str]]) -> str:
    return joined([f"{number(count)} {one if count == 1 else many}" for count, one, many in counts if count])


def of_a_code(title: str, said: ProgressReported) -> str:
    """A code by its letters, and what it says."""
    return f"{codes([said.token])}. {reported(title, said)}"


def _until(day: str) -> str:
    try:
        return f", {'hasta el ' if day > FIRST_DAY else ''}{day_said(Day.fromisoformat(day))}"
    except ValueError:
        return ""


def joined(parts: Sequence[str]) -> str:
    """A list as people say it."""
    return " y ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def came(bringers: Sequence[str], ways: Sequence[str], nodes: Sequence[str]) -> str:
    """Who brought lines and how, or from which servers they came; empty if nothing is known of it."""
    own = [WAYS.get(way, way) for way in ways if way != "node"]
    said = []
    if bringers:
        said.append("Lo trajo " + ", ".join(filter(None, [joined(bringers), joined(own)])))
    elif own:
        said.append(f"Llegó {joined(own)}")
    if "node" in ways:
        said.append(f"{'también llegó' if said else 'Llegó'} {from_nodes(nodes)}")
    return ", y ".join(said)


def brought_to_owner(bringers: Sequence[str], themselves: str = "") -> str:
    """Who brought lines, for the person whose they may be: themselves, by that name; of others only a coach is named."""
    others = [one for one in bringers if one != themselves]
    known = [one if one.endswith(_COACH) or one in BRINGERS.values() else _SOMEBODY for one in others]
    who = joined(list(dict.fromkeys(known)))
    if themselves:
        return f"Lo trajiste tú, y también {who}" if who else "Lo trajiste tú"
    return f"Lo trajo {who}" if who else ""


def from_nodes(names: Sequence[str]) -> str:
    """From which servers something came, as far as is known."""
    return f"de {joined([f'«{name}»' for name in names])}" if names else "desde otro servidor"


def server(names: Sequence[str]) -> str:
    """Who sent something, if it was another server."""
    return f"El servidor {joined([f'«{name}»' for name in names])}" if names else "Otro servidor"


def device(id: str) -> str:
    """What to call a device: its last four characters tell a person's devices apart."""
    return f"Equipo {id[-4:].upper()}" if id else ""


def divided(own: bool, owner: str) -> str:
    """Why codes are one person's and their profile is another's: whose word that was."""
    said = (
        "Esta persona dijo que el código es suyo"
        if own
        else "Un acompañante dijo que el código es de esta persona"
    )
    return f"{said}, pero el avance del que salió es de {owner}."


def devices(ids: Sequence[str], *, more: bool = False) -> str:
    """One device by its name, several by their number; `more` if not all were looked at."""
    many = f"{number(len(ids))} equipos{' o más' if more else ''}"
    return device(ids[0]) if len(ids) == 1 else many if ids else ""


def erased(node: str, at: str) -> str:
    """Where something was erased, and since when that is known here."""
    return f"Se borró en {f'«{node}»' if node else 'otro servidor'}. Aquí se supo el {date(at)}."


_NO_DAY = "tiene una fecha que no existe"


def clock(said: str) -> str:
    """What a wrong clock says."""
    return f"Según su equipo {_day(said)}. El avance cuenta igual: pide que ponga la fecha y la hora."


def server_clock(said: str) -> str:
    """What the wrong clock of a server says."""
    return (
        f"Tiene la fecha mal: según él {_day(said)}. Lo que anotó cuenta igual, y no es culpa de ningún docente. "
        "Pide a quien lo administra que ponga la fecha y la hora."
    )


def _day(said: str) -> str:
    moment = moment_said(said)
    try:
        return f"es el {date(moment)}" if moment else _NO_DAY
    except OverflowError:  # nor in Peru, on the first day of all
        return _NO_DAY


def last(type: str, course: str, titles: Mapping[str, str], owner: str) -> str:
    """What the last of refused lines was and of whom, as far as it could be read."""
    if not type:
        return "no se pudo leer qué era"
    whose = f", del avance de {owner}" if owner else ""
    work = Work(Counter([type]), [course], int(type == FINISHED), int(type == BEGUN))
    return f"lo último, {contents(work, titles)}{whose}"


def turned_away(reason: str, own: bool) -> str:
    """Why held lines do not count: by what the log said, or else by whose answer."""
    if reason:
        return reason
    return "Esta persona dijo que no es suyo" if own else "Un acompañante dijo que no es de esta persona"
