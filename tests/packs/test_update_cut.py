"""An update that is cut: nothing that had come is fetched again, and the course is the old or the new one."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from hashlib import sha256

import pytest
from cast import ROOT
from packs.conftest import Publisher, School
from packs.renewing import FILM, City, city, folder_of, renew, renew_from, running, with_film
from packs.test_install import put_in, version

from lms.errors import Conflict, Unavailable
from lms.packs import origins
from lms.packs.papers import kept_papers
from lms.packs.spool import ROOM, spool_in
from lms.packs.swap import recover_quietly
from lms.remote import Remote

__all__ = ["city", "running"]  # fixtures

HEADERS = 2000
"""More bytes than those of an answer's headers."""


@pytest.fixture
def without_film(school: School, publisher: Publisher) -> School:
    """A school that lacks nothing but the film."""
    put_in(school, with_film(publisher))
    (school.courses / "agua/media/clase.mp3").unlink()
    return school


def signature(city: City) -> int:
    """The bytes of the signature, which every order asks for."""
    papers = kept_papers(city.school.courses / "agua")
    assert papers is not None
    assert papers.signatures is not None
    return len(papers.signatures)


@pytest.mark.parametrize("seed", range(4))
def test_a_cut_anywhere_costs_no_byte_that_had_come(without_film: School, city: City, seed: int) -> None:
    lots = random.Random(seed)
    city.wire.cuts = lambda: lots.randint(2 * HEADERS, 250_000)
    renewal = renew_from(city.url, without_film)
    assert city.wire.connections > 3
    assert renewal.received == FILM + signature(city)
    assert city.wire.sent < FILM + HEADERS * (city.wire.connections + 2)
    assert folder_of(without_film.courses) == folder_of(city.school.courses)


def test_an_order_that_is_repeated_goes_on_where_the_last_one_ended(without_film: School, city: City) -> None:
    city.wire.cuts = lambda: random.randint(2 * HEADERS, 250_000)
    received = 0
    orders = 0
    while version_there(without_film) is None:
        there = Remote(city.url, wait=interrupt)
        try:
            renew(origins.Server(there), without_film)
        except KeyboardInterrupt:
            pass
        finally:
            there.close()
        received += there.received
        orders += 1
    assert orders > 3
    assert received == FILM + orders * signature(city)
    assert [path.name for path in without_film.courses.iterdir()] == ["agua"]


def version_there(school: School) -> str | None:
    return "1.1.0" if (school.courses / "agua/media/clase.mp3").exists() else None


def interrupt(seconds: float) -> None:
    raise KeyboardInterrupt


def test_texts_too_come_through_a_wire_that_is_always_cut(school: School, city: City) -> None:
    lots = random.Random(1)
    city.wire.cuts = lambda: lots.randint(2 * HEADERS, 60_000)
    renew_from(city.url, school)
    assert folder_of(school.courses) == folder_of(city.school.courses)


def test_a_network_that_is_gone_is_said_and_what_came_waits(without_film: School, city: City) -> None:
    cuts = iter([300_000])
    city.wire.cuts = lambda: next(cuts, 0)
    waits: list[float] = []
    there = Remote(city.url, wait=waits.append)
    with pytest.raises(Unavailable, match=r"Se cortó la conexión .* Lo que llegó queda guardado"):
        renew(origins.Server(there), without_film)
    there.close()
    assert waits == [0, 1, 2, 4, 8]
    assert sum(path.stat().st_size for path in (without_film.courses / ROOM / "agua").iterdir()) > 200_000
    assert version_there(without_film) is None


def test_what_another_version_left_goes(without_film: School, publisher: Publisher, city: City) -> None:
    room = without_film.courses / ROOM / "agua"
    room.mkdir(parents=True)
    (room / ("0" * 64)).write_bytes(b"de otra version")
    city.wire.cuts = lambda: 300_000
    there = Remote(city.url, wait=interrupt)
    with pytest.raises(KeyboardInterrupt):
        renew(origins.Server(there), without_film)
    there.close()
    assert [path.suffix for path in room.iterdir()] == [".part"]


