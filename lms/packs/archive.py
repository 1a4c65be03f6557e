"""The only reader of zips that come from outside: what an archive says is checked whole before anything is written.

It takes less than the zip format allows, so that no two programs can read one archive differently: entries one
after the other from the first byte to the last, each named twice alike, nothing between, before or after them.
`docs/pack-format.md` lists the rules.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from lms.errors import Invalid, TooLarge
from lms.packs.names import clash, fault, shown

MOST_FILES = 5_000
MOST_BYTES = 1_000_000_000
"""Of what is inside, unpacked. Far more than the largest course: what is beyond only fills somebody's disk."""
MOST_RATIO = 200
"""How many times its packed size a file may take: the texts of courses take 10, a bomb 1,000."""
SMALL = 64 * 1024
"""Bytes up to which the ratio says nothing."""

CHUNK = 256 * 1024
STORED, DEFLATED = 0, 8

_END = struct.Struct("<4sHHHHIIH")
_CENTRAL = struct.Struct("<4sHHHH4sIIIHHHHHII")
_LOCAL = struct.Struct("<4sHHH4sIIIHH")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK, _ZIP64_MARK = b"PK\5\6", b"PK\1\2", b"PK\3\4", b"PK\6\7"
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 1 | 1 << 6 | 1 << 13
_DESCRIPTOR = 1 << 3
_UTF8 = 1 << 11
_HARMLESS = _UTF8 | 1 << 1 | 1 << 2  # and how hard the packer tried
_FOLDER = 0x10
_KIND, _REGULAR = 0o170000, 0o100000
_ZIP64 = "usa las extensiones de los zip gigantes, y un paquete no las necesita"


