"""Two sides tell each other what they have, and whole profiles move."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.sync.exchange import Summary, summarise, to_send

IDS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123456")), max_size=12)


def test_a_summary_counts_and_names_the_events_of_a_profile() -> None:
    found = summarise([("a", "2"), ("b", "1"), ("a", "1")])

    assert {profile: summary.count for profile, summary in found.items()} == {"a": 2, "b": 1}
    assert found["b"] == Summary(1, "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b")


def test_a_profile_moves_when_the_other_side_lacks_it_or_knows_it_differently() -> None:
    mine = summarise([("same", "1"), ("more", "1"), ("more", "2"), ("new", "3")])
    theirs = summarise([("same", "1"), ("more", "1"), ("theirs", "9")])

    assert to_send(mine, theirs) == ("more", "new")
    assert to_send(theirs, mine) == ("more", "theirs")


@given(IDS, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(ids: list[tuple[str, str]], chance: object) -> None:
    again = ids * 2
    chance.shuffle(again)  # type: ignore[attr-defined]

    assert summarise(again) == summarise(ids)


@given(IDS, IDS)
def test_nothing_is_sent_exactly_when_nothing_differs(
    one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    mine, theirs = summarise(one), summarise(other)

    assert (set(one) == set(other)) == (not to_send(mine, theirs) and not to_send(theirs, mine))
