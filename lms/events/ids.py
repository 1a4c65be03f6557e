"""Making identifiers: random ones for devices and profiles, time-ordered ones for events."""

import secrets
import uuid

from lms.clock import Clock, system_clock


def new_random_id() -> str:
    """A UUIDv4 for a device or a profile: 122 random bits, knowing one proves having been given it."""
    return str(uuid.uuid4())


def new_event_id(clock: Clock = system_clock) -> str:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(clock().timestamp() * 1000) & (2**48 - 1)
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))


_OF_SERVER = "5e121d02"
_NODE_DIGITS = 12

IS_SERVER = f"device LIKE '%{_OF_SERVER}'"
"""Of a device, that it is a server that wrote something down."""

NODE_OF = "replace(substr(device, 1, 13), '-', '')"
"""The beginning of that server's id, as long as that of `NODE`, or a random one."""

NODE = f"substr(nodes.id, 1, {_NODE_DIGITS})"


def new_server_id(node: str) -> str:
    """A UUIDv4 for a server as a device, of which others see that it is one: 40 random bits between two marks.

    It begins as the server's id does, or at random where it has none yet, and ends as none of a browser does but one
    of four thousand million.
    """
    made = new_random_id()
    begin = (node or made.replace("-", ""))[:_NODE_DIGITS]
    return f"{begin[:8]}-{begin[8:]}{made[13:28]}{_OF_SERVER}"
