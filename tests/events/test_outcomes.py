"""The read model is the log's: filled with it, graded again when a revision comes, the same when rebuilt."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from events_cast import BANK, IN_LESSON, Tablet, all_outcomes, right, small_course, store

from lms.course.model import Changes, Course
from lms.course.versions import rank
from lms.db import Database, migrate, open_database
from lms.events import outcomes, regrading
from lms.events.queries import progress_in, waiting
from lms.events.regrading import regrade_stale
from lms.events.revisions import publish_revisions, rebuild_outcomes

SOTANO = IN_LESSON.replace("=En el cerro", "~En el cerro").replace("~En el sótano", "=En el sótano")
"""The lesson with another right answer to «senal»."""


async def publish(db: Database, course: Course) -> int:
    new = await publish_revisions(db, course)
    await regrade_stale(db)
    return new


async def marks(db: Database) -> dict[str, tuple[float | None, int]]:
    return {row[2]: (row[4], row[6]) for row in await all_outcomes(db)}


async def test_a_course_is_published_once(db: Database, small: Course) -> None:
    assert await publish(db, small) == 13
    assert await publish(db, small) == 0
    assert await db.value("SELECT count(*) FROM stale_outcomes") == 0


async def test_an_answer_of_an_unknown_revision_waits_and_is_graded_when_it_comes(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    place = right(small.exercise("senal"))
    answers = {exercise.name: right(exercise) for exercise in small.assessment("final").bank}
    receipts = await store(db, tablet.answers("senal", place, mark=1.0), tablet.submits(answers, mark=20.0))

    assert [(receipt.status, receipt.mark) for receipt in receipts] == [("stored", None)] * 2
    assert await marks(db) == {"senal": (None, 1), "final": (None, 1)}
    assert await waiting(db, "curso", [tablet.profile]) == 2

    await publish(db, small)

    assert await marks(db) == {"senal": (1.0, 0), "final": (20.0, 0)}
    assert await waiting(db, "curso", [tablet.profile]) == 0


async def test_a_corrected_key_raises_marks_and_lowers_none(db: Database, small: Course) -> None:
    await publish(db, small)
    one, other = Tablet(small), Tablet(small)
    options = [option.text for option in small.exercise("senal").options]
    await store(
        db,
        one.answers("senal", options.index("En el cerro")),
        other.answers("senal", options.index("En el sótano")),
    )
    before = {row[0]: row[4] for row in await all_outcomes(db)}

    await publish(db, small_course(SOTANO, version="1.0.1"))

    after = {row[0]: row[4] for row in await all_outcomes(db)}
    assert before == {one.profile: 1.0, other.profile: 0.0}
    assert after == {one.profile: 1.0, other.profile: 1.0}


async def test_an_answer_to_a_corrected_exercise_is_not_saved_by_the_old_wrong_key(
    db: Database, small: Course
) -> None:
    corrected = small_course(SOTANO, version="1.0.1")
    await publish(db, small)
    await publish(db, corrected)
    before, after = Tablet(small), Tablet(corrected)
    place = right(small.exercise("senal"))

    old, new = await store(db, before.answers("senal", place), after.answers("senal", place))

    assert (old.mark, new.mark) == (1.0, 0.0)


async def test_a_course_that_goes_back_raises_what_was_answered_meanwhile(
    db: Database, small: Course, place: str
) -> None:
    wrong = small_course(SOTANO, version="1.0.1")
    await publish(db, small)
    await publish(db, wrong)
    tablet, late = Tablet(wrong), Tablet(wrong)
    correct = right(small.exercise("senal"))
    other_process = await open_database(place)
    await store(other_process, tablet.answers("senal", correct))
    before = await marks(db)

    await publish(db, replace(small, version="1.0.2"))
    (receipt,) = await store(other_process, late.answers("senal", correct))
    await other_process.close()

    assert before == {"senal": (0.0, 0)}
    assert (receipt.mark, receipt.feedback) == (1.0, ("Sí.",))
    assert [row[4] for row in await all_outcomes(db)] == [1.0, 1.0]


async def test_the_newest_version_of_a_completion_is_kept_in_whatever_order_it_comes(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    for version in ("1.9.0", "1.10.0", "1.2.0", "borrador"):
        tablet.course = replace(small, version=version)
        await store(db, tablet.completes("uno"), tablet.opens("uno"))

    rows = {(row[2], row[3]): row[-1] for row in await all_outcomes(db)}
    assert rows == {("uno", "lesson.completed"): rank("1.10.0"), ("uno", "lesson.opened"): -1}


async def test_a_log_from_before_versions_were_kept_is_read_again_for_them(
    db: Database, small: Course
) -> None:
    tablet, other = Tablet(small), Tablet(replace(small, version="2.0.0"))
    await store(db, tablet.completes("uno"), tablet.answers("senal", 0), other.completes("dos"))
    filled = await all_outcomes(db)
    await db.execute("ALTER TABLE outcomes DROP COLUMN version")
    await db.execute("DELETE FROM migrations WHERE name = '0005_completed_versions'")

    assert await migrate(db) == ("0005_completed_versions",)
    assert {row[-1] for row in await all_outcomes(db)} == {-1}
    await regrade_stale(db)

    assert await all_outcomes(db) == filled
    assert await db.value("SELECT count(*) FROM stale_outcomes") == 0


async def test_two_profiles_of_a_person_complete_a_lesson_in_the_newest_version_of_either(
    db: Database, small: Course
) -> None:
    old, new = Tablet(small), Tablet(replace(small, version="2.0.0"))
    await store(db, old.completes("uno"), new.completes("uno"))
    outline = replace(small, changes=Changes(major={"uno": "2.0.0"})).outline()

    apart = [(await progress_in(db, outline, [one.profile])).lessons["uno"] for one in (old, new)]
    linked = (await progress_in(db, outline, [old.profile, new.profile])).lessons["uno"]

    assert [(one.completed, one.ever_completed) for one in apart] == [(False, True), (True, True)]
    assert linked.completed


async def test_new_explanations_under_the_same_revision_are_used(db: Database, small: Course) -> None:
    await publish(db, small)
    tablet = Tablet(small)
    await store(db, tablet.opens())
    await publish(db, small_course(IN_LESSON.replace("#Sí.", "#Claro que sí.")))

    (receipt,) = await store(db, tablet.answers("senal", right(small.exercise("senal"))))

    assert (receipt.mark, receipt.feedback) == (1.0, ("Claro que sí.",))


async def test_a_stopped_regrading_is_taken_up_again(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.answers("senal", right(small.exercise("senal"))))
    await publish_revisions(db, small)

    assert await marks(db) == {"senal": (None, 1)}
    await regrade_stale(db)
    assert await marks(db) == {"senal": (1.0, 0)}


async def test_the_best_of_many_attempts_counts(db: Database, small: Course) -> None:
    await publish(db, small)
    tablet = Tablet(small)
    place = right(small.exercise("senal"))
    await store(db, tablet.answers("senal", (place + 1) % 3))
    await store(db, tablet.answers("senal", place), tablet.answers("senal", (place + 2) % 3))

    ((*_, mark, attempts, pending, first, last, version),) = await all_outcomes(db)
    assert (mark, attempts, pending, first, last, version) == (1.0, 3, 0, 1, 3, -1)


async def test_rebuilding_gives_the_same_rows(
    db: Database, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = small_course(
        IN_LESSON.replace("~En el sótano", "=En el sótano"),
        BANK.replace("=Bien 1", "=Muy bien 1"),
        version="2.0.0",
    )
    unknown = small_course(IN_LESSON.replace("señal", "la señal"))
    tablets = [Tablet(small), Tablet(later), Tablet(unknown), Tablet(small)]

    def lines(tablet: Tablet) -> list[bytes]:
        answers = {
            exercise.name: place % 3 for place, exercise in enumerate(tablet.course.assessment("final").bank)
        }
        return [
            tablet.opens(),
            tablet.answers("senal", 0),
            tablet.answers("senal", 1),
            tablet.answers("varias", [0, 1]),
            tablet.completes(),
            tablet.submits(answers),
            tablet.submits(answers, attempt=2),
            tablet.identifies("Rosa"),
        ]

    for tablet in tablets[:2]:
        await store(db, *lines(tablet))
    await publish(db, small)
    for tablet in tablets:
        await store(db, *lines(tablet))
    await publish(db, later)
    filled = await all_outcomes(db)

    monkeypatch.setattr(outcomes, "_CHUNK", 5)
    assert await rebuild_outcomes(db) == 48
    assert await all_outcomes(db) == filled
    assert any(row[6] for row in filled)


async def test_answers_that_arrive_while_a_course_is_published_are_graded(
    db: Database, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "_AT_ONCE", 2)
    tablets = [Tablet(small) for _ in range(12)]
    place = right(small.exercise("senal"))
    for tablet in tablets[:8]:
        await store(db, tablet.answers("senal", place))

    await asyncio.gather(
        publish(db, small), *(store(db, tablet.answers("senal", place)) for tablet in tablets)
    )

    filled = await all_outcomes(db)
    assert [row[4:7] for row in filled] == [(1.0, 1 + (tablet in tablets[:8]), 0) for tablet in sorted(
        tablets, key=lambda tablet: tablet.profile)]  # fmt: skip
    await rebuild_outcomes(db)
    assert await all_outcomes(db) == filled


async def test_linked_profiles_are_one_person(db: Database, small: Course) -> None:
    await publish(db, small)
    one, other = Tablet(small), Tablet(small)
    place = right(small.exercise("senal"))
    await store(db, one.opens(), one.answers("senal", (place + 1) % 3), other.completes("dos"))
    await store(db, other.answers("senal", place))

    together = await progress_in(db, small.outline(), [one.profile, other.profile])

    assert together.lessons["uno"].exercises["senal"].mark == 1.0
    assert together.lessons["uno"].exercises["senal"].attempts == 2
    assert together.units["u1"].completed_lessons == 1
    assert (await progress_in(db, small.outline(), [])).percent == 0


async def test_grading_trusts_no_revisions_but_those_in_the_database(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.answers("senal", 0))
    await publish(db, small)
    await publish_revisions(db, small)  # what was read of them is forgotten
    await db.execute("DELETE FROM revisions")

    (receipt,) = await store(db, tablet.answers("senal", 0))

    assert receipt.mark is None
