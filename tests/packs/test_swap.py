"""`kill -9` in the middle of an install: the old course or the new one, never half of either, and nothing left."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cast import ROOT
from packs.conftest import Publisher, School
from packs.test_install import put_in, version

from lms.packs import swap
from lms.packs.swap import ROOM, recover_quietly

# Dies at the step asked for: every file opened, folder made, name changed and thing removed is one.
DIES = """
import os, signal, sys
from datetime import date
from pathlib import Path
from lms.packs import install, swap
from lms.packs.keyring import Keyring
courses, keys, pack, exchanges, last = sys.argv[1:]
if exchanges == "no":
    swap._exchanged = lambda one, other: False
# What is imported late would count as steps.
import lms.packs.signing, lms.course.checks
ring, steps = Keyring(Path(keys)), 0
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "shutil.rmtree"}
def step(event, arguments):
    global steps
    if event in STEPS and any(courses in str(one) for one in arguments):
        steps += 1
        if steps == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
install.install(Path(pack), Path(courses), ring, install.Terms())
print(steps)
"""


class Dying:
    """An update from 1.0.0 to 2.0.0 that can be cut at any step."""

    def __init__(self, school: School, publisher: Publisher, exchanges: bool) -> None:
        self.school = school
        put_in(school, publisher.pack())
        self._new = publisher.pack("2.0.0")
        self._exchanges = "yes" if exchanges else "no"
        self._before = shutil.copytree(school.courses, school.courses.parent / "before")
        (school.courses.parent / "data" / "lms.db").write_bytes(b"lo que hizo cada persona")

    def cut_at(self, step: int) -> int:
        """Install, dying at this step (0: never); the number of steps, 0 when it died."""
        shutil.rmtree(self.school.courses)
        shutil.copytree(self._before, self.school.courses)
        keys = self.school.courses.parent / "data" / "keys"
        run = subprocess.run(
            [sys.executable, "-c", DIES, self.school.courses, keys, self._new, self._exchanges, str(step)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == (0 if step == 0 else -9), run.stderr
        return int(run.stdout or 0)

    def check(self) -> None:
        """What is there is whole, before and after tidying; the next install works."""
        before = version(self.school.courses / "agua")
        assert before in (("1.0.0", "2.0.0") if self._exchanges == "yes" else ("1.0.0", "2.0.0", None))
        recover_quietly(self.school.courses)
        after = version(self.school.courses / "agua")
        assert after == (before or "1.0.0")
        assert [path.name for path in self.school.courses.iterdir()] == ["agua"]
        assert (self.school.courses.parent / "data" / "lms.db").read_bytes() == b"lo que hizo cada persona"
        assert put_in(self.school, self._new) == "2.0.0"


@pytest.mark.parametrize(
    ("exchanges", "points"),
    [
        (True, 4),
        (False, 4),
        pytest.param(True, 50, marks=pytest.mark.soak),
        pytest.param(False, 50, marks=pytest.mark.soak),
    ],
)
def test_an_install_cut_anywhere_leaves_one_whole_course(
    school: School, publisher: Publisher, exchanges: bool, points: int
) -> None:
    dying = Dying(school, publisher, exchanges)
    steps = dying.cut_at(0)
    assert steps > 20
    assert version(school.courses / "agua") == "2.0.0"
    # The last steps are the swap and the tidying: half of the lots fall there.
    lots = random.Random()
    late = [steps - lots.randrange(25) for _ in range(points // 2)]
    for step in (*late, *(lots.randint(1, steps) for _ in range(points - len(late)))):
        dying.cut_at(step)
        dying.check()


def test_a_cut_between_the_two_renames_puts_the_old_course_back(
    school: School, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(school, publisher.pack())

    def dies(room: Path, new: Path, target: Path) -> None:
        (room / "old").mkdir()
        target.rename(room / "old" / target.name)
        raise KeyboardInterrupt

    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    monkeypatch.setattr(swap, "_replace", dies)
    with pytest.raises(KeyboardInterrupt):
        put_in(school, publisher.pack("2.0.0"))
    assert version(school.courses / "agua") == "1.0.0"
    assert not (school.courses / ROOM).exists()
