"""Archives changed at random: refused in words, or still exactly what their maker signed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs.conftest import TODAY, Publisher

from lms.errors import LmsError
from lms.packs.contents import checked, open_contents
from lms.packs.keyring import Keyring
from lms.packs.signing import new_signer
from lms.packs.verify import verify

Change = Callable[[random.Random, bytearray], None]


def a_bit(lots: random.Random, pack: bytearray) -> None:
    pack[lots.randrange(len(pack))] ^= 1 << lots.randrange(8)


def some_bytes(lots: random.Random, pack: bytearray) -> None:
    at, length = lots.randrange(len(pack)), lots.randint(1, 64)
    pack[at : at + length] = lots.randbytes(length)


def cut(lots: random.Random, pack: bytearray) -> None:
    del pack[lots.randrange(len(pack)) :]


def a_piece_out(lots: random.Random, pack: bytearray) -> None:
    at = lots.randrange(len(pack))
    del pack[at : at + lots.randint(1, 400)]


def a_piece_twice(lots: random.Random, pack: bytearray) -> None:
    at, to = lots.randrange(len(pack)), lots.randrange(len(pack))
    pack[to:to] = pack[at : at + lots.randint(1, 400)]


def an_extreme(lots: random.Random, pack: bytearray) -> None:
    """In the directory, where each number means something."""
    at = lots.randrange(pack.rindex(b"PK\1\2", 0, -100) - 500, len(pack) - 4)
    length = lots.choice((1, 2, 4))
    pack[at : at + length] = lots.choice((b"\0", b"\xff", b"\x7f")) * length


CHANGES: tuple[Change, ...] = (a_bit, some_bytes, cut, a_piece_out, a_piece_twice, an_extreme)


class Target:
    """A signed pack, and a file to put its changed copies in."""

    def __init__(self, pack: Path, ring: Keyring) -> None:
        self.content = pack.read_bytes()
        self.ring = ring
        self.file = pack.with_name("cambiado.zip")
        self.honest = accepted(pack, ring) or {}


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder:
        publisher = Publisher(new_signer("difods"), Path(folder))
        ring = Keyring(Path(folder) / "keys")
        ring.keep(publisher.signer.key, "trusted", TODAY)
        yield Target(publisher.pack(), ring)


def accepted(pack: Path, ring: Keyring) -> dict[str, bytes] | None:
    """What the files of a pack hold if it is whole and trusted, else None."""
    try:
        with open_contents(pack) as contents:
            verdict = verify(contents, ring)
            if not verdict.whole or verdict.standing != "trusted":
                return None
            return {one.path: b"".join(checked(contents, one)) for one in verdict.manifest.files}
    except LmsError:
        return None


@settings(max_examples=max(300, settings.default.max_examples if settings.default else 0))
@given(seed=st.integers(0, 2**32), times=st.integers(1, 4))
def test_no_changed_archive_crashes_or_passes_for_its_maker(target: Target, seed: int, times: int) -> None:
    lots = random.Random(seed)
    pack = bytearray(target.content)
    for change in (lots.choice(CHANGES) for _ in range(times)):
        if len(pack) > 1000 and b"PK\1\2" in pack[:-100]:
            change(lots, pack)
    target.file.write_bytes(pack)
    assert "source/course.toml" in target.honest
    assert accepted(target.file, target.ring) in (None, target.honest)
