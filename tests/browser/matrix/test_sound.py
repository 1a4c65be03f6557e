"""A recording plays in each engine, from the packs that carry sounds: rows of docs/packs.md, as in test_matrix.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.matrix.engine import Engine
from browser.matrix.places import NAMES, Device, unpack
from sample_courses import WITH_MEDIA, sample

from lms.course.loader import load_course

pytestmark = pytest.mark.soak
LESSON = "la-lluvia"
SOUND = "document.querySelector('audio[aria-label=\"Escucha: el saludo de Wilder\"]')"


@pytest.mark.parametrize("name", ["site", "single-audio"])
def test_a_recording_is_heard(
    name: str, start: Callable[[Path], Engine], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    course = load_course(sample(WITH_MEDIA.name, tmp_path / "fuente")).course
    assert course
    device = Device(
        name, unpack(course, name, tmp_path / "Con sonido"), lambda: start(tmp_path), start(tmp_path)
    )
    try:
        record_property("cell", (NAMES[name], device.version, "Sonido"))
        device.go(LESSON)
        device.engine.until(f"!!{SOUND}.getClientRects().length")
        device.engine.touch(f"[id='{LESSON}--titulo']")  # nothing sounds before somebody touched the page
        device.engine.run(f"({SOUND}.muted = true, {SOUND}.play(), 0)")
        device.engine.until(f"{SOUND}.currentTime > 0")
        assert round(device.engine.run(f"{SOUND}.duration")) == 1
    finally:
        device.engine.close()
