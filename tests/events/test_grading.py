"""An answer is graded with its own revision and all later ones, carried there by the text of what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from events_cast import IN_LESSON, Tablet, gift, right, small_course

from lms.course.draw import draw
from lms.course.exercises import TYPES
from lms.course.model import Course, Exercise
from lms.course.versions import is_older
from lms.events import grading, wire
from lms.events.grading import (
    ASSESSMENT,
    WAITS,
    Graded,
    Revision,
    Revisions,
    grade,
    grade_answer,
    translate,
    vigesimal,
)


def revision(exercise: Exercise, version: str = "1.0.0") -> Revision:
    kind = TYPES[exercise.type]
    source, key = kind.canonical(exercise), kind.key(exercise)
    return Revision("curso", exercise.name, exercise.rev, exercise.type, source, key, version)


def published(course: Course) -> Revisions:
    unit = course.units[0]
    assert unit.assessment is not None
    exercises = [*unit.lessons[0].exercises, *unit.assessment.bank]
    source = {"draw": unit.assessment.draw, "bank": [one.name for one in unit.assessment.bank]}
    own = Revision("curso", "final", unit.assessment.rev, ASSESSMENT, source, {}, course.version)
    return Revisions([*map(revision, exercises), own])


def one(text: str, version: str = "1.0.0") -> Revision:
    (exercise,) = gift(text)
    return revision(exercise, version)


def chosen(old: Revision, *texts: str) -> list[int]:
    return [old.source["options"].index(text) for text in texts]


def test_an_unknown_revision_waits(small: Course) -> None:
    event = wire.decode(Tablet(small).answers("senal", 0))

    assert grade(Revisions(), event) == WAITS


def test_only_short_answers_that_could_be_graded_are_remembered(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def counting(published: Any, rev: str, answer: Any, version: str) -> Graded:
        asked.append(answer)
        return grade_answer(published, rev, answer, version)

    monkeypatch.setattr(grading, "grade_answer", counting)
    ours, empty, tablet = published(small), Revisions(), Tablet(small)
    for revisions, answer, times in ((ours, 1, 1), (ours, "x" * 5_000, 2), (empty, 0, 2)):
        asked.clear()
        for _ in range(2):
            grade(revisions, wire.decode(tablet.answers("senal", answer)))
        assert len(asked) == times


def test_what_carries_no_answer_has_no_mark_and_never_waits(small: Course) -> None:
    graded = grade(Revisions(), wire.decode(Tablet(small).opens()))

    assert (graded.mark, graded.pending) == (None, False)


def test_nonsense_is_worth_nothing_and_does_not_wait(small: Course) -> None:
    for answer in (99, "x", None, [[]], {"a": 1}, True):
        graded = grade(published(small), wire.decode(Tablet(small).answers("senal", answer)))
        assert (graded.mark, graded.pending) == (0.0, False)


def test_a_later_revision_raises_a_mark_and_lowers_none() -> None:
    old = one("::a:: ¿Cuál? {=Norte ~Sur ~Este}")
    new = one("::a:: ¿Cuál? {=Sur ~Norte ~Oeste ~Este}", "1.0.1")
    both = {revision.rev: revision for revision in (old, new)}

    def mark(text: str, published: dict[str, Revision] = both) -> float | None:
        return grade_answer(published, old.rev, chosen(old, text)[0], "1.0.0").mark

    assert mark("Norte") == 1.0
    assert mark("Sur") == 1.0
    assert mark("Este") == 0.0
    assert mark("Sur", {old.rev: old}) == 0.0


def test_what_only_an_earlier_wrong_key_called_right_is_wrong() -> None:
    wrong = one("::a:: ¿Cuál? {=Norte ~Sur ~Este}", "1.9.0")
    right = one("::a:: ¿Cuál? {=Sur ~Norte ~Este}", "1.10.0")
    both = {revision.rev: revision for revision in (wrong, right)}

    assert grade_answer(both, right.rev, chosen(right, "Norte")[0], "1.10.0").mark == 0.0
    assert grade_answer(both, right.rev, chosen(right, "Sur")[0], "1.10.0").mark == 1.0


def test_a_course_that_went_back_to_a_revision_counts_it_as_todays() -> None:
    kept = one("::a:: ¿Cuál? {=Norte ~Sur ~Este}", "1.2.0")  # as it was in 1.0.0 too
    wrong = one("::a:: ¿Cuál? {=Sur ~Norte ~Este}", "1.1.0")
    both = {revision.rev: revision for revision in (kept, wrong)}

    def mark(own: Revision, text: str, version: str) -> float | None:
        return grade_answer(both, own.rev, chosen(own, text)[0], version).mark

    assert mark(wrong, "Norte", "1.1.0") == 1.0
    assert mark(wrong, "Sur", "1.1.0") == 1.0
    assert mark(kept, "Sur", "1.0.0") == 1.0
    assert mark(kept, "Sur", "1.2.0") == 0.0


@pytest.mark.parametrize("version", ["", "antigua", "1.x", "..", "-1.0.0"])
def test_a_version_that_nobody_can_place_excludes_nothing(version: str) -> None:
    assert not is_older(version, "1.0.0")
    assert not is_older("1.0.0", version)


def test_versions_are_compared_as_numbers() -> None:
    assert is_older("1.9.0", "1.10.0")
    assert not is_older("1.10.0", "1.9.0")
    assert not is_older("1.0.0", "1.0.0")


def test_a_choice_that_is_gone_says_nothing() -> None:
    old = one("::a:: ¿Cuál? {=Norte ~Sur}")
    new = one("::a:: ¿Cuál? {=Este ~Oeste}")

    assert translate(old, new, 0) is None


def test_several_choices_are_carried_together_or_not_at_all() -> None:
    old = one("::a:: ¿Cuáles? {~%50%Uno ~%50%Dos ~%-100%Tres}")
    new = one("::a:: ¿Cuáles? {~%50%Dos ~%50%Uno ~%-100%Cuatro}")

    assert translate(old, new, sorted(chosen(old, "Uno", "Dos"))) == sorted(chosen(new, "Uno", "Dos"))
    assert translate(old, new, chosen(old, "Tres")) is None


def test_pairs_are_carried_left_by_left() -> None:
    old = one("::a:: Empareja. {=Sol -> Panel =Agua -> Turbina =Viento -> Molino}")
    new = one("::a:: Empareja bien. {=Viento -> Molino =Sol -> Panel =Agua -> Noria}")
    answer = [old.source["right"].index(text) for text in ("Panel", "Turbina", "Molino")]

    assert translate(old, new, answer) == [
        new.source["right"].index("Molino"),
        new.source["right"].index("Panel"),
        None,
    ]


def test_an_order_is_carried_when_the_items_are_the_same() -> None:
    items = ("Uno", "Dos", "Tres")
    old, new = (
        Revision(
            "curso",
            "a",
            rev,
            "ordering",
            {"items": list(order)},
            {"order": [0, 1, 2], "all_or_nothing": False},
            "1.0.0",
        )
        for rev, order in (("old", items), ("new", items[::-1]))
    )
    less = Revision("curso", "a", "less", "ordering", {"items": ["Uno", "Dos"]}, {}, "1.0.0")

    assert translate(old, new, [2, 0, 1]) == [0, 2, 1]
    assert translate(old, less, [2, 0, 1]) is None


@pytest.mark.parametrize(("name", "answer"), [("palabra", " sim "), ("cuenta", "18,5"), ("verdad", True)])
def test_typed_answers_need_no_carrying(small: Course, name: str, answer: Any) -> None:
    later = small_course(IN_LESSON.replace("¿Cómo", "Di: ¿cómo").replace("¿Cuánto", "Di: ¿cuánto"))
    revisions = {one.rev: one for one in (revision(c.exercise(name)) for c in (small, later))}

    assert grade_answer(revisions, small.exercise(name).rev, answer, "1.0.0").mark == 1.0


def test_an_assessment_counts_only_what_was_drawn(small: Course) -> None:
    tablet = Tablet(small)
    final = small.assessment("final")
    answers = {exercise.name: right(exercise) for exercise in final.bank}
    drawn = draw(tablet.profile, final.rev, 1, [exercise.name for exercise in final.bank], final.draw)

    def mark(names: tuple[str, ...]) -> float | None:
        line = tablet.submits({name: answers[name] for name in names}, mark=20.0)
        return grade(published(small), wire.decode(line)).mark

    others = tuple(name for name in answers if name not in drawn)
    assert mark(drawn) == 20.0
    assert mark(tuple(answers)) == 20.0
    assert mark(others) == 0.0
    assert mark((*others, *drawn[:3])) == 15.0


def test_of_two_answers_to_one_question_the_first_counts(small: Course) -> None:
    tablet = Tablet(small)
    final = small.assessment("final")
    good = {exercise.name: right(exercise) for exercise in final.bank}
    line = tablet.submits(good)
    event = wire.decode(line)
    wrong = {name: (place + 1) % 3 for name, place in good.items()}
    twice = event.data.answers + wire.decode(tablet.submits(wrong)).data.answers
    data = type(event.data)(event.data.rev, 1, twice, 0.0, "device")
    changed = wire.decode(tablet.writes("assessment.submitted", "final", data))

    assert grade(published(small), changed).mark == 20.0


def test_an_assessment_with_an_unknown_answer_waits_with_what_is_known(small: Course) -> None:
    tablet = Tablet(small)
    final = small.assessment("final")
    drawn = draw(tablet.profile, final.rev, 1, [exercise.name for exercise in final.bank], final.draw)
    answers = {name: right(small.exercise(name)) for name in drawn}
    line = tablet.submits(answers).replace(small.exercise(drawn[0]).rev.encode(), b"0123456789abcdef", 1)

    graded = grade(published(small), wire.decode(line))

    assert (graded.mark, graded.pending) == (15.0, True)


@pytest.mark.parametrize(
    ("total", "count", "mark"),
    [
        (10, 10, 20.0),
        (0, 10, 0.0),
        (0, 0, 0.0),
        (1, 3, 6.7),
        (2, 3, 13.3),
        (0.1 + 0.2, 8, 0.8),
        (6.25, 10, 12.5),
        (5.0125, 10, 10.0),
        (5.025, 10, 10.1),
    ],
)
def test_a_mark_has_one_decimal_halves_up(total: float, count: int, mark: float) -> None:
    assert vigesimal(total, count) == mark
