"""Which questions of a bank an attempt gets: the same on every device, so a receiver can check."""

import hashlib
from collections.abc import Iterable


def draw(profile: str, rev: str, attempt: int, names: Iterable[str], count: int) -> tuple[str, ...]:
    """Return `count` names, or all if there are fewer, in the order of their hashes.

    A name's lot is the SHA-256, in hexadecimal, of `profile|rev|attempt|name` in UTF-8: as good as chance, and
    any device can draw it again. `profile` is a profile's id, `rev` is the assessment's, `attempt` counts from
    1; `lms/static/js/draw.js` is the browser twin.
    """

    def lot(name: str) -> str:
        return hashlib.sha256(f"{profile}|{rev}|{attempt}|{name}".encode()).hexdigest()

    return tuple(sorted(names, key=lot)[: max(0, count)])
