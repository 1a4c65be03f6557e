"""Two servers on a network: one joins the other, and from then on both have what either got."""

from __future__ import annotations

from events_cast import small_course

COURSE = small_course()
