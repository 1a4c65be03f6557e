"""Whether a pack is whole, who made it, and how it stands to the course that is installed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lms.course.model import COURSE_FILE
from lms.course.source import Unreadable, parse_toml, read_text
from lms.course.versions import is_older, is_version
from lms.packs.archive import Damaged
from lms.packs.contents import Contents, checked
from lms.packs.keyring import Keyring, Standing
from lms.packs.keys import PublicKey, Rotation
from lms.packs.manifest import DIFFERENCE, Listed, Manifest, read_manifest
from lms.packs.papers import Papers, papers_of
from lms.packs.sources import source_path

Age = Literal["new", "newer", "equal", "older", "unknown"]


@dataclass(frozen=True, slots=True)
class Installed:
    """A course that is here: its folder and its version, "" when that cannot be read."""

    folder: Path
    version: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody whose signature is true, and what it is worth here; `via` is the trusted key that led to theirs."""

    key: PublicKey
    standing: Standing
    via: PublicKey | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a pack; files are named by their path in it.

    `extra` files alter a zip; beside an unpacked pack they may be anybody's, and nothing reads them. `apart` are
    the optional files that are not there, which a pack is whole without.
    """

    name: str
    zipped: bool
    papers: Papers
    manifest: Manifest
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    signers: tuple[Signer, ...]
    forged: tuple[PublicKey, ...]
    apart: tuple[Listed, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is as it was when the pack was made."""
        return not (self.damaged or self.missing or self.forged or (self.zipped and self.extra))

    @property
    def standing(self) -> Standing | None:
        """What the best of its signatures is worth here; None for a pack that nobody signed."""
        return best_of(self.signers)


def best_of(signers: Sequence[Signer]) -> Standing | None:
    """Return what the best of some signatures is worth here; None where there is none."""
    found = {signer.standing for signer in signers}
    best: tuple[Standing, ...] = ("trusted", "revoked", "known", "unknown")
    return next((standing for standing in best if standing in found), None)


def verify(contents: Contents, ring: Keyring) -> Verdict:
    """Read a pack whole and compare it with its manifest; Invalid when there is none that can be read.

    Of a difference, completed with what is here, nothing but sources can be missing.
    """
    verdict = judged(contents.name, papers_of(contents), ring)
    manifest = verdict.manifest
    there = contents.sizes.keys() - verdict.papers.files.keys() - {DIFFERENCE}
    by_difference = DIFFERENCE in contents.sizes
    needed = {file.path for file in manifest.files if not by_difference or source_path(file.path)}
    listed = {file.path: file for file in (*manifest.files, *manifest.optional)}
    return replace(
        verdict,
        zipped=contents.zipped,
        damaged=tuple(path for path in sorted(listed.keys() & there) if _damaged(contents, listed[path])),
        missing=tuple(sorted(needed - there)),
        extra=tuple(sorted(there - listed.keys())),
        apart=tuple(file for file in manifest.optional if file.path not in there),
    )


def judged(name: str, papers: Papers, ring: Keyring) -> Verdict:
    """Say what a pack's papers are worth here, its files unseen."""
    manifest = read_manifest(papers.manifest, name)
    signers, forged = signers_of(name, papers, ring)
    return Verdict(name, False, papers, manifest, (), (), (), signers, forged)


def _damaged(contents: Contents, listed: Listed) -> bool:
    try:
        for _ in checked(contents, listed):
            pass
    except Damaged:
        return True
    return False


def signers_of(name: str, papers: Papers, ring: Keyring) -> tuple[tuple[Signer, ...], tuple[PublicKey, ...]]:
    """Return who truly signed some papers, and who only seems to have."""
    if papers.signatures is None:
        return (), ()
    from lms.packs.signing import read_signatures

    signed = read_signatures(papers.manifest, papers.signatures, name)
    return tuple(_signer(key, signed.rotations, ring) for key in signed.by), signed.forged


def _signer(key: PublicKey, rotations: tuple[Rotation, ...], ring: Keyring) -> Signer:
    standing = ring.standing(key, rotations)
    led = standing == "trusted" and ring.standing(key) != "trusted"
    return Signer(key, standing, ring.voucher(key, rotations) if led else None)


def installed(courses: Path, course_id: str) -> list[Installed]:
    """Return the courses with this id in a folder of courses; more than one is somebody's mistake."""
    return [found for identity, found in _courses(courses) if identity == course_id]


def _courses(courses: Path) -> Iterator[tuple[str, Installed]]:
    for folder in sorted(found.parent for found in courses.glob(f"*/{COURSE_FILE}")):
        try:
            data = parse_toml(read_text(folder, COURSE_FILE), COURSE_FILE).data
        except Unreadable:
            data = {"id": folder.name}  # too broken to say who it is: its folder's name was its id
        version = data.get("version")
        yield str(data.get("id")), Installed(folder, str(version) if is_version(version) else "")


def age(version: str, here: list[Installed]) -> Age:
    """Tell how a version stands to what is installed."""
    if not here:
        return "new"
    other = here[0].version
    if not other:
        return "unknown"
    if version == other:
        return "equal"
    return "older" if is_older(version, other) else "newer"
