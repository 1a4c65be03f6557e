"""What a corrected word in the largest course costs who has the version before, against the pack."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from bench.servers import ours
from lms.course.loader import load_course
from lms.packs.build import build
from lms.packs.difference import make_difference
from lms.packs.install import Terms, install
from lms.packs.keyring import Keyring
from lms.packs.origins import Server
from lms.packs.signing import Signer, new_signer
from lms.packs.update import Here, Watcher, update
from lms.remote import Remote

COURSE = Path(__file__).parent.parent / "courses" / "competencia-digital"  # the largest
GLOSSARY = COURSE.parents[1] / "content" / "glossary.toml"


def run() -> list[tuple[str, float, str, float, float]]:
    """Return the bytes of an update from a server, and of a difference, over those of the new version's pack."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        signer = new_signer("bench")
        old, new = _pack(place / "old", signer, corrected=False), _pack(place / "new", signer, corrected=True)
        pack = new.stat().st_size
        by_file = make_difference(old, new, place).stat().st_size
        by_server = _by_server(place, signer, old, new)
    return [
        (f"one word corrected, {way} ÷ site pack", size / 1024, "KiB", pack / 1024, size / pack)
        for way, size in (("from a server", by_server), ("as a difference", by_file))
    ]


def _pack(folder: Path, signer: Signer, *, corrected: bool) -> Path:
    source = shutil.copytree(COURSE, folder / COURSE.name)
    shutil.copy(GLOSSARY, source)
    if corrected:
        longest = max((source / "lessons").iterdir(), key=lambda lesson: lesson.stat().st_size)
        longest.write_text(longest.read_text("utf-8").replace(" que ", " qeu ", 1), "utf-8")
        facts = (source / "course.toml").read_text("utf-8")
        (source / "course.toml").write_text(facts.replace('version = "1.', 'version = "2.', 1), "utf-8")
    course = load_course(source).course
    assert course is not None
    return build(course, "site", folder, [signer])


def _by_server(place: Path, signer: Signer, old: Path, new: Path) -> int:
    """The bytes of all bodies: papers and files, without headers."""
    ring = Keyring(place / "keys")
    ring.keep(signer.key, "trusted", date.today())
    install(old, place / "here", ring, Terms())
    install(new, place / "there", ring, Terms())
    watcher = Watcher(lambda verdict: None, lambda plan: None, lambda size: None)
    with ours(place / "data", place / "there") as running:
        remote = Remote(f"http://127.0.0.1:{running.port}")
        done = update(Server(remote), COURSE.name, Here(place / "here", ring, Terms()), watcher)
        remote.close()
    assert done.before != done.course.version
    return remote.received
