"""Whether a bundle is as it was made: its own page and list, and each of its packs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lms.errors import LmsError
from lms.packs.bundle_papers import COURSES, Bundle, packs_of, papers_of_bundle, read_bundle
from lms.packs.contents import open_contents
from lms.packs.here import is_there
from lms.packs.keyring import Keyring, Standing
from lms.packs.keys import PublicKey
from lms.packs.manifest import LONGEST, MANIFEST, Listed
from lms.packs.verify import Signer, Verdict, best_of, signers_of, verify


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """What was found out about a bundle; files and courses are named by their path in it.

    `listed` is False for one of before bundles had a list: then nothing is known but of its packs. `extra` courses were
    put in later: nothing leads to them. `packs` has what was found out about each, or why it cannot be read.
    """

    name: str
    listed: bool
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    signers: tuple[Signer, ...]
    forged: tuple[PublicKey, ...]
    packs: dict[str, Verdict | LmsError]

    @property
    def whole(self) -> bool:
        """Whether its own files, and which packs are in it, are as when it was made."""
        return not (self.damaged or self.missing or self.forged)

    @property
    def standing(self) -> Standing | None:
        """What the best of its signatures is worth here; None for a bundle that nobody signed."""
        return best_of(self.signers)


def verify_bundle(folder: Path, ring: Keyring) -> BundleVerdict:
    """Read a bundle whole; Invalid when its list cannot be read or understood."""
    packs = packs_of(folder)
    found = {f"{COURSES}/{name}": _looked_at(pack, ring) for name, pack in packs.items()}
    papers = papers_of_bundle(folder)
    if papers is None:
        return BundleVerdict(folder.name, False, (), (), (), (), (), found)
    listed = read_bundle(papers.manifest, folder.name)
    signers, forged = signers_of(folder.name, papers, ring)
    damaged = [one.path for one in listed.files if not _is_there(folder / one.path, one)]
    missing = [path for path in damaged if not (folder / path).exists()]
    held = {one.id for one in listed.courses}
    return BundleVerdict(
        folder.name,
        True,
        tuple(path for path in (*damaged, *_others(listed, packs)) if path not in missing),
        (*missing, *(f"{COURSES}/{name}" for name in sorted(held - packs.keys()))),
        tuple(f"{COURSES}/{name}" for name in sorted(packs.keys() - held)),
        signers,
        forged,
        found,
    )


def _others(listed: Bundle, packs: dict[str, Path]) -> list[str]:
    """The packs that are not those with which the bundle was made."""
    return [
        f"{COURSES}/{one.id}"
        for one in listed.courses
        if one.id in packs and _manifest_of(packs[one.id]) != one.manifest
    ]


def _is_there(file: Path, listed: Listed) -> bool:
    """Whether a file is just as it is listed: what a worn-out stick does not give is damaged."""
    try:
        return is_there(file, listed)
    except OSError:
        return False


def _manifest_of(pack: Path) -> str:
    file = pack / MANIFEST
    with suppress(OSError):
        return sha256(file.read_bytes()).hexdigest() if file.stat().st_size <= LONGEST else ""
    return ""


def _looked_at(pack: Path, ring: Keyring) -> Verdict | LmsError:
    try:
        with open_contents(pack) as contents:
            return verify(contents, ring)
    except LmsError as error:
        return error
