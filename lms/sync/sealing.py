"""A node's key, and parcels that only the node they are for can open and that nobody can change.

What goes from node to node, by network or in somebody's pocket, is signed by its sender (ECDSA, P-256, SHA-256)
and then sealed for its receiver (HPKE, RFC 9180: DHKEM(P-256), HKDF-SHA256, AES-128-GCM). P-256, as browsers
have it too: a device closes its progress file the same way, as another kind of parcel (`lms.sync.over_closed_file`).
Whoever carries a parcel learns who it is for and how large it is.
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from lms.errors import ForAnother, Invalid, TooLarge
from lms.files import in_words, private_file, private_folder, write_whole
from lms.nodekey import FILE, number_of

MOST_SEALED = 8 * 1024 * 1024
"""Largest parcel, in bytes."""

MOST_OPENED = 32 * 1024 * 1024
"""Most bytes that a parcel may hold once it is opened: what says more is not unpacked any further."""

MOST_OF_STRANGERS = 2 * 1024 * 1024
"""The same for a sender who is not known: as much as a first message has, and little to read for nothing."""

ALTERED = "El paquete de avance cambió en el camino o está incompleto. Pide que lo preparen otra vez."
FOR_ANOTHER = "Este paquete de avance es para {server}: solo ese servidor lo puede abrir. Entrégalo allí."
OTHER_KIND = "Esto no es un paquete de avance entre servidores."
NOT_THEIRS = "La firma del paquete de avance no es de quien dice enviarlo. No se recibió nada."
LARGE = "El paquete de avance es demasiado grande. Pide que lo preparen en partes."


class Kind(NamedTuple):
    """A kind of parcel, so that none passes for another: its first four bytes, what its signature is for, and
    what to say of one that cannot be opened. `most` bytes are unpacked, `strangers` of whom is not known.
    """

    magic: bytes
    info: bytes
    most: int
    strangers: int
    altered: str
    for_another: str
    other: str
    not_theirs: str
    large: str


BETWEEN_NODES = Kind(
    b"CHK1",
    b"chaski parcel 1",
    MOST_OPENED,
    MOST_OF_STRANGERS,
    ALTERED,
    FOR_ANOTHER,
    OTHER_KIND,
    NOT_THEIRS,
    LARGE,
)

_MAGIC_BYTES = 4
_ID_BYTES, _PUBLIC_BYTES, _NUMBER_BYTES = 8, 65, 32
SIGNATURE_BYTES = 2 * _NUMBER_BYTES
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_CURVE = ec.SECP256R1()


@dataclass(frozen=True)
class Public:
    """A node's public key, as an uncompressed point of P-256."""

    point: bytes

    @cached_property
    def key(self) -> ec.EllipticCurvePublicKey:
        """The key to seal for and to check signatures with; `Invalid` if the point is none."""
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, self.point)
        except (ValueError, UnsupportedAlgorithm):
            raise Invalid(
                "La llave del otro servidor no se puede leer. Cópiala otra vez, completa."
            ) from None

    @property
    def id(self) -> str:
        """What the node is called everywhere: the first 16 digits of its key's hash."""
        return self._hash[:_ID_BYTES].hex()

    @property
    def number(self) -> str:
        """What two people compare aloud."""
        return number_of(self.point)

    @property
    def text(self) -> str:
        """The key as text."""
        return urlsafe_b64encode(self.point).decode().rstrip("=")

    @property
    def _hash(self) -> bytes:
        return sha256(self.point).digest()

    def signed(self, signature: bytes, content: bytes) -> bool:
        """Whether a signature, as r and s, is this key's of that content."""
        r, s = (int.from_bytes(signature[at : at + _NUMBER_BYTES]) for at in (0, _NUMBER_BYTES))
        try:
            self.key.verify(encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, Invalid):  # the key may be none
            return False
        return True

    @classmethod
    def read(cls, text: str) -> Public:
        """The key that `text` says; `Invalid` if it says none."""
        try:
            point = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            point = b""
        public = cls(point)
        _ = public.key
        return public


