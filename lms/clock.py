"""The time, as an input: whoever needs it takes a `Clock`, so that tests can choose the hour."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

Clock = Callable[[], datetime]
"""Tells the present moment as an aware UTC `datetime`."""


def system_clock() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """`moment` in RFC 3339, UTC, milliseconds: `2026-11-23T13:40:00.123Z`. Text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment_said(at: str) -> datetime | None:
    """The moment, in UTC, that somebody else's clock says; one without a zone is in UTC. None if it is no moment."""
    try:
        moment = datetime.fromisoformat(at)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


PERU = timezone(timedelta(hours=-5))
"""One zone, and no summer time."""

_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")


def day_in_words(day: date) -> str:
    """A day as people in Peru write it: «14 mar 2026»."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_ago_in_words(day: date, today: date) -> str:
    """How long ago a day was: «Hoy», «Ayer», «Hace 12 días»; one that is still to come is today."""
    days = (today - day).days
    return f"Hace {days} días" if days > 1 else "Ayer" if days == 1 else "Hoy"


def is_stamp(text: str) -> bool:
    """Whether a text is a `stamp`."""
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text) is not None


def moment_in_words(at: str) -> str:
    """When a `stamp` was in Peru: «14 mar 2026, 08:05»."""
    moment = datetime.fromisoformat(at).astimezone(PERU)
    return f"{day_in_words(moment)}, {moment:%H:%M}"


def day_in_peru(at: str) -> date:
    """The day that it was in Peru at a `stamp`; of a day alone that day."""
    moment = datetime.fromisoformat(at)
    return (moment.astimezone(PERU) if moment.tzinfo else moment).date()
