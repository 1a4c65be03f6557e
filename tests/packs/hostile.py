"""Archives that somebody means harm with, or that two programs would read differently; one function each."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

Attack = Callable[[bytes], bytes]
"""Turns a good pack into a bad one."""

_END, _CENTRAL, _LOCAL = b"PK\5\6", b"PK\1\2", b"PK\3\4"


def named(name: str) -> Attack:
    """Add a file of this name, byte for byte as given."""

    def attack(pack: bytes) -> bytes:
        if not name.isascii():
            return _added(pack, name)
        safe = "x" * len(name)  # zipfile itself would correct some names
        return _added(pack, safe).replace(safe.encode(), name.encode())

    return attack


def of_kind(mode: int) -> Attack:
    """Add something that says of itself that it is a link, a folder, a device."""

    def attack(pack: bytes) -> bytes:
        entry = zipfile.ZipInfo("media/enlace.svg")
        entry.create_system, entry.external_attr = 3, mode << 16
        return _added(pack, entry, b"/etc/passwd")

    return attack


def flagged(flag: int) -> Attack:
    """Set a flag of the first file, in its header and in the directory."""

    def attack(pack: bytes) -> bytes:
        changed = bytearray(pack)
        changed[6:8] = struct.pack("<H", flag)
        at = pack.index(_CENTRAL)
        changed[at + 8 : at + 10] = struct.pack("<H", flag)
        return bytes(changed)

    return attack


def bomb_by_ratio(pack: bytes) -> bytes:
    return _added(pack, "media/bomba.svg", b"\0" * 50_000_000)


def bomb_by_size(pack: bytes) -> bytes:
    """A file that says it unpacks to almost 4 GB; nobody should have to unpack it to know."""
    made = bytearray(_added(pack, "media/bomba.svg", b"\0" * 500_000))
    return _declared(made, b"media/bomba.svg", 24, 0xFFFFFFF0)


def bomb_by_count(pack: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"f{number}"), b"")
    return out.getvalue()


def count_that_lies(pack: bytes) -> bytes:
    """The directory names more files than its end counts."""
    changed = bytearray(pack)
    at = pack.rindex(_END)
    (count,) = struct.unpack_from("<H", pack, at + 10)
    struct.pack_into("<HH", changed, at + 8, count - 1, count - 1)
    return bytes(changed)


def overlapping(pack: bytes) -> bytes:
    """Two names of the directory lead to one place."""
    first = pack.index(_CENTRAL)
    second = pack.index(_CENTRAL, first + 4)
    changed = bytearray(pack)
    changed[second + 42 : second + 46] = pack[first + 42 : first + 46]
    return bytes(changed)


def other_name_in_the_header(pack: bytes) -> bytes:
    return pack.replace(b"LEEME.txt", b"LEEMF.txt", 1)


def other_size_in_the_header(pack: bytes) -> bytes:
    changed = bytearray(pack)
    struct.pack_into("<I", changed, 22, 7)
    return bytes(changed)


def zip64(pack: bytes) -> bytes:
    entry = zipfile.ZipInfo("media/x.svg")
    whole = io.BytesIO(pack)
    with zipfile.ZipFile(whole, "a") as archive, archive.open(entry, "w", force_zip64=True) as file:
        file.write(b"x")
    made = bytearray(whole.getvalue())
    return _declared(made, b"media/x.svg", 24, 0xFFFFFFFF)


def zip64_locator(pack: bytes) -> bytes:
    at = pack.rindex(_END)
    return pack[:at] + b"PK\6\7" + bytes(16) + pack[at:]


def extra_field(pack: bytes) -> bytes:
    entry = zipfile.ZipInfo("media/x.svg")
    entry.extra = struct.pack("<HH4s", 0x7075, 4, b"otro")
    return _added(pack, entry)


def prefix(pack: bytes) -> bytes:
    return b"#!/bin/sh\n" + pack


def prefix_that_is_counted(pack: bytes) -> bytes:
    """Something in front to which every offset was adjusted, as self-extracting programs do."""
    out = io.BytesIO()
    out.write(b"MZ programa ")
    with zipfile.ZipFile(io.BytesIO(pack)) as old, zipfile.ZipFile(out, "a") as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry))
    return out.getvalue()


def suffix(pack: bytes) -> bytes:
    return pack + b"algo"


def comment(pack: bytes) -> bytes:
    whole = io.BytesIO(pack)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.comment = b"hola"
    return whole.getvalue()


def several_disks(pack: bytes) -> bytes:
    changed = bytearray(pack)
    struct.pack_into("<H", changed, pack.rindex(_END) + 4, 1)
    return bytes(changed)


def other_method(pack: bytes) -> bytes:
    return _added(pack, "media/x.svg", b"x" * 1000, zipfile.ZIP_LZMA)


def wrong_crc(pack: bytes) -> bytes:
    """The first file keeps its content, and says that it is another."""
    crc = struct.pack("<I", zlib.crc32(b"otro"))
    at = pack.index(_CENTRAL)
    changed = bytearray(pack)
    changed[14:18] = changed[at + 16 : at + 20] = crc
    return bytes(changed)


def _added(
    pack: bytes, entry: zipfile.ZipInfo | str, content: bytes = b"x", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    whole = io.BytesIO(pack)
    with zipfile.ZipFile(whole, "a", method) as archive:
        archive.writestr(entry, content)
    return whole.getvalue()


def _declared(pack: bytearray, name: bytes, field: int, size: int) -> bytes:
    """Write a size into the directory's record of a file, and the same into the file's own header."""
    central = pack.rindex(name) - 46
    struct.pack_into("<I", pack, central + field, size)
    local = pack.index(name) - 30
    struct.pack_into("<I", pack, local + field - 2, size)
    return bytes(pack)


# name → (attack, what the sentence says)
ATTACKS: dict[str, tuple[Attack, str]] = {
    "traversal": (named("../x"), r"sale de su carpeta con «\.\.»"),
    "traversal-inside": (named("source/../../x"), r"sale de su carpeta con «\.\.»"),
    "absolute": (named("/etc/x"), "empieza en la raíz"),
    "backslash": (named("..\\x"), "barra invertida"),
    "drive": (named("C:x"), "disco de Windows"),
    "no-name": (named("media//x"), "una parte sin nombre"),
    "folder": (named("media/x/"), "es una carpeta"),
    "symlink": (of_kind(stat.S_IFLNK | 0o777), "es un enlace"),
    "device-file": (of_kind(stat.S_IFCHR | 0o666), "es un enlace o algo que no es un archivo"),
    "device-name": (named("media/CON"), "nombre de un aparato"),
    "device-name-with-ending": (named("nul.tar.gz"), "nombre de un aparato"),
    "same-by-case": (named("leeme.TXT"), "serían el mismo archivo"),
    "same-twice": (named("LEEME.txt"), "serían el mismo archivo"),
    "same-by-unicode": (named("LEEME.t\uff58t"), "serían el mismo archivo"),
    "file-and-folder": (named("LEEME.txt/x"), "un archivo y una carpeta"),
    "letters": (named("media/año.svg"), "letras que no todos"),
    "trailing-dot": (named("LEEME.txt."), "un punto o un espacio"),
    "trailing-space": (named("LEEME.txt "), "un punto o un espacio"),
    "stream": (named("LEEME.txt:x"), "un signo que Windows no permite"),
    "invisible": (named("media/x\u202egpj"), "signos que no se ven"),
    "nul-byte": (named("media/x\0.svg"), "signos que no se ven"),
    "long-name": (named("media/" + "x" * 200), "demasiado largo"),
    "ratio": (bomb_by_ratio, "crece más de 200 veces"),
    "size": (bomb_by_size, "crece más de|pesa demasiado"),
    "count": (bomb_by_count, "más de 5000 archivos"),
    "count-lies": (count_that_lies, "su índice no dice lo mismo"),
    "overlap": (overlapping, "ocupa el lugar de otro"),
    "header-name": (other_name_in_the_header, "dice de sí otra cosa"),
    "header-size": (other_size_in_the_header, "dice de sí otra cosa"),
    "encrypted": (flagged(1), "está cifrado"),
    "strongly-encrypted": (flagged(1 | 1 << 6), "está cifrado"),
    "descriptor": (flagged(1 << 3), "de un modo que no usan los paquetes"),
    "method": (other_method, "de un modo que no usan los paquetes"),
    "zip64": (zip64, "zip gigantes"),
    "zip64-locator": (zip64_locator, "zip gigantes"),
    "extra-field": (extra_field, "datos añadidos"),
    "prefix": (prefix, "lleva algo delante"),
    "prefix-counted": (prefix_that_is_counted, "lleva algo delante"),
    "suffix": (suffix, "algo detrás"),
    "comment": (comment, "lleva un comentario"),
    "disks": (several_disks, "repartido en varios"),
    "crc": (wrong_crc, "dañado"),
}
