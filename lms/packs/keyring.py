"""The keys of one data folder: those whose packs are accepted, those that are not, and one's own to sign with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from lms.errors import Conflict, Invalid, NotFound
from lms.files import in_words, private_file, private_folder, write_whole
from lms.packs.keys import (
    PUBLIC_BYTES,
    PublicKey,
    Rotation,
    check_name,
    decoded,
    encoded,
    followers,
    is_id,
    read_key,
    read_rotation,
)

State = Literal["trusted", "known", "revoked"]
Standing = Literal["trusted", "known", "unknown", "revoked"]


class Kept(msgspec.Struct, frozen=True):
    """What is known of one key; `via` is the number of the key that spoke for it, `public` is "" if never seen."""

    id: str
    name: str
    public: str
    state: State
    since: str
    via: str = ""

    @property
    def key(self) -> PublicKey | None:
        """The key itself, if it was ever seen."""
        return PublicKey(self.name, decoded(self.public, PUBLIC_BYTES)) if self.public else None


class Keyring:
    """The keys in `folder`; every change is on the disk when its method returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "keys.json"
        self._keys: dict[str, Kept] = {kept.id: kept for kept in self._read()}

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._keys.values())

    def standing(self, key: PublicKey, rotations: Sequence[Rotation] = ()) -> Standing:
        """Tell what a pack signed with this key is worth here; `rotations` are true ones that came with it."""
        kept = self._keys.get(key.id)
        if kept and kept.state in ("trusted", "revoked"):
            return kept.state
        if self.voucher(key, rotations):
            return "trusted"
        return "known" if kept else "unknown"

    def voucher(self, key: PublicKey, rotations: Sequence[Rotation]) -> PublicKey | None:
        """Return the trusted key that a chain of rotations leads back to, if there is one."""
        waiting, seen = [key], {key.public}
        while waiting:
            for rotation in followers(waiting.pop(), rotations):
                old = rotation.old
                kept = self._keys.get(old.id)
                if kept and kept.state == "trusted":
                    return old
                if old.public not in seen and not (kept and kept.state == "revoked"):
                    seen.add(old.public)
                    waiting.append(old)
        return None

    def find(self, named: str) -> Kept:
        """Return the key with this name, or whose number begins so; NotFound or Conflict unless it is one."""
        found = [
            kept for kept in self if named == kept.name or (named[:5].isdigit() and kept.id.startswith(named))
        ]
        if not found:
            raise NotFound(f"No conozco la llave «{named}». Mira las que hay con «lms key list».")
        if len(found) > 1:
            raise Conflict(
                f"Hay varias llaves «{named}»: {', '.join(kept.id for kept in found)}. Di su número."
            )
        return found[0]

    def keep(self, key: PublicKey, state: State, today: date, via: str = "") -> None:
        """Note what a key is worth from today on."""
        self._note(Kept(key.id, key.name, encoded(key.public), state, today.isoformat(), via))

    def revoke(self, named: str, today: date) -> Kept:
        """Refuse from today on whatever this key signs or ever signed; a whole number need not be known."""
        kept = (
            Kept(named, "", "", "known", "") if is_id(named) and named not in self._keys else self.find(named)
        )
        revoked = Kept(kept.id, kept.name, kept.public, "revoked", today.isoformat(), kept.via)
        self._note(revoked)
        return revoked

    def vouched_by(self, number: str) -> list[Kept]:
        """Name the keys that are trusted because this one spoke for them."""
        return [kept for kept in self if kept.via == number and kept.state == "trusted"]

    def own_file(self, name: str) -> Path:
        """Where the private key of this name is kept."""
        return self._folder / "own" / f"{check_name(name)}.pem"

    def own_names(self) -> list[str]:
        """Name the keys that can be signed with here."""
        return sorted(file.stem for file in (self._folder / "own").glob("*.pem"))

    def own_key(self, name: str) -> PublicKey | None:
        """Return the public half of the own key of this name, if there is one."""
        return read_key(self._public_text(name))

    def own_rotations(self, name: str) -> tuple[Rotation, ...]:
        """Return what led to the own key of this name: packs carry it to those who know an older one."""
        lines = self._public_text(name).splitlines()
        return tuple(rotation for line in lines if (rotation := read_rotation(line)))

    def keep_own(self, key: PublicKey, private: bytes, rotations: Sequence[Rotation] = ()) -> None:
        """Write a private key, readable by its owner only, in the place of the one of that name."""
        private_folder(self._folder)
        private_folder(self._folder / "own")
        file = self.own_file(key.name)
        lines = [key.line, *(rotation.line for rotation in rotations)]
        write_whole(file.with_suffix(".pub"), "".join(f"{line}\n" for line in lines).encode(), mode=0o600)
        write_whole(file, private, mode=0o600)
        private_file(file)

    def _public_text(self, name: str) -> str:
        file = self.own_file(name).with_suffix(".pub")
        with in_words():
            return file.read_text("ascii", "replace") if file.exists() else ""

    def _note(self, kept: Kept) -> None:
        self._keys[kept.id] = kept
        private_folder(self._folder)
        content = msgspec.json.format(msgspec.json.encode(list(self)), indent=1)
        write_whole(self._file, content + b"\n", mode=0o600)

    def _read(self) -> list[Kept]:
        if not self._file.exists():
            return []
        with in_words():
            content = self._file.read_bytes()
        try:
            return msgspec.json.decode(content, type=list[Kept])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Invalid(
                f"La lista de llaves de {self._file} está dañada. Trae la copia que guardaste, o bórrala y vuelve a "
                "confiar en cada llave con «lms key trust»."
            ) from None
