"""«Por revisar» counts lessons, not how often one was opened or finished."""

from __future__ import annotations

import uuid

from starlette.testclient import TestClient

from tests.accounts.desk import section
from tests.accounts.lines import completed, identified, opened, send
from tests.accounts.test_review import bearer, coach, own_profile, upload

__all__ = ["bearer", "coach"]


def test_a_lesson_that_was_opened_and_finished_is_one(coach: TestClient, bearer: TestClient) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Tito", "40000009"), opened(profile), completed(profile))
    assert ": 1 lección terminada de un curso" in section(coach, "nadie")


def test_a_lesson_of_two_devices_is_one_and_one_that_was_only_opened_is_begun(
    coach: TestClient, bearer: TestClient
) -> None:
    profile = str(uuid.uuid4())
    twice = [*map(opened, [profile] * 2), completed(profile), completed(profile)]
    upload(bearer, identified(profile, "Tito", "40000009"), *twice, opened(profile, "dos"))
    assert ": 1 lección terminada y 1 lección empezada de un curso" in section(coach, "nadie")


def test_held_lines_are_counted_alike(browser: TestClient, coach: TestClient, bearer: TestClient) -> None:
    profile = own_profile(browser)
    lines = opened(profile), completed(profile), opened(profile, "dos"), opened(profile, "dos")
    send(bearer, *lines, status="held")
    assert ": 1 lección terminada y 1 lección empezada de un curso" in section(coach, "traido")


def test_a_refused_line_says_whether_it_ended_a_lesson(browser: TestClient, coach: TestClient) -> None:
    line = completed(own_profile(browser)).replace(b'"seq":1', b'"seq":0')
    send(browser, line, status="refused")
    assert "lo último, 1 lección terminada de un curso" in section(coach, "rechazado")
