"""Who may do what: one table, role × action."""

from __future__ import annotations

from collections.abc import Mapping

from lms.people.model import ROLES, Role

_EVERYBODY = frozenset(ROLES)
_COACHES = frozenset[Role]({"acompanante", "administrador"})
_AUTHORS = frozenset[Role]({"autor", "administrador"})
_ADMINISTRATORS = frozenset[Role]({"administrador"})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "progress.own": _EVERYBODY,
    "progress.receive": _COACHES,
    "progress.others": _COACHES,
    "links.vouch": _COACHES,
    "person.reset-pin": _COACHES,
    "person.role": _ADMINISTRATORS,
    "person.erase": _ADMINISTRATORS,
    "course.write": _AUTHORS,
    "course.publish": _AUTHORS,
    "pack.install": _COACHES | _AUTHORS,
}


def may(role: Role | None, action: str) -> bool:
    """Whether a role (None: a guest) may do an action of the table; an unknown action is a `KeyError`."""
    return role in PERMISSIONS[action]


def may_reset_pin(coach: Role | None, of: Role) -> bool:
    """A coach helps teachers; only an administrator touches the PIN of those who have more rights."""
    return coach == "administrador" or (may(coach, "person.reset-pin") and of == "docente")
