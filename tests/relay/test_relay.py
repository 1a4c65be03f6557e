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

from tests.relay.links import Link
from tests.relay.machines import Device, Machine
from tests.relay.places import place

COURSE = small_course()
SETTLE = 600.0  # seconds, on a busy machine
HOLDS = 15_000  # bytes that a link carries in the mean before it breaks


@dataclass
class Relay:
    """The machines from the school up, the links from each to the one above, and the devices."""

    machines: list[Machine]
    links: list[Link]
    devices: list[Device]
    chance: random.Random
    folder: Path

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
        """The links are not down any more, every device comes back, and the servers have time to talk."""
        for link in self.links:
            link.up = True
        wanted = self.whole()
        until = time.monotonic() + SETTLE
        while time.monotonic() < until:
            for device in self.devices:
                if len(device.sent) < len(device.written) or self.chance.random() < 0.1:
                    device.comes_to(self.machines[0])
            repeated = all(link.repeated for link in self.links)
            if repeated and all(set(machine.log().values()) == wanted for machine in self.machines):
                return
            time.sleep(0.5)

    def ugel_gets_what_is_at(self, machine: Machine) -> None:
        """A school has had time to talk with the UGEL."""
        self.links[0].up = True
        until = time.monotonic() + SETTLE
        while not machine.log().keys() <= self.machines[1].log().keys():
            assert time.monotonic() < until, f"{machine.name} does not get through"
            time.sleep(0.1)


@pytest.fixture
def relay(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Relay]:
    chance, count = random.Random(20261126), request.param
    names, off = ("escuela", "ugel", "difods"), (-2700, 0, 0)
    with ExitStack() as stack:
        machines = [
            Machine(name, tmp_path / name, stack.enter_context(place()), days)
            for name, days in zip(names, off, strict=True)
        ]
        links: list[Link] = []
        stack.callback(lambda: [link.close() for link in links])
        for machine in machines:
            machine.folder.mkdir()
            stack.callback(machine.kill)
            machine.start()
        for below, above in itertools.pairwise(machines):
            there = (above.place.address, above.port)
            link = Link(below.place.ours, there, random.Random(chance.random()), HOLDS)
            links.append(link)
            line = above.says("node", "invite", below.name).strip()
            below.says("node", "join", line.replace(above.url, link.url))
        devices = [
            Device(Tablet(COURSE), random.Random(chance.random()), f"10.9.{number // 250}.{number % 250 + 1}")
            for number in range(count)
        ]
        yield Relay(machines, links, devices, chance, tmp_path)


def live(relay: Relay, rounds: int, events: int) -> None:
    school = relay.machines[0]
    relay.everybody_studies_a_while(rounds, events)
    school.kill()
    school.copy_to(relay.folder / "backup")
    school.start()
    relay.everybody_studies_a_while(rounds, events)
    relay.school_is_restored_from_an_old_backup(relay.folder / "backup")
    clone = Machine("escuela-copia", relay.folder / "clone", school.place, school.days_off)
    clone.folder.mkdir()
    shutil.copytree(relay.folder / "backup", clone.folder / "data")
    clone.start()
    try:
        half = len(relay.devices) // 2
        for device in relay.devices[:half]:
            device.studies(events)
            device.comes_to(clone)
        relay.everybody_studies_a_while(rounds, events)
        relay.ugel_gets_what_is_at(clone)
    finally:
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
    assert all(link.repeated for link in relay.links), "no message came again"


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
