"""The key by which other servers know this one, as a file in the data folder: who exchanges and who copies it read it."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from pathlib import Path

FOLDER = "node"
"""Where in the data folder it lies."""

FILE = "node.pem"


_POINT, _ID_DIGITS = 65, 16


def id_in(data: Path) -> str:
    """What others call the server whose data these are (`lms.sync.sealing.Public.id`); empty as long as it has no key.

    Read without the library, which is large: the file ends with the public key.
    """
    try:
        lines = (data / FOLDER / FILE).read_bytes().split(b"\n")
        point = b64decode(b"".join(line for line in lines if not line.startswith(b"-----")))[-_POINT:]
    except (OSError, ValueError):
        return ""
    return sha256(point).hexdigest()[:_ID_DIGITS] if point.startswith(b"\x04") else ""


def number_of(point: bytes) -> str:
    """Twenty digits of a public key's hash, in groups of five: what two people compare aloud."""
    digits = f"{int.from_bytes(sha256(point).digest()[:16]) % 10**20:020}"
    return "-".join(digits[at : at + 5] for at in range(0, 20, 5))


def number_in(data: Path) -> str:
    """The number of the server whose data these are; empty if it has no key yet, or none that can be read."""
    from cryptography.exceptions import UnsupportedAlgorithm  # large, and few commands ask
    from cryptography.hazmat.primitives import serialization

    try:
        pem = (data / FOLDER / FILE).read_bytes()
        public = serialization.load_pem_private_key(pem, None).public_key()
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return number_of(
        public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
