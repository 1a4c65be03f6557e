"""Names of files that mean one thing on every system: what a pack may call what it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import accumulate

LONGEST = 150
"""Characters of a path: with the folder it is unpacked in it stays below the 260 of Windows."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])(?: *\..*)?", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")


def shown(name: str) -> str:
    """A name as a terminal may print it, whatever somebody put in it."""
    seen = "".join(letter if letter.isprintable() else "?" for letter in name)
    return f"«{seen if len(seen) <= 60 else seen[:60] + '…'}»"


def some(names: Iterable[str], most: int = 5) -> str:
    """The first of some names, and how many more there are."""
    every = [shown(name) for name in names]
    return ", ".join(every[:most]) + (f" y {len(every) - most} más" if len(every) > most else "")


def fault(name: str) -> str | None:
    """Say why a path is not safe on every system, or None when it is."""
    if not name.isprintable():
        return f"{shown(name)} lleva signos que no se ven"
    if "\\" in name:
        return f"{shown(name)} usa una barra invertida, que en Windows separa carpetas"
    if _DRIVE.match(name):
        return f"{shown(name)} nombra un disco de Windows"
    if name.startswith("/"):
        return f"{shown(name)} empieza en la raíz del disco"
    if name.endswith("/"):
        return f"{shown(name)} es una carpeta, y un paquete solo lleva archivos"
    if len(name) > LONGEST:
        return f"{shown(name)} es un nombre demasiado largo"
    return next((said for part in name.split("/") if (said := _fault_of(part, name))), None)


def _fault_of(part: str, name: str) -> str | None:
    if part == "..":
        return f"{shown(name)} sale de su carpeta con «..»"
    if part in ("", "."):
        return f"{shown(name)} tiene una parte sin nombre"
    if part[-1] in ". " or part[0] == " ":
        return f"{shown(name)} tiene un punto o un espacio en un extremo, y Windows le cambiaría el nombre"
    if _DEVICE.fullmatch(part):
        return f"{shown(name)} es el nombre de un aparato en Windows"
    if set(part) & set('<>:"|?*'):
        return f"{shown(name)} lleva un signo que Windows no permite"
    if not part.isascii():
        return f"{shown(name)} lleva letras que no todos los equipos escriben igual"
    return None


def clash(names: Iterable[str]) -> str | None:
    """Say which two paths would be one file on some system, or a file and a folder at once; None when all differ."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = _folded(name)
        if key in files:
            return f"{shown(files[key])} y {shown(name)} serían el mismo archivo en algunos equipos"
        files[key] = name
        for folder in list(accumulate(key.split("/"), "{}/{}".format))[:-1]:
            folders.setdefault(folder, name)
    both = next((key for key in files if key in folders), None)
    return both and f"{shown(files[both])} sería un archivo y una carpeta a la vez"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