@pytest.mark.parametrize("size", [1000, FILM])
def test_a_beginning_that_a_power_cut_spoilt_is_fetched_anew(
    without_film: School, city: City, size: int
) -> None:
    film = (city.school.courses / "agua/media/clase.mp3").read_bytes()
    room = without_film.courses / ROOM / "agua"
    room.mkdir(parents=True)
    (room / f"{sha256(film).hexdigest()}.part").write_bytes(bytes(size))
    renew_from(city.url, without_film)
    assert folder_of(without_film.courses) == folder_of(city.school.courses)


def test_only_one_updates_at_a_time(school: School, city: City) -> None:
    with spool_in(school.courses, "pozo"), pytest.raises(Conflict, match="actualización está en marcha"):
        renew_from(city.url, school)
    renew_from(city.url, school)


# Dies at the step asked for: every file opened, folder made, name changed, thing removed and 16 KiB received is one.
DIES = """
import os, signal, sys
from pathlib import Path
from lms.packs import swap, update
from lms.packs.keyring import Keyring
from lms.packs.origins import Server
from lms.remote import Remote
import lms.packs.signing, lms.course.checks  # what is imported late would count as steps
courses, keys, url, exchanges, last = sys.argv[1:]
if exchanges == "no":
    swap._exchanged = lambda one, other: False
steps = received = 0
PIECE = 1 << 14  # a network hands over what it likes at once
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "shutil.rmtree", "came"}
def step(event, arguments):
    global steps
    if event in STEPS and any(courses in str(one) for one in arguments):
        steps += 1
        if steps == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
def came(size):
    global received
    before, received = received, received + size
    for _ in range(before // PIECE, received // PIECE):
        step("came", [courses])
here = update.Here(Path(courses), Keyring(Path(keys)), update.Terms())
watcher = update.Watcher(lambda verdict: None, lambda plan: None, came)
sys.addaudithook(step)
update.update(Server(Remote(url)), "agua", here, watcher)
print(steps)
"""


class Dying:
    """An update from 1.0.0 to 1.1.0 that can be cut at any step."""

    def __init__(self, school: School, publisher: Publisher, city: City, exchanges: bool) -> None:
        self.school = school
        put_in(school, publisher.pack())
        self._city = city
        self._exchanges = "yes" if exchanges else "no"
        self._before = shutil.copytree(school.courses, school.courses.parent / "before")
        (school.courses.parent / "data" / "lms.db").write_bytes(b"lo que hizo cada persona")

    def cut_at(self, step: int) -> int:
        """Update, dying at this step (0: never); the number of steps, 0 when it died."""
        shutil.rmtree(self.school.courses)
        shutil.copytree(self._before, self.school.courses)
        keys = self.school.courses.parent / "data" / "keys"
        words = [self.school.courses, keys, self._city.url, self._exchanges, str(step)]
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", DIES, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == (0 if step == 0 else -9), run.stderr
        return int(run.stdout or 0)

    def check(self) -> None:
        """What is there is whole, before and after tidying; the order repeated renews it, and leaves nothing."""
        before = version(self.school.courses / "agua")
        assert before in (("1.0.0", "1.1.0") if self._exchanges == "yes" else ("1.0.0", "1.1.0", None))
        recover_quietly(self.school.courses)
        after = version(self.school.courses / "agua")
        assert after == (before or "1.0.0")
        assert {path.name for path in self.school.courses.iterdir()} <= {"agua", ROOM}
        assert (self.school.courses.parent / "data" / "lms.db").read_bytes() == b"lo que hizo cada persona"
        renew_from(self._city.url, self.school)
        assert folder_of(self.school.courses) == folder_of(self._city.school.courses)


@pytest.mark.parametrize(
    ("exchanges", "points"),
    [
        (True, 4),
        (False, 4),
        pytest.param(True, 50, marks=pytest.mark.soak),
        pytest.param(False, 50, marks=pytest.mark.soak),
    ],
)
def test_an_update_killed_anywhere_leaves_one_whole_course(
    school: School, publisher: Publisher, city: City, exchanges: bool, points: int
) -> None:
    dying = Dying(school, publisher, city, exchanges)
    steps = dying.cut_at(0)
    assert steps > 40
    assert version(school.courses / "agua") == "1.1.0"
    # The last steps are the swap and the tidying: half of the lots fall there.
    lots = random.Random()
    late = [steps - lots.randrange(40) for _ in range(points // 2)]
    for step in (*late, *(lots.randint(1, steps - 5) for _ in range(points - len(late)))):
        dying.cut_at(step)
        dying.check()
