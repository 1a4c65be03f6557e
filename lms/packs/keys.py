"""Who publishes packs: public keys as a line of text, their number to read aloud, and how one follows another."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from lms.errors import Invalid

PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64
_GROUPS, _GROUP = 6, 5
_KEY = re.compile(r"chaski-key-1:([a-z0-9-]+):([\w-]{43}):(\d{5})(?![\w:])", re.ASCII)
_ROTATION = re.compile(
    r"chaski-rotation-1:([a-z0-9-]+):([\w-]{43}):([\w-]{43}):([\w-]{86})(?![\w:-])", re.ASCII
)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME = 40

CUT = (
    "No encuentro una llave entera en ese texto. Pide otra vez la línea que empieza con «chaski-key-1:» "
    "o «chaski-rotation-1:» y cópiala completa."
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A publisher's public key, under the name its owner gave it; the name proves nothing."""

    name: str
    public: bytes

    @property
    def id(self) -> str:
        """Thirty digits of the key's hash, in groups of five: what two people compare aloud."""
        number = int.from_bytes(sha256(self.public).digest()[:16]) % 10 ** (_GROUPS * _GROUP)
        digits = f"{number:0{_GROUPS * _GROUP}}"
        return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))

    @property
    def line(self) -> str:
        """The key as text for a chat; its last digits are the first of its number, against bad copies."""
        return f"chaski-key-1:{self.name}:{encoded(self.public)}:{self.id[:_GROUP]}"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A publisher's word, signed with the old key, that another key follows it."""

    new: PublicKey
    old: PublicKey
    signature: bytes

    @property
    def message(self) -> bytes:
        """What the old key signs."""
        return rotation_message(self.new, self.old)

    @property
    def line(self) -> str:
        """The rotation as text for a chat."""
        return f"{self.message.decode()}:{encoded(self.signature)}"


def rotation_message(new: PublicKey, old: PublicKey) -> bytes:
    """Return what the old key signs so that the new one follows it."""
    return f"chaski-rotation-1:{new.name}:{encoded(new.public)}:{encoded(old.public)}".encode()


def read_key(text: str) -> PublicKey | None:
    """Find the line of a key in a text; Invalid for one that was changed, None without any."""
    match = _KEY.search(text)
    if match is None:
        return None
    key = PublicKey(check_name(match[1]), decoded(match[2], PUBLIC_BYTES))
    if key.id[:_GROUP] != match[3]:
        raise Invalid(CUT)
    return key


def read_rotation(text: str) -> Rotation | None:
    """Find the line of a rotation in a text, its signature not yet verified."""
    match = _ROTATION.search(text)
    if match is None:
        return None
    name = check_name(match[1])
    new, old = (PublicKey(name, decoded(match[at], PUBLIC_BYTES)) for at in (2, 3))
    return Rotation(new, old, decoded(match[4], SIGNATURE_BYTES))


def check_name(name: str) -> str:
    """Return the name of a key if it may have it: it stands in file names and is read aloud."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise Invalid(
            "El nombre de una llave lleva letras minúsculas sin tilde, números y guiones: ugel-cusco."
        )
    return name


def encoded(data: bytes) -> str:
    """Write bytes as base64 for addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str, size: int) -> bytes:
    """Read `size` bytes from what `encoded` wrote; Invalid for anything else."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Invalid(CUT) from None
    if len(data) != size or encoded(data) != text:
        raise Invalid(CUT)
    return data


def is_id(text: str) -> bool:
    """Tell whether a text is a key's whole number."""
    return re.fullmatch(r"\d{5}(?:-\d{5}){5}", text, re.ASCII) is not None


def followers(key: PublicKey, rotations: Iterable[Rotation]) -> list[Rotation]:
    """Return the rotations that lead to a key."""
    return [rotation for rotation in rotations if rotation.new.public == key.public]
