"""The addresses by which people reach a server that listens somewhere."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address

_ANY = ("", "0.0.0.0", "::")  # noqa: S104 - asked for, not listened on
_ADDRESS_OF = 0x8915  # SIOCGIFADDR


def here(host: str, port: int) -> str:
    """What to open on the machine itself."""
    return _written("127.0.0.1" if host in _ANY else host, port)


def nearby(host: str, port: int) -> str:
    """What to open on another machine of the same network; empty if none can, or nobody knows."""
    lan = _lan() if host in _ANY else host
    return "" if not lan or is_local(lan) else _written(lan, port)


def is_local(host: str) -> bool:
    """Whether this name only leads to the machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _written(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" if port != 80 else f"http://{name}/"


def _lan() -> str:
    """The address of the way out or, where there is none, as on a school's own wifi, of the first network."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: only asks for the way
        return str(probe.getsockname()[0])
    return next(_networks(), "")


def _networks() -> Iterator[str]:
    """This machine's addresses on its networks, as far as the system tells."""
    try:
        import fcntl  # Linux
    except ImportError:
        with suppress(OSError):
            yield from socket.gethostbyname_ex(socket.gethostname())[2]
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                answer = fcntl.ioctl(asking, _ADDRESS_OF, struct.pack("256s", name.encode()))
                if not is_local(found := socket.inet_ntoa(answer[20:24])):
                    yield found
