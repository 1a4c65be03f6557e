"""What a lesson costs on a slow link: bytes as they cross the wire, counted by the browser itself."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass

import pytest
from cast import Server
from playwright.sync_api import Browser, Page

from lms.course.model import Course

FIRST = "/cursos/alfabetizacion-digital/conozco-mi-equipo"
SECOND = "/cursos/alfabetizacion-digital/gestos-mouse-y-teclado"
KIB = 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer of the server, `size` in bytes on the wire, headers included."""

    url: str
    kind: str
    size: int
    blocking: bool


def _visit(page: Page, url: str) -> list[Fetched]:
    """Open a page and return what it fetched from the network (not from the cache)."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    answers: dict[str, tuple[str, str, bool]] = {}
    sizes: dict[str, int] = {}
    cached: set[str] = set()
    session.on(
        "Network.requestWillBeSent",
        lambda sent: answers.__setitem__(
            sent["requestId"],
            (
                sent["request"]["url"],
                sent.get("type", ""),
                sent.get("renderBlockingBehavior", "") == "Blocking",
            ),
        ),
    )
    session.on("Network.requestServedFromCache", lambda sent: cached.add(sent["requestId"]))
    session.on(
        "Network.loadingFinished",
        lambda sent: sizes.__setitem__(sent["requestId"], int(sent["encodedDataLength"])),
    )
    page.goto(url, wait_until="networkidle")
    page.mouse.wheel(0, 20_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    session.detach()
    return [
        Fetched(*answers[key][:2], size, answers[key][2])
        for key, size in sizes.items()
        if key in answers and key not in cached and size > 0 and not answers[key][0].startswith("data:")
    ]


@pytest.fixture(scope="module")
def visits(browser: Browser, server: Server) -> tuple[list[Fetched], list[Fetched]]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    first = _visit(page, server.url + FIRST)
    second = _visit(page, server.url + SECOND)
    context.close()
    return first, second


def _documents(fetched: list[Fetched]) -> int:
    return sum(one.size for one in fetched if one.kind == "Document")


def test_the_first_page_and_its_styles_fit_the_first_round_trips(
    visits: tuple[list[Fetched], list[Fetched]],
) -> None:
    assert _documents(visits[0]) <= 14 * KIB


def test_everything_on_the_first_page_is_five_requests_and_sixty_kib(
    visits: tuple[list[Fetched], list[Fetched]],
) -> None:
    first = visits[0]
    own = [one for one in first if one.kind != "Ping" and "/events" not in one.url]
    assert len(own) <= 5, [one.url for one in own]
    assert sum(one.size for one in own) <= 60 * KIB, own


def test_nothing_blocks_the_first_paint(visits: tuple[list[Fetched], list[Fetched]]) -> None:
    assert not [one.url for one in visits[0] if one.kind == "Stylesheet"]


def test_no_script_in_the_page_blocks_the_parser(server: Server, phone: Page) -> None:
    phone.goto(server.url + FIRST)
    blocking = phone.evaluate(
        "[...document.querySelectorAll('script[src]')].filter(s => !s.defer && !s.async).map(s => s.src)"
    )
    assert blocking == []


def test_the_scripts_of_any_lesson_are_fifteen_kib(server: Server, phone: Page, course: Course) -> None:
    for lesson in course.lessons:
        phone.goto(f"{server.url}/cursos/{course.id}/{lesson.id}")
        sources: list[str] = phone.evaluate(
            "[...document.querySelectorAll('script[src][defer]')].map(s => s.src)"
        )
        sizes = {source: _compressed(source) for source in sources}
        assert sum(sizes.values()) <= 15 * KIB, sizes


def _compressed(url: str) -> int:
    """Bytes of an answer's body as a browser gets it."""
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        return len(answer.read())


def test_a_second_lesson_costs_fifteen_kib(visits: tuple[list[Fetched], list[Fetched]]) -> None:
    own = [one for one in visits[1] if "/events" not in one.url]
    assert sum(one.size for one in own) <= 15 * KIB, own
