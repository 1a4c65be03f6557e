"""Styles and scripts as they are joined, and the words of pages."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from lms.errors import TooMany
from lms.web import assets, pages
from lms.web.limits import RateLimit
from lms.web.templates import date, environment, mark, number, time


def test_every_script_and_style_in_the_lists_exists() -> None:
    for names in (assets.EXPORT_SCRIPT, *assets.LIVE_SCRIPTS.values()):
        assert [file.name for file in assets.script_files(names) if not file.exists()] == []
    assert assets.css(assets.EXPORT_STYLES)
    assert assets.css(["print"])


def test_live_scripts_are_named_by_their_content_and_the_core_knows_the_rest() -> None:
    urls = pages.load_scripts()
    assert set(urls) == set(assets.LIVE_SCRIPTS)
    assert all(re.fullmatch(rf"/static/{name}\.js\?v=[0-9a-f]{{8}}", url) for name, url in urls.items())
    assert urls == pages.load_scripts()


def test_squeezing_keeps_what_means_something() -> None:
    source = """
    /* a comment */
    a > b , c:hover { color : red ; margin: 0 auto; width: calc(1px + 2px) }
    p::before { content: " ;  /* kept */ "; }
    """
    assert assets.squeeze(source) == (
        'a > b,c:hover{color :red;margin:0 auto;width:calc(1px + 2px)}p::before{content:" ;  /* kept */ "}'
    )


@pytest.mark.parametrize(
    ("stamp", "day", "hour"),
    [
        ("2026-03-14T20:45:00.000Z", "14 mar 2026", "3:45 p. m."),
        ("2026-01-01T04:59:00.000Z", "31 dic 2025", "11:59 p. m."),
    ],
)
def test_days_and_hours_are_perus(stamp: str, day: str, hour: str) -> None:
    assert (date(stamp), time(stamp)) == (day, hour)


def test_marks_and_numbers_are_written_as_people_do() -> None:
    assert [mark(17.0), mark(16.5), mark(0), mark(None)] == ["17", "16.5", "0", "–"]
    assert [number(999), number(12345), number(1234567.5)] == ["999", "12\u202f345", "1\u202f234\u202f567.5"]


def test_a_misspelt_name_in_a_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nmae }}").render()


def test_templates_escape() -> None:
    text = environment().from_string("Hola, {{ name }}").render(name="<b>")
    assert text == "Hola, &lt;b&gt;"


def test_a_rate_limit_refills_with_time() -> None:
    now = [0.0]
    limit = RateLimit(burst=2, per_minute=6, clock=lambda: now[0])
    limit.take("a")
    limit.take("a")
    limit.take("b")
    with pytest.raises(TooMany) as refusal:
        limit.take("a")
    now[0] += refusal.value.retry_after
    limit.take("a")
