import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lms.course.draw import draw

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "draw.json").read_text("utf-8"))


def test_draws_agree_with_the_vectors() -> None:
    for vector in VECTORS:
        drawn = draw(vector["profile"], vector["rev"], vector["attempt"], vector["names"], vector["count"])
        assert list(drawn) == vector["drawn"]


@given(
    names=st.sets(st.from_regex("[a-z]{1,6}", fullmatch=True)), count=st.integers(0, 30), dice=st.randoms()
)
def test_a_draw_does_not_depend_on_the_order_of_the_bank(names: set[str], count: int, dice) -> None:  # type: ignore[no-untyped-def]
    mixed = sorted(names)
    dice.shuffle(mixed)
    drawn = draw("p", "r", 1, mixed, count)
    assert drawn == draw("p", "r", 1, sorted(names), count)
    assert len(drawn) == len(set(drawn)) == min(count, len(names))
