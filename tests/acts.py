"""What a teacher does on a page, said once: live pages and packs carry the same forms."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from lms.course.exercises import TYPES
from lms.course.model import Exercise


def form_of(page: Page, exercise: Exercise) -> Locator:
    """Return the form of an exercise that is shown now."""
    return page.locator(f'[data-exercise="{exercise.name}"]')


def right_answer(exercise: Exercise) -> Any:
    """Return an answer that gets the full mark, found by asking the grader."""
    kind, key = TYPES[exercise.type], TYPES[exercise.type].key(exercise)
    for answer in _candidates(exercise, key):
        if kind.valid(key, answer) and kind.grade(key, answer).mark == 1.0:
            return answer
    raise AssertionError(f"no right answer found for {exercise.name}")


def wrong_answer(exercise: Exercise) -> Any:
    """Return an answer that gets no full mark."""
    kind, key = TYPES[exercise.type], TYPES[exercise.type].key(exercise)
    for answer in _candidates(exercise, key):
        if kind.valid(key, answer) and kind.grade(key, answer).mark < 1.0:
            return answer
    raise AssertionError(f"no wrong answer found for {exercise.name}")


def _candidates(exercise: Exercise, key: dict[str, Any]) -> list[Any]:
    from itertools import chain, combinations, permutations

    count = len(exercise.options)
    if exercise.type == "truefalse":
        return [True, False]
    if exercise.type == "single":
        return list(range(count))
    if exercise.type == "multiple":
        return [
            list(some) for some in chain(*(combinations(range(count), size) for size in range(1, count + 1)))
        ]
    if exercise.type == "ordering":
        return [list(one) for one in permutations(range(len(exercise.data["items"])))]
    if exercise.type == "matching":
        left, right = len(exercise.data["lefts"]), len(exercise.data["rights"])
        return [list(one) for one in permutations(range(right), left)]
    if exercise.type == "numerical":
        return [*(str(number / 2) for number in range(0, 4001)), "5000", "10000", "-1"]
    return [*(option.text.replace("*", "") for option in exercise.options), "zzz"]


def fill(form: Locator, exercise: Exercise, answer: Any) -> None:
    """Give an answer with the form's own controls, as a person does."""
    if exercise.type == "single":
        form.locator(f'input[value="{answer}"]').check()
    elif exercise.type == "truefalse":
        form.locator(f'input[value="{str(answer).lower()}"]').check()
    elif exercise.type == "multiple":
        for position in range(len(exercise.options)):
            form.locator(f'input[value="{position}"]').set_checked(position in answer)
    elif exercise.type == "matching":
        for left, right in enumerate(answer):
            form.locator("select").nth(left).select_option(str(right))
    elif exercise.type == "ordering":
        for place, item in enumerate(answer, start=1):
            form.locator(f'select[name="p{item}"]').select_option(str(place))
    else:
        form.locator('input[name="answer"]').fill(str(answer))


def submit(form: Locator) -> None:
    """Press «Revisar» and wait for the explanation."""
    form.get_by_role("button", name="Revisar").click()
    form.locator(".feedback strong").wait_for()


def answer(page: Page, exercise: Exercise, *, right: bool = True) -> str:
    """Answer an exercise of the lesson on screen and return what it says."""
    form = form_of(page, exercise)
    form.scroll_into_view_if_needed()
    fill(form, exercise, right_answer(exercise) if right else wrong_answer(exercise))
    submit(form)
    return form.locator(".feedback").inner_text()
