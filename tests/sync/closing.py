"""A tablet that signs, and the files that it closes to a server, as a browser would."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from events_cast import Tablet

from lms.events.model import DeviceAnnounced
from lms.sync.over_closed_file import kind
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.sealing import Identity, Public

HEADING = Heading("Nélida", "Curso", date(2026, 11, 26))


@dataclass
class Signing(Tablet):
    """A tablet with a key."""

    key: Identity = field(default_factory=Identity.new)

    def announces(self, key: Identity | None = None) -> bytes:
        """Say its key, or another one."""
        return self.writes("device.announced", "", DeviceAnnounced((key or self.key).public.text))

    def closes(self, lines: Sequence[bytes], receiver: Public) -> bytes:
        """A file with these lines, which only that server can open."""
        return closed(build_progress_file(lines, HEADING), self.key, receiver)


def closed(content: bytes, key: Identity, receiver: Public) -> bytes:
    """A closed file with any content, signed with a key."""
    return armoured(key.seal(content, receiver, kind()))


def armoured(parcel: bytes) -> bytes:
    """A closed file with that parcel."""
    text = b64encode(parcel)
    lines = [text[at : at + 76] for at in range(0, len(text), 76)]
    return b"\n".join((b"CHASKI AVANCE 2", "# Avance de Nélida".encode(), b"# Cerrado", *lines, b"FIN", b""))