@dataclass(frozen=True)
class Identity:
    """This node's private key."""

    secret: ec.EllipticCurvePrivateKey

    @cached_property
    def public(self) -> Public:
        """The half that others know."""
        return Public(
            self.secret.public_key().public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        )

    @classmethod
    def new(cls) -> Identity:
        """A key that nobody has yet."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def kept_in(cls, folder: Path) -> Identity:
        """The key in the data folder, made the first time."""
        file = folder / FILE
        if not file.exists():
            private_folder(folder)
            pem = cls.new().secret.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_whole(file, pem, mode=0o600, first_wins=True)
        private_file(file)
        with in_words():
            pem = file.read_bytes()
        try:
            secret = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            secret = None
        if not isinstance(secret, ec.EllipticCurvePrivateKey):
            raise Invalid(
                f"La llave de este servidor, {file}, está dañada. Trae la copia de tu respaldo; o borra el archivo: "
                "se hará otra y los demás servidores tendrán que aceptarla de nuevo."
            )
        return cls(secret)

    def seal(self, content: bytes, receiver: Public, kind: Kind = BETWEEN_NODES) -> bytes:
        """A parcel with `content`, signed, for that node only; `TooLarge` if nobody would take it."""
        packed = zlib.compress(content, 6)
        signature = self.sign(_signed(kind, receiver, packed))
        head = kind.magic + bytes.fromhex(receiver.id)
        inside = self.public.point + signature + packed
        parcel = head + _SUITE.encrypt(inside, receiver.key, info=kind.info + head)
        if len(parcel) > MOST_SEALED:
            raise TooLarge(kind.large)
        return parcel

    def sign(self, content: bytes) -> bytes:
        """A signature of `content`, as r and s."""
        signature = self.secret.sign(content, ec.ECDSA(hashes.SHA256()))
        return b"".join(number.to_bytes(_NUMBER_BYTES) for number in decode_dss_signature(signature))

    def open(
        self, parcel: bytes, known: Collection[str] | None = None, kind: Kind = BETWEEN_NODES
    ) -> tuple[bytes, Public]:
        """What a parcel holds and whose signature is on it; `Invalid` or `TooLarge` says why not.

        `known` are the ids of those who may say much at once (None: anybody).
        """
        receiver = self.public
        if len(parcel) > MOST_SEALED:
            raise TooLarge(kind.large)
        if not parcel.startswith(kind.magic):
            raise Invalid(kind.other)
        cut = _MAGIC_BYTES + _ID_BYTES
        head, sealed = parcel[:cut], parcel[cut:]
        if (whose := head[_MAGIC_BYTES:].hex()) != receiver.id:
            raise ForAnother(kind.for_another, whose) if len(head) == cut else Invalid(kind.altered)
        try:
            inside = _SUITE.decrypt(sealed, self.secret, info=kind.info + head)
        except (InvalidTag, ValueError):
            raise Invalid(kind.altered) from None
        sender, packed = _checked(kind, inside, receiver)
        return _unpacked(kind, packed, known is None or sender.id in known), sender


def receiver_in(parcel: bytes, kind: Kind) -> str:
    """The id of the node that a parcel of that kind says it is for; `Invalid` if it is none."""
    cut = _MAGIC_BYTES + _ID_BYTES
    if not parcel.startswith(kind.magic) or len(parcel) <= cut:
        raise Invalid(kind.altered)
    return parcel[_MAGIC_BYTES:cut].hex()


def _checked(kind: Kind, inside: bytes, receiver: Public) -> tuple[Public, bytes]:
    end = _PUBLIC_BYTES + SIGNATURE_BYTES
    if len(inside) < end:
        raise Invalid(kind.altered)
    sender, signature, packed = Public(inside[:_PUBLIC_BYTES]), inside[_PUBLIC_BYTES:end], inside[end:]
    if not sender.signed(signature, _signed(kind, receiver, packed)):
        raise Invalid(kind.not_theirs)
    return sender, packed


def _signed(kind: Kind, receiver: Public, packed: bytes) -> bytes:
    # Who it is for is signed too, so that its receiver cannot seal it again for somebody else.
    return kind.info + receiver.point + packed


def _unpacked(kind: Kind, packed: bytes, known: bool) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, kind.most if known else kind.strangers)
    except zlib.error:
        raise Invalid(kind.altered) from None
    if unpacking.unconsumed_tail:
        raise TooLarge(kind.large)
    if not unpacking.eof or unpacking.unused_data:
        raise Invalid(kind.altered)
    return content
