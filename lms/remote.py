"""Another server, asked over HTTP: one connection, one thing at a time, no more read than was asked for.

The standard library's client, as what is hard about a download is what is ours: what came before a cut is kept.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from lms.certificates import fault_of
from lms.clock import moment_in_words, stamp, system_clock
from lms.errors import Forbidden, Invalid, TooLarge, Unavailable

PAUSES = (0, 1, 2, 4, 8)
"""Seconds before each new try; one that brought something begins the row again."""
FIRST_PAUSES = (0, 1)
"""The same, while nothing ever came: the address is rather wrong than the network weak."""
LONGEST_PAUSE, LONGEST_TOLD = 60.0, 6 * 3600.0
"""Seconds that are waited for here, and seconds for which who asks for more is left alone at most."""
TIMEOUT = 20.0

_CHUNK = 64 * 1024
_MOST_MOVES = 5
_MOVED = (301, 302, 303, 307, 308)
_SAFE_MOVES = {("http", "http"), ("http", "https"), ("https", "https")}
_REFUSED = (400, 401, 403, 409, 413)
_LONGEST_REFUSAL = 4000
_BUSY = (429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d{1,15})-", re.ASCII)
_FRAME = 4096
"""Bytes that compression may add to what does not compress."""

Found = TypeVar("Found")


class Lost(Unavailable):
    """Nothing came, or not all; worth trying again, at the earliest after `pause` seconds."""

    def __init__(self, message: str, pause: float = 0.0) -> None:
        super().__init__(message)
        self.pause = pause


class Busy(Lost):
    """The server was reached and says that it cannot just now."""


class Refused(Forbidden):
    """The server understood and does not want what was sent; `spoke` is whether it is one of ours that said why."""

    spoke = False


class Remote:
    """The server at an address; `received` and `sent` count the bytes of bodies as they go over the wire."""

    def __init__(self, address: str, wait: Callable[[float], object] = time.sleep) -> None:
        parts = _address(address)
        self.host = parts.netloc.rpartition("@")[2]
        self.received = self.sent = 0
        self._base = f"{parts.scheme}://{self.host}{parts.path.rstrip('/')}/"
        self._wait = wait
        self._connections: dict[tuple[str, str], HTTPConnection] = {}

    def close(self) -> None:
        """Let go of the server."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def patiently(self, work: Callable[[], Found], kept: Callable[[], int] = lambda: 0) -> Found:
        """Do what the network may cut, again and again while what is `kept` of it still grows."""
        tries = 0
        while True:
            before = kept()
            try:
                return work()
            except Lost as lost:
                tries = 0 if kept() > before else tries
                pauses = PAUSES if self.received else FIRST_PAUSES
                if tries == len(pauses) or lost.pause > LONGEST_PAUSE:
                    raise
                self._wait(max(pauses[tries], lost.pause))
                tries += 1

    def small(self, path: str, most: int, known: bytes | None = None) -> bytes | None:
        """Return a text of at most `most` bytes, None if it is not there; what is `known` need not come again."""
        tag = {} if known is None else {"If-None-Match": f'"{sha256(known).hexdigest()}"'}
        with self._asked(path, {"Accept-Encoding": "gzip", **tag}) as answer:
            if answer.status in (304, 404):
                return known if answer.status == 304 else None
            joined = _unzipped if answer.getheader("Content-Encoding") == "gzip" else _joined
            return joined(self._pieces(answer), most)

    @contextmanager
    def opened(self, path: str, start: int) -> Iterator[tuple[int, Iterator[bytes]] | None]:
        """Give a file from byte `start` on, or all of it if the server would have it so; None if it is not there."""
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
        with self._asked(path, headers) as answer:
            if answer.status == 404:
                yield None
            else:
                partial = answer.getheader("Content-Range", "") if answer.status == 206 else ""
                given = _RANGE.match(partial)
                yield (start if given and int(given[1]) == start else 0), self._pieces(answer)

    def has(self, path: str) -> bool:
        """Tell whether the server gives a file, for the price of its first byte."""
        with self._asked(path, {"Accept-Encoding": "identity", "Range": "bytes=0-0"}) as answer:
            if answer.status == 206:
                _joined(self._pieces(answer), 1)
            return answer.status != 404

    def post(self, path: str, body: bytes, most: int) -> bytes:
        """Send something and return the answer, of at most `most` bytes; `Refused` in the server's own words."""
        self.sent += len(body)
        with self._asked(path, {"Accept": "application/json"}, body) as answer:
            return _joined(self._pieces(answer), most)

    @contextmanager
    def _asked(
        self, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Iterator[HTTPResponse]:
        """Ask, and leave the connection ready for what is asked next, or closed."""
        place, moves = quote(path), 0
        url = urljoin(self._base, place)
        answer = self._send(url, headers, body)
        while answer.status in _MOVED and moves < _MOST_MOVES:
            self.close()
            url, moves = self._moved(url, answer), moves + 1
            answer = self._send(url, headers, body)
        if moves and url.endswith(place):
            self._base = url.removesuffix(place)
        try:
            if answer.status in _BUSY:
                raise self._busy(answer)
            if body is not None and answer.status in _REFUSED:
                raise self._refused(answer)
            if answer.status not in (200, 206, 304, 404):
                what = f"«{self.host}» respondió algo que no se entiende ({answer.status})."
                raise Invalid(f"{what} Revisa la dirección.")
            yield answer
        finally:
            if answer.length == 0:
                answer.read()  # nothing more comes: the connection serves again
            if not answer.isclosed():
                answer.close()
                self.close()

    def _moved(self, url: str, answer: HTTPResponse) -> str:
        there = ""
        with suppress(ValueError):
            there = urljoin(url, answer.getheader("Location", ""))
        if (urlsplit(url).scheme, urlsplit(there).scheme) not in _SAFE_MOVES:
            raise Invalid(f"«{self.host}» manda a una dirección que no es segura. No se pidió nada ahí.")
        return there

    def _busy(self, answer: HTTPResponse) -> Busy:
        after = answer.getheader("Retry-After", "")
        with self._in_words():
            words = _own_words(answer.read(_LONGEST_REFUSAL))
        self.close()
        why = f": {words}" if words else " que ahora no puede. Vuelve a intentarlo más tarde."
        pause = min(LONGEST_TOLD, float(after)) if after.isdecimal() else 0.0
        return Busy(f"«{self.host}» responde{why}{_until(pause)}", pause)

    def _refused(self, answer: HTTPResponse) -> Refused:
        words = ""
        with suppress(TooLarge):  # then it is a page, not a sentence
            words = _own_words(_joined(self._pieces(answer), _LONGEST_REFUSAL))
        refused = Refused(f"«{self.host}» responde: {words or 'no acepta lo que se le envió.'}")
        refused.spoke = bool(words)
        return refused

    def _send(self, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HTTPResponse:
        parts = urlsplit(url)
        with self._in_words():
            connection = self._connection(parts.scheme, parts.netloc)
            where = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("GET" if body is None else "POST", where, body, dict(headers))
            return connection.getresponse()

    def _connection(self, scheme: str, place: str) -> HTTPConnection:
        if (scheme, place) not in self._connections:
            kind = HTTPSConnection if scheme == "https" else HTTPConnection
            self._connections[scheme, place] = kind(place, timeout=TIMEOUT)
        return self._connections[scheme, place]

    def _pieces(self, answer: HTTPResponse) -> Iterator[bytes]:
        """Yield a body as it comes, so that a cut costs nothing that had arrived."""
        before = self.received
        while True:
            with self._in_words():
                piece = answer.read1(_CHUNK)
            if not piece:
                break
            self.received += len(piece)
            yield piece
        # The library takes headers that were cut for all there are: then nothing says how long the body is.
        unsaid = answer.length is None and not answer.chunked and self.received == before
        if answer.length or unsaid:
            self.close()
            raise Lost(self._cut())

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What a network does inside is raised as a sentence: `Lost` if another try may help."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise Invalid(
                f"«{self.host}» no pudo probar que es quien dice: su certificado no vale{fault_of(error)}. Revisa "
                "la dirección y la fecha de este equipo; si están bien, avisa a quien administra ese servidor."
            ) from error
        except ssl.SSLError as error:
            self.close()
            hint = f"«{self.host}» no abre una conexión segura. Revisa si su dirección empieza con http://."
            raise Lost(self._cut() if self.received else hint) from error
        except socket.gaierror as error:
            self.close()
            raise Lost(f"No encuentro «{self.host}» en la red. Revisa la dirección y la conexión.") from error
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            raise Lost(self._cut()) from error

    def _cut(self) -> str:
        if not self.received:
            return (
                f"No se pudo llegar a «{self.host}». Revisa la conexión, la dirección y que esté en marcha."
            )
        return f"Se cortó la conexión con «{self.host}». Lo que llegó queda guardado: repite la orden y sigue desde ahí."


def _address(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise Invalid(f"«{address}» no es una dirección. Escríbela entera, con http:// o https:// delante.")


def _until(pause: float) -> str:
    """Until when nobody should ask again, if that is longer than is waited for here."""
    if pause <= LONGEST_PAUSE:
        return ""
    return (
        f" Pide que se espere hasta el {moment_in_words(stamp(system_clock() + timedelta(seconds=pause)))}."
    )


def _own_words(said: bytes) -> str:
    """The sentence of another Chaski, empty if it is not one that answers."""
    try:
        sentence = str(json.loads(said)["error"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in sentence)


def _joined(pieces: Iterator[bytes], most: int) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > most:
            raise _too_much()
    return bytes(content)


def _unzipped(pieces: Iterator[bytes], most: int) -> bytes:
    """Bounded both ways: a stream may unpack to far more than it is, or never unpack to anything."""
    unpacker, content, packed = zlib.decompressobj(16 + zlib.MAX_WBITS), bytearray(), 0
    for piece in pieces:
        packed += len(piece)
        try:
            content += unpacker.decompress(piece, most + 1 - len(content))
        except zlib.error:
            raise Invalid("Lo que llegó está dañado. Vuelve a intentarlo.") from None
        if len(content) > most or packed > most + _FRAME:
            raise _too_much()
    return bytes(content)


def _too_much() -> TooLarge:
    return TooLarge("Ese servidor envía más de lo que dice. No se guardó nada de eso.")
