"""Persons as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["docente", "acompanante", "autor", "administrador"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: dict[Role, str] = {
    "docente": "Docente",
    "acompanante": "Acompañante",
    "autor": "Autor de cursos",
    "administrador": "Administrador",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account here, without the secrets. Stamps are RFC 3339 text; `maternal` may be empty.

    `epoch` counts the changes that end every open session: a new PIN, a profile that is not theirs.
    """

    id: str
    document_type: str
    document: str
    given_names: str
    paternal: str
    maternal: str
    role: Role
    privacy_version: str
    privacy_at: str
    created_at: str
    pin_set_by: str
    pin_set_at: str
    epoch: int

    @property
    def short_name(self) -> str:
        """What this person is called on screen: first given name and first surname."""
        return f"{self.given_names.split()[0]} {self.paternal}"

    @property
    def full_name(self) -> str:
        """Given names and both surnames."""
        return " ".join(part for part in (self.given_names, self.paternal, self.maternal) if part)


@dataclass(frozen=True, slots=True)
class Names:
    """How a person is called; `maternal` may be empty."""

    given_names: str
    paternal: str
    maternal: str
