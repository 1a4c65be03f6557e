"""What can go wrong, as a person may read it.

Every error that a person can do something about is an `LmsError`: a stable English `code` for programs and a
Spanish `message` that says what happened and what to do. What a code means in HTTP stands in
`lms/web/errors.py` and in the terminal in `lms/cli.py`; anything else that is raised is a fault of ours:
logged, never shown.
"""

from typing import ClassVar


class LmsError(Exception):
    """An error with a sentence for people; raise one of its subclasses."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(LmsError):
    """What was asked for does not exist, or not for this person."""

    code = "not-found"


class Invalid(LmsError):
    """What was received cannot be read or breaks a rule."""

    code = "invalid"


class ForAnother(Invalid):
    """What was received is whole, and only the server with the id `receiver` can open it.

    `sentence` has a place for that `server`, by whatever it is called here.
    """

    def __init__(self, sentence: str, receiver: str, server: str = "otro servidor") -> None:
        super().__init__(sentence.format(server=server))
        self.sentence = sentence
        self.receiver = receiver

    def calling_it(self, server: str) -> "ForAnother":
        """The same error, with other words for that server."""
        return ForAnother(self.sentence, self.receiver, server)


class Forbidden(LmsError):
    """The person is known but may not do this."""

    code = "forbidden"


class Unauthenticated(LmsError):
    """Nobody has signed in, or the document and PIN do not match."""

    code = "unauthenticated"


class Conflict(LmsError):
    """What was asked for contradicts what is already stored."""

    code = "conflict"


class TooLarge(LmsError):
    """What was received exceeds a size limit."""

    code = "too-large"


class TooMany(LmsError):
    """Too many attempts; `retry_after` says in how many whole seconds to try again."""

    code = "too-many"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(LmsError):
    """It cannot be done now but may be later: a full disk, a busy database.

    `place` is the file or folder that failed, if one did: for whoever keeps the machine, never for who uses a page.
    """

    code = "unavailable"

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


FULL = (
    "El disco está lleno y no se pudo guardar. Quien administra este equipo debe liberar espacio; "
    "después, vuelve a intentarlo."
)
CLOSED = (
    "No se puede usar el disco. Quien administra este equipo debe revisar si falla y si este programa tiene permiso "
    "de escribir ahí; después, vuelve a intentarlo."
)
DAMAGED = (
    "El archivo con los datos de este sitio está dañado o no es una base de datos de Chaski. Quien administra este "
    "equipo debe revisar LMS_DATABASE; si es el archivo correcto, traer el último respaldo con «lms restore»."
)
BUSY = "Otro programa está usando los datos de este equipo. Vuelve a intentarlo en un minuto."
AWAY = (
    "No hay conexión con la base de datos. Vuelve a intentarlo en un minuto; si sigue así, avisa a quien "
    "administra este sitio."
)
