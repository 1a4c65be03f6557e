"""Where a machine stands in the network: a network of its own with one wire to us, or else an address of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count

_numbers = count(os.getpid() % 50 * 4)


@dataclass(frozen=True)
class Place:
    """The address of a machine there, the address at which it reaches us, and how a program is started there."""

    address: str
    ours: str
    command: tuple[str, ...] = ()


@contextmanager
def place() -> Iterator[Place]:
    """A network namespace with a pair of virtual wires, where this user may make one; else another loopback address."""
    number = next(_numbers) % 250 + 1
    name, near, far = f"chaski{number}", f"chaski{number}a", f"chaski{number}b"
    ours, address = f"10.203.{number}.1", f"10.203.{number}.2"
    inside = ("ip", "netns", "exec", name)
    with ExitStack() as stack:
        if not _done("ip", "netns", "add", name):
            yield Place(f"127.0.0.{number}", "127.0.0.1")
            return
        stack.callback(_done, "ip", "netns", "delete", name)
        stack.callback(_done, "ip", "link", "delete", near)
        made = (
            ("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name),
            ("ip", "address", "add", f"{ours}/30", "dev", near),
            ("ip", "link", "set", near, "up"),
            (*inside, "ip", "address", "add", f"{address}/30", "dev", far),
            (*inside, "ip", "link", "set", far, "up"),
            (*inside, "ip", "link", "set", "lo", "up"),
        )
        if all(_done(*command) for command in made):
            yield Place(address, ours, inside)
        else:
            yield Place(f"127.0.0.{number}", "127.0.0.1")


def _done(*command: str) -> bool:
    return _run(command) == 0


def _run(command: Sequence[str]) -> int:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode
    except OSError:
        return -1
