"""A code that is brought again, by whoever saw it: it is told whether it is somebody's, and loses nothing by it."""

from __future__ import annotations

import pytest
from events_cast import Tablet

from lms.db import Database
from lms.people import links
from lms.sync.receiving import Bringer
from lms.sync.tokens import bring as bring_for
from lms.sync.tokens import recognise, take
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring
from tests.sync.meeting import AT
from tests.sync.test_stand_ins import COURSES, code, paste, status, tablet

__all__ = ["tablet"]


async def test_it_counts_though_anybody_brings_again_what_a_coach_brought(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await paste(db, code(tablet.profile), None, "bearer")
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    assert await status(db, stand_in) == (NELIDA.id, "vouched")


@pytest.mark.parametrize(
    ("vouched", "said"),
    [
        (True, "está a nombre de alguien con cuenta aquí."),
        (False, "dice ser de alguien con cuenta aquí: queda por confirmar."),
    ],
)
async def test_who_brings_the_code_of_somebodys_profile_is_told_that_it_is_somebodys(
    db: Database, bring: Bring, tablet: Tablet, vouched: bool, said: str
) -> None:
    await bring([tablet.opens()], COACH, "coach")
    if vouched:
        await links.vouch(db, tablet.profile, RUTH.id, by=COACH.id, at=AT)
    else:
        await links.claim(db, tablet.profile, RUTH.id, at=AT)
    one = await recognise(db, COURSES, code(tablet.profile))
    await take(db, one, COACH, "coach")

    words = await bring_for(db, one, Bringer(None, "bearer"))
    assert words.endswith(f"ya estaba aquí. No cambió nada. El avance {said}")
    assert "Ruth" not in words
