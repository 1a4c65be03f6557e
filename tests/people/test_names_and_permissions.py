"""Names as people write them, and who may do what."""

from __future__ import annotations

import pytest

from lms.errors import Invalid
from lms.people.model import ROLES
from lms.people.names import parse_name, plain_name
from lms.people.permissions import PERMISSIONS, may, may_reset_pin


@pytest.mark.parametrize(
    "name", ["Ñahui", "O'Higgins", "D’Angelo", "Pérez-Soto", "Huamán de la Cruz", "Wiñay", "Tsamajain"]
)
def test_names_keep_their_letters(name: str) -> None:
    assert parse_name(f"  {name} ", what="tu apellido") == name


def test_an_accent_typed_apart_becomes_one_letter() -> None:
    assert parse_name("Ne\u0301lida", what="tus nombres") == "Nélida"


@pytest.mark.parametrize("name", ["", "  ", "123", "Ana<script>", "Ana\u202e", "-", "a" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        parse_name(name, what="tus nombres")


def test_a_second_surname_may_be_missing() -> None:
    assert parse_name(" ", what="tu apellido materno", required=False) == ""


def test_names_are_sorted_and_sought_without_case_accents_and_apostrophes() -> None:
    assert plain_name("QUISPE", "Ñahui", "", "Nélida  Rosa") == "quispe nahui nelida rosa"
    assert plain_name("Q’orianka", "O'Higgins-Pérez") == "qorianka ohiggins-perez"


def test_everybody_has_their_own_progress_and_a_guest_has_no_role() -> None:
    assert all(may(role, "progress.own") for role in ROLES)
    assert not any(may(None, action) for action in PERMISSIONS)


def test_an_action_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        may("docente", "progress.delete")


def test_only_administrators_touch_the_pins_of_those_with_more_rights() -> None:
    assert may_reset_pin("acompanante", of="docente")
    assert not may_reset_pin("acompanante", of="acompanante")
    assert not may_reset_pin("docente", of="docente")
    assert not may_reset_pin(None, of="docente")
    assert all(may_reset_pin("administrador", of=role) for role in ROLES)
