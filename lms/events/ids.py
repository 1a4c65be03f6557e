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
