"""What became of a progress file, in words for the page and the terminal."""

from collections.abc import Mapping

from lms.sync.receiving import Bringer, Linked, Received


def what_became(received: Received, titles: Mapping[str, str], bringer: Bringer) -> str:
    """Sentences for whoever brought a file; `titles` are the courses' by id.

    A file names whom its bearer likes, so only coaches and who administers the server read others' names.
    """
    course = titles.get(received.course, received.course)
    said = [_events(received, f" de «{course}»" if course else "")]
    if received.known:
        said.append(f"{_count(received.known, 'ya estaba', 'ya estaban')} aquí.")
    if received.held:
        said.append(
            f"{_count(received.held, 'registro es', 'registros son')} de una cuenta. Lo guardamos, y contará "
            "cuando la persona ingrese con su PIN y lo confirme, o lo haga su acompañante."
        )
    if received.refused:
        said.append(f"{_count(received.refused, 'no se pudo leer', 'no se pudieron leer')}; los demás sí.")
    said += dict.fromkeys(_link(linked, bringer) for linked in received.linked)
    return " ".join(part for part in said if part)


def _events(received: Received, of: str) -> str:
    if not received.stored and received.held:
        return ""
    if not received.stored:
        return f"No había nada nuevo{of}."
    return f"Recibimos {_count(received.stored, 'registro nuevo', 'registros nuevos')}{of}."


def _link(linked: Linked, bringer: Bringer) -> str:
    is_theirs = bringer.person is not None and bringer.person.id == linked.person
    may_read = is_theirs or bringer.by in ("coach", "keeper")
    name = linked.name if may_read else "alguien con cuenta aquí"
    if linked.status == "vouched":
        return f"El avance está a nombre de {name}."
    if linked.status == "unverified":
        return f"El avance dice ser de {name}: queda por confirmar."
    if bringer.by == "coach":
        return (
            f"Una parte del avance ya estaba a nombre de {linked.name}, y así quedó. "
            "Si no es de esa persona, quítaselo en «Corregir de quién es un avance» y recíbelo otra vez."
        )
    return (
        "Una parte del avance ya estaba a nombre de otra persona, y así quedó. "
        "Si es tuya, avisa a tu acompañante."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
