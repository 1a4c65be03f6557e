"""What became of a progress file, in words for the page and the terminal."""

from collections.abc import Mapping

from lms.sync.message import Nobodys
from lms.sync.receiving import Bringer, Linked, Received
from lms.web.notices import Asked, Linkable, Notice


def notice_of(received: Received, titles: Mapping[str, str], bringer: Bringer) -> Notice:
    """What became of a file, for a page; it went well only if every profile is whose it should be."""
    doubtful = any(one.status == "taken" or _is_warned(one, bringer) for one in received.linked)
    went_well = not (whose_it_is_not(received, bringer) or received.asked or doubtful)
    told = Notice("good" if went_well else "part", what_became(received, titles, bringer), _asked(received))
    return told._replace(
        linkable=tuple(Linkable(one.name or "Sin nombre", one.profile) for one in received.free)
    )


def _asked(received: Received) -> tuple[Asked, ...]:
    """One question for each name."""
    names = dict.fromkeys(one.name for one in received.asked)
    return tuple(
        Asked(name, tuple(one.profile for one in received.asked if one.name == name)) for name in names
    )


def what_became(received: Received, titles: Mapping[str, str], bringer: Bringer) -> str:
    """Sentences for whoever brought a file; `titles` are the courses' by id.

    A file names whom its bearer likes, so only coaches and who administers the server read others' names.
    """
    return " ".join(filter(None, [whose_it_is_not(received, bringer), what_came(received, titles, bringer)]))


def what_came(received: Received, titles: Mapping[str, str], bringer: Bringer) -> str:
    """Of these sentences all but whose the file is not."""
    course = titles.get(received.course, received.course)
    said = [_events(received, f" de «{course}»" if course else "")]
    if received.known:
        said.append(f"{count(received.known, 'ya estaba', 'ya estaban')} aquí.")
    if received.held:
        said.append(
            f"{count(received.held, 'registro es', 'registros son')} de una cuenta. Lo guardamos, y contará "
            "cuando la persona ingrese con su PIN y lo confirme, o lo haga su acompañante."
        )
    if received.refused:
        said.append(f"{count(received.refused, 'no se pudo leer', 'no se pudieron leer')}; los demás sí.")
    said += dict.fromkeys(
        _link(linked, bringer, bringer.by == "owner" and bool(whose_it_is_not(received, bringer)))
        for linked in received.linked
    )
    if bringer.by == "keeper":
        said += [f"El avance dice ser de {one.name} y todavía no es de nadie." for one in _asked(received)]
    return " ".join(part for part in said if part)


def whose_it_is_not(received: Received, bringer: Bringer) -> str:
    """What to know first: the file, or a part of it, is not whose its bearer thinks."""
    if bringer.by in ("coach", "keeper") and received.nobodys:
        return _nobodys(received, bringer)
    theirs = any(_is_theirs(one, bringer) for one in received.linked)
    if bringer.by != "owner" or theirs or received.asked or not received.profiles:
        return ""
    if received.linked:
        return "Este archivo es de otra persona: no cambió nada en tu cuenta."
    return (
        "Este avance llegó y no se pierde, pero no quedó a tu nombre: no cambió nada en tu cuenta. "
        "Si es de otra persona, tu acompañante verá de quién es; si es tuyo, avísale."
    )


def _nobodys(received: Received, bringer: Bringer) -> str:
    """That something is nobody's, why, and what to do."""
    said = f"{'Una parte de este avance' if received.linked else 'Este avance'} todavía no es de nadie."
    if received.unknown:
        said += " Trae un documento que no tiene cuenta aquí: cuando la persona la cree e ingrese, dirá si es suyo."
    if received.nobodys > received.unknown:
        own = "ingresar con su cuenta y subirlo en «Mi avance»."
        here = f" Si sabes de quién es, enlázalo aquí; si no, su persona debe {own}"
        said += here if bringer.by == "coach" else f" La persona debe {own}"
    return said


def _is_warned(linked: Linked, bringer: Bringer) -> bool:
    """Whether somebody who decides for others has to look first, as name and document are of two people."""
    return bringer.by in ("coach", "keeper") and linked.status == "unverified" and bool(linked.called)


def _is_theirs(linked: Linked, bringer: Bringer) -> bool:
    return bringer.person is not None and bringer.person.id == linked.person


def _events(received: Received, of: str) -> str:
    if not received.stored and received.held:
        return ""
    if not received.stored:
        return f"No había nada nuevo{of}."
    return f"Recibimos {count(received.stored, 'registro nuevo', 'registros nuevos')}{of}."


def _link(linked: Linked, bringer: Bringer, whole: bool) -> str:
    """Whose a profile is; `whole` says that nothing of the file is its bearer's."""
    may_read = _is_theirs(linked, bringer) or bringer.by in ("coach", "keeper")
    name = linked.name if may_read else "alguien con cuenta aquí"
    if _is_warned(linked, bringer):
        return (
            f"El avance dice ser de {linked.called}, pero trae el documento de {name}: queda por confirmar. "
            "Pregunta de quién es antes de confirmarlo en «Por revisar»."
        )
    if linked.status == "vouched" and linked.called and bringer.by in ("coach", "keeper"):
        return f"El avance está a nombre de {name}, aunque dice ser de {linked.called}."
    if linked.status == "vouched":
        return f"El avance está a nombre de {name}."
    if linked.status == "unverified":
        return f"El avance dice ser de {name}: queda por confirmar."
    if bringer.by == "coach":
        return (
            f"Una parte del avance ya estaba a nombre de {linked.name}, y así quedó. "
            "Si no es de esa persona, quítaselo en «Corregir de quién es un avance» y recíbelo otra vez."
        )
    if whole:
        return "El avance ya estaba a su nombre, y así quedó. Si es tuyo, avisa a tu acompañante."
    return (
        "Una parte del avance ya estaba a nombre de otra persona, y así quedó. "
        "Si es tuya, avisa a tu acompañante."
    )


def nobodys(much: Nobodys) -> str:
    """What the reader of a receipt has to do about progress, all of it or a part, that is nobody's yet.

    Packs know it by its words: see `tests/vectors/receipt.json`.
    """
    if not much:
        return ""
    what = "todavía no está" if much == "all" else "una parte todavía no está"
    return (
        f"Llegó, pero {what} a nombre de nadie: ingresa en ese servidor con tu cuenta y tráelo allí otra vez, "
        "o dile tu documento a tu acompañante."
    )


def nobodys_in_short(much: Nobodys) -> str:
    """The same in the letters of a QR code."""
    return {"": "", "part": "UNA PARTE A NOMBRE DE NADIE", "all": "A NOMBRE DE NADIE"}[much]


def count(number: int, one: str, many: str) -> str:
    """So many of what is called `one` or `many`."""
    return f"{number} {one if number == 1 else many}"
