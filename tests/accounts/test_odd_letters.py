"""What no keyboard writes and no database takes, in every field of every form: left out, and never a fault of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast import NELIDA
from starlette.testclient import TestClient

from tests.accounts.conftest import sign_in, sign_up
from tests.sync.pasting import signed_in

FORMS: dict[str, tuple[str, ...]] = {
    "/crear-cuenta": tuple(NELIDA),
    "/ingresar": ("documento", "pin", "siguiente"),
    "/olvide-mi-pin": ("documento", "codigo", "pin", "pin2"),
    "/cambiar-de-persona": ("persona", "pin"),
    "/cambiar-de-persona/quitar": ("persona",),
    "/que-datos-guardamos": ("acepto",),
    "/mis-datos/nombres": ("nombres", "paterno", "materno", "pin_actual"),
    "/mis-datos/pin": ("pin_actual", "pin", "pin2"),
    "/mis-datos/equipos": ("perfil", "respuesta"),
    "/avance-por-confirmar": ("perfil", "respuesta", "hasta"),
    "/mi-avance/archivo/de-quien": ("perfil", "respuesta", "persona"),
    "/mi-avance/codigo": ("codigo", "persona"),
    "/acompanante/por-revisar": ("motivo", "pagina", "marca", "lista", "marcados"),
    "/acompanante/por-revisar/deshacer": ("a", "motivo"),
    "/acompanante/por-revisar/enlazar": ("documento", "perfil"),
    "/acompanante/avance": ("documento", "perfil", "respuesta"),
    "/acompanante/pin": ("documento", "pin", "pin2", "pin_actual"),
    "/acompanante/codigos": ("codigos",),
}
ASKED = (
    "/cambiar-de-persona?persona=",
    "/cambiar-de-persona/quitar?persona=",
    "/buscar?q=",
    "/p/",
    "/ingresar?siguiente=",
    "/acompanante?nombre=",
    "/acompanante/docentes/",
    "/acompanante/por-revisar?motivo=",
    "/acompanante/por-revisar?hecho=enlazado&a=",
    "/acompanante/por-revisar/enlazar?perfil=",
)
USUAL = {**NELIDA, "pin_actual": "482913", "respuesta": "si", "motivo": "nadie", "perfil": "a"}
NUL, HALF = "a\0b", "\ud800"


@pytest.fixture
def coach(browser: TestClient) -> TestClient:
    """Nélida, who accompanies others."""
    sign_up(browser)
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    browser.portal.call(db.execute, "UPDATE persons SET role = 'acompanante'")
    return browser


def post_half(client: TestClient, path: str, fields: dict[str, str]) -> int:
    """Send half of a surrogate pair: browsers never do, but an encoding that a request names can say it."""
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    body = f"{parts}--x--\r\n".encode("raw_unicode_escape", "backslashreplace")
    return client.post(path, content=body, headers={"content-type": kind}).status_code


@pytest.mark.parametrize("path", FORMS)
def test_a_field_with_what_cannot_be_kept_is_read_without_it(
    coach: TestClient, other_browser: Callable[..., TestClient], path: str
) -> None:
    usual = {**USUAL, "persona": signed_in(coach)}
    for client in (coach, other_browser()):
        for name in FORMS[path]:
            fields = {one: usual.get(one, "a") for one in FORMS[path]} | {name: NUL}
            assert client.post(path, data=fields).status_code < 500, name
            assert post_half(client, path, fields | {name: HALF}) < 500, name


@pytest.mark.parametrize("path", ASKED)
def test_neither_does_it_harm_in_an_address(
    coach: TestClient, other_browser: Callable[..., TestClient], path: str
) -> None:
    for client in (coach, other_browser()):
        assert client.get(f"{path}a%00b").status_code < 500
        assert client.get(f"{path}%ED%A0%80").status_code < 500


def test_who_signs_up_with_a_nul_in_the_name_is_called_without_it(browser: TestClient) -> None:
    sign_up(browser, nombres="Né\0lida", documento="4000\x000002")
    assert "Nélida" in browser.get("/mis-datos").text
    assert sign_in(browser, "40000002\0").status_code == 303
