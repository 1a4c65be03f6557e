"""What a pack says of itself: course, version, and every file with its size and SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from lms.course.model import Course

FORMAT_VERSION = 1
MINIMUM_READER = 1


def manifest(course: Course, kind: str, entry: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Describe a pack's `files` (path → bytes); sizes in bytes, paths sorted so that it is reproducible."""
    return {
        "format": "chaski-pack",
        "format_version": FORMAT_VERSION,
        "minimum_reader": MINIMUM_READER,
        "kind": kind,
        "course": {
            "id": course.id,
            "version": course.version,
            "title": course.title,
            "language": course.language,
            "licence": course.licence,
        },
        "entry": entry,
        "files": [
            {"path": path, "size": len(content), "sha256": sha256(content).hexdigest()}
            for path, content in sorted(files.items())
        ],
    }


def encode(described: Mapping[str, Any]) -> bytes:
    """Write a manifest as UTF-8 JSON that a person can read too, ending in a newline."""
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()
