import json
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lms.course.draw import draw

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "draw.json").read_text("utf-8"))


def test_draws_agree_with_the_vectors() -> None:
    for vector in VECTORS:
        drawn = draw(vector["profile"], vector["rev"], vector["attempt"], vector["names"], vector["count"])
        assert list(drawn) == vector["drawn"]


def test_another_attempt_at_a_whole_course_asks_mostly_what_the_one_before_did_not() -> None:
    bank = [f"pregunta-{n}" for n in range(45)]
    draws = [set(draw("perfil", "rev", attempt, bank, 20)) for attempt in range(1, 21)]
    shared = [len(one & other) for one, other in pairwise(draws)]
    assert all(len(one) == 20 for one in draws)
    assert max(shared) < 20
    assert 7 < sum(shared) / len(shared) < 11  # by chance it is 20 x 20 / 45


@given(
    names=st.sets(st.from_regex("[a-z]{1,6}", fullmatch=True)), count=st.integers(0, 30), dice=st.randoms()
)
def test_a_draw_does_not_depend_on_the_order_of_the_bank(names: set[str], count: int, dice) -> None:  # type: ignore[no-untyped-def]
    mixed = sorted(names)
    dice.shuffle(mixed)
    drawn = draw("p", "r", 1, mixed, count)
    assert drawn == draw("p", "r", 1, sorted(names), count)
    assert len(drawn) == len(set(drawn)) == min(count, len(names))
