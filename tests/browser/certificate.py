"""A certificate that a browser truly accepts, for a server with https: without it no worker registers."""

from __future__ import annotations

import base64
import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True, slots=True)
class Certificate:
    """For a server of this `name`: what it proves itself with, and by what a browser knows that it may."""

    name: str
    server: ssl.SSLContext
    authority: str
    """The authority's certificate, DER in base64: to be put among a browser's own."""
    key: str
    """The SHA-256 of the server's public key in base64: for Chromium, which may be told to accept that one."""


def certify(name: str, folder: Path) -> Certificate:
    """An authority of our own, and what it signed for a server."""
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed("Autoridad de prueba", root, root, _MAY_SIGN)
    leaf = _signed(
        name, own, root, ((x509.SubjectAlternativeName([x509.DNSName(name)]), False), _NO_AUTHORITY)
    )
    file = folder / "servidor.pem"
    secret = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + leaf.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    public = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificate(
        name,
        server,
        base64.b64encode(authority.public_bytes(Encoding.DER)).decode(),
        base64.b64encode(hashlib.sha256(public).digest()).decode(),
    )


_NO_AUTHORITY = (x509.BasicConstraints(ca=False, path_length=None), True)
_MAY_SIGN = ((x509.BasicConstraints(ca=True, path_length=0), True),)


def _signed(
    name: str,
    own: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...],
) -> x509.Certificate:
    now = datetime.now(UTC)
    issuer = name if own is by else "Autoridad de prueba"
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return made.sign(by, SHA256())
