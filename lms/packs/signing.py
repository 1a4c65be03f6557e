"""Ed25519: making keys, signing manifests and rotations, telling whether a signature is true."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.errors import Invalid, LmsError, NotFound
from lms.files import in_words
from lms.packs.keyring import Keyring
from lms.packs.keys import (
    SIGNATURE_BYTES,
    PublicKey,
    Rotation,
    decoded,
    encoded,
    read_key,
    read_rotation,
    rotation_message,
)
from lms.packs.manifest import MANIFEST, SIGNATURES

MOST_SIGNATURES = 8
_FORMAT = "chaski-signatures"
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16

Ask = Callable[[str], str]
"""Asks for the passphrase of the encrypted key of this name."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key at hand, with the rotations that led to it."""

    key: PublicKey
    secret: Ed25519PrivateKey
    rotations: tuple[Rotation, ...] = ()

    def follow(self, new: PublicKey) -> Rotation:
        """Say with this key that `new` follows it."""
        return Rotation(new, self.key, self.secret.sign(rotation_message(new, self.key)))


class _Signature(msgspec.Struct, frozen=True):
    key: str
    signature: str


class _Signatures(msgspec.Struct, frozen=True):
    format: str
    signatures: tuple[_Signature, ...]
    rotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands beside a manifest: who signed it truly, who only seems to have, and true rotations."""

    by: tuple[PublicKey, ...]
    forged: tuple[PublicKey, ...]
    rotations: tuple[Rotation, ...]


def new_signer(name: str) -> Signer:
    """Make a new key."""
    secret = Ed25519PrivateKey.generate()
    return Signer(PublicKey(name, secret.public_key().public_bytes_raw()), secret)


def written(signer: Signer, passphrase: str = "") -> bytes:
    """Write a private key as PEM (PKCS #8), encrypted when there is a passphrase."""
    lock = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else None
    return signer.secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        lock or serialization.NoEncryption(),
    )


def load_signer(ring: Keyring, name: str, ask: Ask) -> Signer:
    """Read the own key of this name; `ask` is called only if it is encrypted."""
    file = ring.own_file(name)
    if not file.is_file():
        raise NotFound(f"No tienes una llave «{name}» para firmar. Hazla con: lms key new {name}")
    with in_words():
        content = file.read_bytes()
    encrypted = b"ENCRYPTED" in content.split(b"\n", 1)[0]
    passphrase = ask(name).encode() if encrypted else None
    try:
        secret = serialization.load_pem_private_key(content, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Invalid(
            "La contraseña de la llave no es esa. Repite la orden y escríbela otra vez."
            if encrypted
            else f"La llave de {file} está dañada. Trae la copia que guardaste, o haz otra con «lms key new»."
        ) from None
    if not isinstance(secret, Ed25519PrivateKey):
        raise Invalid(f"La llave de {file} no es de la clase Ed25519. Haz una con «lms key new».")
    return Signer(PublicKey(name, secret.public_key().public_bytes_raw()), secret, ring.own_rotations(name))


def signatures(manifest: bytes, signers: Sequence[Signer]) -> bytes:
    """Return what stands beside a manifest: one signature of its exact bytes by each signer."""
    lines = dict.fromkeys(rotation.line for signer in signers for rotation in signer.rotations)
    described = {
        "format": _FORMAT,
        "format_version": 1,
        "signatures": [
            {"key": signer.key.line, "signature": encoded(signer.secret.sign(manifest))} for signer in signers
        ],
        "rotations": list(lines),
    }
    return (json.dumps(described, indent=1) + "\n").encode()


def sign_pack(pack: BinaryIO, signers: Sequence[Signer]) -> None:
    """Add signatures at the end of a pack; what is no pack with a manifest stays as it is."""
    if not signers or not zipfile.is_zipfile(pack):
        return
    with zipfile.ZipFile(pack, "a") as archive:
        if MANIFEST not in archive.namelist():
            return
        entry = zipfile.ZipInfo(SIGNATURES, _DATE)
        entry.external_attr, entry.create_system = _READABLE, 3
        archive.writestr(entry, signatures(archive.read(MANIFEST), signers))


def read_signatures(manifest: bytes, content: bytes, pack: str) -> Signed:
    """Read what stands beside a manifest and tell the true from the false; Invalid for what is none of it."""
    try:
        read = msgspec.json.decode(content, type=_Signatures)
        if read.format != _FORMAT or max(len(read.signatures), len(read.rotations)) > MOST_SIGNATURES:
            raise Invalid(_FORMAT)
        # A line that is no key of ours is of a later kind, and so may its signature be.
        found = [
            (key, decoded(one.signature, SIGNATURE_BYTES))
            for one in read.signatures
            if (key := read_key(one.key))
        ]
        rotations = [read_rotation(line) for line in read.rotations]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LmsError):
        raise Invalid(
            f"La firma de «{pack}» no se entiende. Pide otra vez el paquete a quien lo hizo."
        ) from None
    true = dict.fromkeys(key for key, signature in found if verified(key, signature, manifest))
    false = [key for key, signature in found if not verified(key, signature, manifest)]
    return Signed(tuple(true), tuple(false), tuple(one for one in rotations if one and is_true(one)))


def is_true(rotation: Rotation) -> bool:
    """Tell whether the old key really said it."""
    return verified(rotation.old, rotation.signature, rotation.message)


def verified(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether a key signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
