"""What the tests of packs share: the small course as a pack, publishers, and a school that receives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.packs.build import build
from lms.packs.keyring import Keyring
from lms.packs.signing import Signer, new_signer

TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class School:
    """A place that receives packs: its courses and the keys it knows."""

    courses: Path
    ring: Keyring


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody who makes packs of «Agua para la escuela» in `folder`."""

    signer: Signer
    folder: Path

    def pack(self, version: str = "1.0.0", signers: tuple[Signer, ...] | None = None) -> Path:
        """Build a version of the course; every version says its number in a lesson, too."""
        source = self.folder / f"source-{version}"
        if not source.exists():
            shutil.copytree(GOOD, source)
            replace(source / "course.toml", 'version = "1.0.0"', f'version = "{version}"')
            with (source / "lessons/el-pozo.md").open("a", encoding="utf-8") as lesson:
                lesson.write(f"\nEsta es la edición {version}.\n")
        course = load_course(source).course
        assert course is not None
        return build(course, "site", self.folder, (self.signer,) if signers is None else signers)


def replace(file: Path, before: str, after: str) -> None:
    """Change what must be there in a text file."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """«Agua para la escuela» as a pack that nobody signed."""
    course = load_course(GOOD).course
    assert course is not None
    return build(course, "site", tmp_path / "packs")


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    """Who makes the courses."""
    return Publisher(new_signer("difods"), tmp_path / "published")


@pytest.fixture
def school(tmp_path: Path, publisher: Publisher) -> School:
    """A school that trusts the publisher and has no course yet."""
    ring = Keyring(tmp_path / "data" / "keys")
    ring.keep(publisher.signer.key, "trusted", TODAY)
    (tmp_path / "courses").mkdir()
    return School(tmp_path / "courses", ring)
