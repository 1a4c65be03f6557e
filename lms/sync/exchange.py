"""What one side must send another so that both know the same: whole profiles, told apart by a digest.

Pure: a side is described by a `Summary` for each profile it knows. Whole profiles move because `seq` counts
within them, and because a receiver knows at once what it has already; merging is union.
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby

from msgspec import Struct


class Summary(Struct, frozen=True):
    """What one side has of a profile: how many events, and the SHA-256 (hex) of their ids in order."""

    count: int
    digest: str


def summarise(ids: Iterable[tuple[str, str]]) -> dict[str, Summary]:
    """A summary for each profile, from (profile, event id) in any order, repeated or not."""
    summaries = {}
    for profile, group in groupby(sorted(set(ids)), key=lambda pair: pair[0]):
        found = [event_id for _, event_id in group]
        summaries[profile] = Summary(len(found), hashlib.sha256("\n".join(found).encode()).hexdigest())
    return summaries


def to_send(mine: Mapping[str, Summary], theirs: Mapping[str, Summary]) -> tuple[str, ...]:
    """The profiles that the other side lacks or knows differently, in order."""
    return tuple(sorted(profile for profile, summary in mine.items() if theirs.get(profile) != summary))