class Damaged(Invalid):
    """What one file of a pack holds is not what was put there; `file` is its path."""

    def __init__(self, pack: str, file: str) -> None:
        super().__init__(
            f"«{pack}» no es un paquete zip completo: {shown(file)} está dañado. Cópialo de nuevo."
        )
        self.file = file


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file as the central directory describes it; `alike` is what its local header must repeat."""

    name: str
    alike: tuple[object, ...]
    raw: bytes
    method: int
    crc: int
    packed: int
    size: int
    header: int

    @property
    def data(self) -> int:
        return self.header + _LOCAL.size + len(self.raw)

    @property
    def end(self) -> int:
        return self.data + self.packed


class Archive:
    """A zip whose structure was checked; `chunks` checks what a file holds while reading it."""

    zipped = True

    def __init__(self, file: BinaryIO, name: str, entries: Mapping[str, _Entry]) -> None:
        self.name = name
        self.sizes = {path: entry.size for path, entry in entries.items()}
        self._file = file
        self._entries = entries

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content in pieces; KeyError when there is none, `Damaged` at the latest after the last."""
        entry = self._entries[path]
        size = crc = 0
        try:
            for piece in self._unpacked(entry):
                size += len(piece)
                if size > entry.size:
                    break
                crc = zlib.crc32(piece, crc)
                yield piece
        except zlib.error:
            raise Damaged(self.name, path) from None
        if (size, crc) != (entry.size, entry.crc):
            raise Damaged(self.name, path)

    def _unpacked(self, entry: _Entry) -> Iterator[bytes]:
        if entry.method == STORED:
            yield from self._packed(entry)
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for packed in self._packed(entry):
            left = packed
            while left and not unpacker.eof:
                yield unpacker.decompress(left, CHUNK)
                left = unpacker.unconsumed_tail
            if left or unpacker.unused_data:
                raise zlib.error("something follows the end of the stream")
        while not unpacker.eof:
            piece = unpacker.decompress(b"", CHUNK)
            if not piece:
                raise zlib.error("the stream has no end")
            yield piece

    def _packed(self, entry: _Entry) -> Iterator[bytes]:
        for start in range(entry.data, entry.end, CHUNK):
            self._file.seek(start)
            yield self._file.read(min(CHUNK, entry.end - start))


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a zip; `Invalid` or `TooLarge`, each with its sentence, for one that is not safe or not whole."""
    with path.open("rb") as file:
        yield Archive(file, path.name, _Reading(file, path.name).entries())


class _Reading:
    """One look at a zip's structure, in memory that its number of files bounds."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._length = file.seek(0, 2)

    def entries(self) -> dict[str, _Entry]:
        if self._length > MOST_BYTES + MOST_FILES * 1024:
            self._too_large(f"más de {MOST_BYTES // 1_000_000} MB")
        start, size, count = self._end()
        found = list(self._directory(start, size, count))
        said = clash(entry.name for entry in found)
        if said:
            self._refuse(said)
        for entry in found:
            self._check(entry)
        if sum(entry.size for entry in found) > MOST_BYTES:
            self._too_large(f"más de {MOST_BYTES // 1_000_000} MB al abrirlo")
        self._check_places(sorted(found, key=lambda entry: entry.header), start)
        return {entry.name: entry for entry in found}

    def _end(self) -> tuple[int, int, int]:
        """Where the central directory begins, how long it is, how many files it names."""
        at = self._length - _END.size
        record = self._read(at, _END.size) if at >= 0 else b""
        if record[:4] != _END_MARK:
            self._no_end()
        _, disk, first, here, count, size, start, comment = _END.unpack(record)
        if count > MOST_FILES:
            self._too_large(f"más de {MOST_FILES} archivos")
        if (at >= 20 and self._read(at - 20, 4) == _ZIP64_MARK) or 0xFFFFFFFF in (size, start):
            self._refuse(_ZIP64)
        if disk or first or here != count:
            self._refuse("es solo una parte de un zip repartido en varios")
        if comment:
            self._refuse_incomplete()
        if start + size != at:
            self._refuse("lleva algo delante, detrás o en medio que no es de ningún archivo")
        return start, size, count

    def _no_end(self) -> NoReturn:
        most = min(self._length, _END.size + _LONGEST_COMMENT)
        tail = self._read(self._length - most, most)
        at = tail.rfind(_END_MARK)
        if at < 0 or len(tail) - at < _END.size:
            self._refuse_incomplete()
        length = _END.unpack_from(tail, at)[-1]
        commented = length and at + _END.size + length == len(tail)
        self._refuse("lleva un comentario" if commented else "lleva algo detrás de su final")

    def _directory(self, start: int, size: int, count: int) -> Iterator[_Entry]:
        if size > count * (_CENTRAL.size + 1024):
            self._refuse("su índice no dice lo mismo que sus archivos")
        record = self._read(start, size)
        at = 0
        for _ in range(count):
            if record[at : at + 4] != _CENTRAL_MARK or len(record) - at < _CENTRAL.size:
                self._refuse_incomplete()
            entry, at = self._entry(record, at)
            yield entry
        if at != size:
            self._refuse("su índice no dice lo mismo que sus archivos")

    def _entry(self, record: bytes, at: int) -> tuple[_Entry, int]:
        fields = _CENTRAL.unpack_from(record, at)
        _, _, needs, flags, method, stamp, crc, packed, size = fields[:9]
        names, extras, comments, disk, _, attributes, header = fields[9:]
        at += _CENTRAL.size
        raw, extra = record[at : at + names], record[at + names : at + names + extras]
        name = _decoded(raw, flags)
        if 0xFFFFFFFF in (packed, size, header) or extra[:2] == b"\1\0":
            self._refuse(_ZIP64)
        if flags & _ENCRYPTED:
            self._refuse(f"{shown(name)} está cifrado, y un paquete se lee sin clave")
        if flags & _DESCRIPTOR or flags & ~(_HARMLESS | _ENCRYPTED) or method not in (STORED, DEFLATED):
            self._refuse(f"{shown(name)} está guardado de un modo que no usan los paquetes")
        if extras or comments or disk:
            self._refuse(f"{shown(name)} lleva datos añadidos que no son de un paquete")
        if attributes >> 16 & _KIND not in (0, _REGULAR) or (attributes & _FOLDER and not name.endswith("/")):
            self._refuse(f"{shown(name)} es un enlace o algo que no es un archivo")
        alike = (needs, flags, method, stamp, crc, packed, size, names)
        return _Entry(name, alike, raw, method, crc, packed, size, header), at + names + extras + comments

    def _check(self, entry: _Entry) -> None:
        said = fault(entry.name)
        if said:
            self._refuse(said)
        if entry.size > SMALL and entry.size > MOST_RATIO * entry.packed:
            self._refuse(f"{shown(entry.name)} crece más de {MOST_RATIO} veces al abrirlo, como una trampa")
        if entry.method == STORED and entry.size != entry.packed:
            self._refuse("su índice no dice lo mismo que sus archivos")

    def _check_places(self, entries: list[_Entry], directory: int) -> None:
        """Each file begins where the one before ends, and says of itself what the directory says."""
        at = 0
        for entry in entries:
            if entry.header < at:
                self._refuse(f"{shown(entry.name)} ocupa el lugar de otro archivo")
            if entry.header > at or entry.end > directory:
                self._refuse("lleva algo delante, detrás o en medio que no es de ningún archivo")
            local = self._read(at, _LOCAL.size + len(entry.raw))
            mark, *alike, extra = _LOCAL.unpack_from(local)
            if (mark, tuple(alike), extra, local[_LOCAL.size :]) != (_LOCAL_MARK, entry.alike, 0, entry.raw):
                self._refuse(f"{shown(entry.name)} dice de sí otra cosa que el índice")
            at = entry.end
        if at != directory:
            self._refuse("lleva algo delante, detrás o en medio que no es de ningún archivo")

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)

    def _refuse(self, why: str) -> NoReturn:
        raise Invalid(
            f"«{self._name}» no se puede abrir con seguridad: {why}. Pide otra vez el paquete a quien lo hizo."
        )

    def _refuse_incomplete(self) -> NoReturn:
        zipped = self._name.lower().endswith(".zip")
        hint = "Cópialo de nuevo." if zipped else "Usa el archivo que termina en .zip."
        raise Invalid(f"«{self._name}» no es un paquete zip completo. {hint}")

    def _too_large(self, how: str) -> NoReturn:
        raise TooLarge(
            f"«{self._name}» pesa demasiado para ser un curso: tiene {how}. Si es una mochila digital, extráela toda y "
            "usa su carpeta. Si no, revisa si es el archivo que te dieron."
        )


def _decoded(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # refused for its letters
