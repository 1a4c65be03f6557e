"""Archives changed at random: refused in words, or still exactly what their maker signed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs.conftest import TODAY, Publisher, School

from lms.errors import LmsError
from lms.packs.contents import checked, open_contents
from lms.packs.difference import make_difference
from lms.packs.gathered import completed
from lms.packs.install import Terms, install
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
    """A signed pack, or a difference, and a file to put its changed copies in."""

    def __init__(self, pack: Path, school: School) -> None:
        self.content = pack.read_bytes()
        self.school = school
        self.file = pack.with_name("cambiado.zip")
        self.honest = accepted(pack, school) or {}


@pytest.fixture(scope="module")
def targets() -> Iterator[tuple[Target, Target]]:
    """A pack, and the difference that brings the next version to where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        publisher = Publisher(new_signer("difods"), Path(folder))
        school = School(Path(folder) / "courses", Keyring(Path(folder) / "keys"))
        school.ring.keep(publisher.signer.key, "trusted", TODAY)
        pack, newer = publisher.pack(), publisher.pack("1.1.0")
        install(pack, school.courses, school.ring, Terms())
        yield Target(pack, school), Target(make_difference(pack, newer, Path(folder)), school)


def accepted(pack: Path, school: School) -> dict[str, bytes] | None:
    """What the files of a pack hold if it is whole and trusted, else None."""
    try:
        with open_contents(pack) as opened:
            contents = completed(opened, school.courses)
            verdict = verify(contents, school.ring)
            if not verdict.whole or verdict.standing != "trusted":
                return None
            files = (one for one in verdict.manifest.files if one.path in contents.sizes)
            return {one.path: b"".join(checked(contents, one)) for one in files}
    except LmsError:
        return None


@settings(max_examples=max(300, settings.default.max_examples if settings.default else 0))
@given(seed=st.integers(0, 2**32), times=st.integers(1, 4))
def test_no_changed_archive_crashes_or_passes_for_its_maker(
    targets: tuple[Target, Target], seed: int, times: int
) -> None:
    lots = random.Random(seed)
    target = lots.choice(targets)
    pack = bytearray(target.content)
    for change in (lots.choice(CHANGES) for _ in range(times)):
        if len(pack) > 1000 and b"PK\1\2" in pack[:-100]:
            change(lots, pack)
    target.file.write_bytes(pack)
    assert "source/course.toml" in target.honest
    assert accepted(target.file, target.school) in (None, target.honest)
