"""«Por revisar», as a coach sees it and answers it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

DESK = "/acompanante/por-revisar"


def section(client: TestClient, reason: str) -> str:
    """What the page says of one reason; empty if nothing waits for it."""
    found = re.search(rf'<section class="reason" id="{reason}">.*?</section>', client.get(DESK).text, re.S)
    return found[0] if found else ""


def keys(client: TestClient, reason: str) -> list[str]:
    """What the page lists for a reason, as its form sends it back."""
    return re.findall(r'name="lista" value="([^"]+)"', section(client, reason))


def answer(client: TestClient, reason: str, **fields: str | list[str]) -> dict[str, str]:
    """Answer the first thing of a reason, or what `fields` say; what the page is told of it."""
    given = client.post(DESK, data={"motivo": reason, **fields})
    assert given.status_code == 303, given.text
    asked = parse_qs(urlsplit(given.headers["location"]).query)
    return {name: values[0] for name, values in asked.items()}


def first(client: TestClient, reason: str, verb: str) -> dict[str, str]:
    """Give the first thing of a reason an answer."""
    return answer(client, reason, **{verb: keys(client, reason)[0]})


def take_back(client: TestClient, said: dict[str, str]) -> str:
    """Press «Deshacer»; what the page says then."""
    given = client.post(f"{DESK}/deshacer", data={"a": said["a"]})
    assert given.status_code == 303
    return client.get(given.headers["location"]).text


def give(client: TestClient, profile: str, document: str) -> str:
    """Link a profile to who has a document, once the page asked by name; where the coach is led."""
    typed = {"perfil": profile, "documento": document}
    asked = client.post(f"{DESK}/enlazar", data=typed)
    named = re.search(r'name="persona" value="([^"]+)"', asked.text)
    assert named, asked.text
    given = client.post(f"{DESK}/enlazar", data={**typed, "persona": named[1]})
    assert given.status_code == 303, given.text
    return given.headers["location"]
