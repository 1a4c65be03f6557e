"""School, UGEL and nation: three real servers, links cut at any byte, machines that die, are restored and cloned.

At the end all logs are equal, nothing that was acknowledged is missing, and nothing is double.
"""

from __future__ import annotations

import itertools
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from events_cast import Tablet, small_course

from tests.relay.machines import Device, Link, Machine

COURSE = small_course()
SETTLE = 600.0  # seconds, on a busy machine


@dataclass
class Relay:
    """The machines from the school up, the links from each to the one above, and the devices."""

    machines: list[Machine]
    links: list[Link]
    devices: list[Device]
    chance: random.Random
    place: Path

    def everybody_studies_a_while(self, rounds: int, events: int) -> None:
        for _ in range(rounds):
            for device in self.devices:
                device.studies(self.chance.randint(1, 2 * events))
                # Mostly at school; sometimes in the city.
                device.comes_to(self.chance.choices(self.machines, (8, 2, 1))[0])
            self.something_happens()

    def something_happens(self) -> None:
        what = self.chance.choice(("nothing", "power", "power", "network"))
        machine = self.chance.choice(self.machines)
        if what == "power":
            machine.kill()
            machine.start()
        elif what == "network":
            link = self.chance.choice(self.links)
            link.up = not link.up

    def school_is_restored_from_an_old_backup(self, backup: Path) -> None:
        school = self.machines[0]
        school.kill()
        school.put_back(backup)
        school.start()

    def whole(self) -> set[bytes]:
        return {line for device in self.devices for line in device.written}

    def settles(self) -> None:
        """The links hold, every device comes back everywhere, and the servers have time to talk."""
        for link in self.links:
            link.up = True
        wanted = self.whole()
        until = time.monotonic() + SETTLE
        while time.monotonic() < until:
            for device in self.devices:
                for machine in self.machines[:1]:
                    device.comes_to(machine)
            if all(set(machine.log().values()) == wanted for machine in self.machines):
                return
            time.sleep(0.5)


@pytest.fixture
def relay(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Relay]:
    chance, count = random.Random(20261126), request.param
    names, off = ("escuela", "ugel", "difods"), (-2700, 0, 0)
    machines = [Machine(name, tmp_path / name, days) for name, days in zip(names, off, strict=True)]
    with ExitStack() as stack:
        links: list[Link] = []
        stack.callback(lambda: [link.close() for link in links])
        for machine in machines:
            machine.folder.mkdir()
            stack.callback(machine.kill)
            machine.start()
        for below, above in itertools.pairwise(machines):
            link = Link(above.port, lambda: int(chance.expovariate(1 / (1000 * count))))
            links.append(link)
            line = above.says("node", "invite", below.name).strip()
            below.says("node", "join", line.replace(above.url, link.url))
        devices = [Device(Tablet(COURSE), random.Random(chance.random())) for _ in range(count)]
        yield Relay(machines, links, devices, chance, tmp_path)


def live(relay: Relay, rounds: int, events: int) -> None:
    school = relay.machines[0]
    relay.everybody_studies_a_while(rounds, events)
    school.kill()
    school.copy_to(relay.place / "backup")
    school.start()
    relay.everybody_studies_a_while(rounds, events)
    relay.school_is_restored_from_an_old_backup(relay.place / "backup")
    clone = Machine("escuela-copia", relay.place / "clone", relay.machines[0].days_off)
    clone.folder.mkdir()
    shutil.copytree(relay.place / "backup", clone.folder / "data")
    clone.start()
    try:
        half = len(relay.devices) // 2
        for device in relay.devices[:half]:
            device.studies(events)
            device.comes_to(clone)
        relay.everybody_studies_a_while(rounds, events)
    finally:
        time.sleep(3)
        clone.kill()
    relay.settles()


def check(relay: Relay) -> None:
    wanted = relay.whole()
    acknowledged = {line for device in relay.devices for line in device.sent}
    for machine in relay.machines:
        log = machine.log()
        assert len(log) == len(set(log.values())), f"something is double at {machine.name}"
        missing, strange = wanted - set(log.values()), set(log.values()) - wanted
        assert not (acknowledged - set(log.values())), f"acknowledged events are missing at {machine.name}"
        assert (len(missing), len(strange)) == (0, 0), f"{machine.name} differs"


@pytest.mark.parametrize("relay", [12], indirect=True)
def test_whatever_happens_on_the_way_all_logs_are_equal_at_the_end(relay: Relay) -> None:
    live(relay, rounds=2, events=8)
    check(relay)


@pytest.mark.soak
@pytest.mark.parametrize("relay", [200], indirect=True)
def test_two_hundred_devices_and_twenty_thousand_events(relay: Relay) -> None:
    live(relay, rounds=5, events=7)
    assert len(relay.whole()) > 20_000
    check(relay)
