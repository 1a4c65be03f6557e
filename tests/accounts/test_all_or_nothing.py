"""The disk fills while somebody gets a PIN: what they are told to try again works as if they had never begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cast import NELIDA
from starlette.testclient import TestClient

from lms.accounts import signin
from lms.db import Database
from lms.errors import Unauthenticated
from tests.accounts.conftest import code_on, sign_in, sign_up

Another = Callable[..., TestClient]

FIRST, NEW = "482913", "739164"

WRITES = ("UPDATE OF pin_hash ON persons", "INSERT ON links")
"""What is stored of a new PIN, and of its person's way in. The code's own hash is another column."""


@contextmanager
def filling_up_at(browser: TestClient, write: str) -> Iterator[None]:
    """Have no room for more from one write on, as the engine itself says it."""
    db: Database = browser.app.state.site.db
    browser.portal.call(_fill, db, write)
    try:
        yield
    finally:
        browser.portal.call(_make_room, db)


async def _fill(db: Database, write: str) -> None:
    if db.engine == "sqlite":
        await db.execute("CREATE TABLE ballast (weight BLOB)")
        await db.execute(
            f"CREATE TRIGGER filling BEFORE {write} BEGIN INSERT INTO ballast VALUES (zeroblob(9000000)); END"  # noqa: S608 - ours
        )
        await db.execute(f"PRAGMA max_page_count = {await db.value('PRAGMA page_count') + 100}")
    else:
        await db.execute(
            "CREATE FUNCTION filling() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
        )
        await db.execute(f"CREATE TRIGGER filling BEFORE {write} FOR EACH ROW EXECUTE FUNCTION filling()")


async def _make_room(db: Database) -> None:
    if db.engine == "sqlite":
        await db.execute("PRAGMA max_page_count = 1000000")
        await db.execute("DROP TRIGGER filling")
        await db.execute("DROP TABLE ballast")
    else:
        await db.execute("DROP FUNCTION filling CASCADE")


@pytest.mark.parametrize("write", WRITES)
def test_the_printed_code_and_the_pin_are_as_good_as_before(
    browser: TestClient, other_browser: Another, write: str
) -> None:
    code = sign_up(browser)
    other = other_browser()
    form = {"documento": "40000002", "codigo": code, "pin": NEW, "pin2": NEW}
    with filling_up_at(browser, write):
        refused = other.post("/olvide-mi-pin", data=form)
    assert refused.status_code == 503
    assert "vuelve a intentarlo" in refused.text
    assert "Nélida" not in other.get("/session.js").text
    assert sign_in(other_browser(), pin=NEW).status_code == 401
    assert sign_in(other_browser(), pin=FIRST).status_code == 303

    assert other.post("/olvide-mi-pin", data=form).status_code == 303
    assert code_on(other.get("/codigo-de-recuperacion").text) != code
    assert sign_in(other_browser(), pin=NEW).status_code == 303


def test_of_two_that_bring_one_code_at_once_the_first_to_store_has_the_account(
    browser: TestClient, other_browser: Another
) -> None:
    code = sign_up(browser)
    db: Database = browser.app.state.site.db
    now = browser.app.state.site.clock()
    one, other = (
        browser.portal.call(signin.recover, db, signin.Try("40000002", code, "10.0.0.7"), pin, now)
        for pin in (NEW, "620517")
    )
    browser.portal.call(_store, db, other)
    with pytest.raises(Unauthenticated, match="no coinciden"):
        browser.portal.call(_store, db, one)
    assert sign_in(other_browser(), pin="620517").status_code == 303


async def _store(db: Database, made: signin.NewPin) -> None:
    async with db.transaction() as work:
        await made.store(work)


@pytest.mark.parametrize("write", WRITES)
def test_todays_pin_still_changes_it(browser: TestClient, other_browser: Another, write: str) -> None:
    sign_up(browser)
    form = {"pin_actual": FIRST, "pin": NEW, "pin2": NEW}
    with filling_up_at(browser, write):
        assert browser.post("/mis-datos/pin", data=form).status_code == 503
    assert "Nélida" in browser.get("/session.js").text, "their session goes on"

    assert browser.post("/mis-datos/pin", data=form).status_code == 303
    assert "Tu PIN cambió" in browser.get("/codigo-de-recuperacion").text


def test_an_account_is_made_with_its_code_or_not_at_all(browser: TestClient) -> None:
    with filling_up_at(browser, "INSERT ON links"):
        assert browser.post("/crear-cuenta", data=NELIDA).status_code == 503
    assert sign_in(browser).status_code == 401
    assert sign_up(browser), "a code, and nobody says that there is such an account"
