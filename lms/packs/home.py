"""Where progress goes that is made in a pack."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import NamedTuple, Self

from lms.errors import Invalid
from lms.settings import Settings


class Home(NamedTuple):
    """The address to which progress is brought, and the key of the server to which files are closed; each may be empty."""

    address: str = ""
    receiver: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say; `Invalid` for a key that would leave every file open without a word."""
        if settings.receiver:
            _check(settings.receiver)
        return cls(settings.address, settings.receiver)


NOWHERE = Home()


def _check(key: str) -> None:
    from cryptography.hazmat.primitives.asymmetric import (
        ec,  # with a large library, which most servers do without
    )

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), urlsafe_b64decode(key + "="))
    except ValueError:
        raise Invalid(
            "La llave de LMS_RECEIVER no se puede leer. Cópiala otra vez, completa, de lo que allí muestra «lms node key»."
        ) from None
