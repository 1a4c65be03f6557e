"""A pack's papers: its manifest and signatures; and those of an installed course, kept beside it.

They stand in the course's folder, where nothing that reads courses looks. They say what was installed, and carry the
publisher's signature on to the next place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lms.errors import LmsError
from lms.packs.contents import Contents, open_contents, whole
from lms.packs.manifest import LONGEST, MANIFEST, SIGNATURES

FOLDER = ".pack"
LONGEST_SIGNATURES = 64_000


@dataclass(frozen=True, slots=True)
class Papers:
    """The exact bytes of a manifest and of what signs it, None where nobody signed."""

    manifest: bytes
    signatures: bytes | None

    @property
    def files(self) -> dict[str, bytes]:
        """Each under the name that it has in a pack."""
        signed = {} if self.signatures is None else {SIGNATURES: self.signatures}
        return {MANIFEST: self.manifest, **signed}


def papers_of(contents: Contents, folder: str = "") -> Papers:
    """Return a pack's papers, or those of the pack in a `folder/` of it; Invalid without any of a sensible size."""
    manifest = whole(contents, f"{folder}{MANIFEST}", LONGEST)
    signed = f"{folder}{SIGNATURES}" in contents.sizes
    return Papers(manifest, whole(contents, f"{folder}{SIGNATURES}", LONGEST_SIGNATURES) if signed else None)


def kept_papers(folder: Path) -> Papers | None:
    """Return what a course was installed from; None for one that no pack brought."""
    try:
        with open_contents(folder / FOLDER) as kept:
            return papers_of(kept)
    except LmsError:
        return None


def keep_papers(folder: Path, papers: Papers) -> None:
    """Put a pack's papers beside its course, in a folder that nobody reads yet."""
    (folder / FOLDER).mkdir(parents=True)
    for name, content in papers.files.items():
        (folder / FOLDER / name).write_bytes(content)
