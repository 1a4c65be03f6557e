"""Every browser script is listed, once, in an order that works."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lms.web import assets

LOADED = {
    "export": assets.EXPORT_SCRIPT,
    "scorm": assets.SCORM_SCRIPT,
    "bundle": assets.BUNDLE_SCRIPT,
    "page": assets.PAGE_SCRIPT,
    "worker": assets.WORKER_SCRIPT,
    "early": assets.EARLY_SCRIPT,
    **assets.LIVE_SCRIPTS,
}


def test_every_script_is_loaded_by_somebody() -> None:
    listed = {path.name for names in LOADED.values() for path in assets.script_files(names)}
    present = {path.name for path in (assets.STATIC / "js").glob("*.js")} | {"exercise.js"}
    assert listed == present, "name the script in a list of lms/web/assets.py, or remove it"


def test_live_pages_load_the_same_files_as_exports_in_the_same_order() -> None:
    only_live = [
        "account-form",
        "kept",
        "kept-pages",
        "keeping",
        "kept-shelf",
        "kept-search",
        "away",
        "receipts",
        "again",
        "mine",
        "own-file",
    ]
    order = [*assets.EXPORT_SCRIPT, *only_live]
    for names in assets.LIVE_SCRIPTS.values():
        places = [order.index(name) for name in names]
        assert places == sorted(places), names


@pytest.mark.parametrize("name", LOADED)
def test_a_squeezed_script_is_still_one(name: str, tmp_path: Path) -> None:
    squeezed = tmp_path / f"{name}.js"
    squeezed.write_text(assets.script(LOADED[name]), "utf-8")
    whole = sum(path.stat().st_size for path in assets.script_files(LOADED[name]))
    assert squeezed.stat().st_size < 0.8 * whole
    subprocess.run(["node", "--check", squeezed], check=True)


def test_every_stylesheet_is_used_by_somebody() -> None:
    from lms.web.assets import STATIC

    present = {path.stem for path in (STATIC / "css").glob("*.css")}
    templates = "".join(path.read_text("utf-8") for path in STATIC.parent.rglob("*.html"))
    sources = "".join(path.read_text("utf-8") for path in STATIC.parent.rglob("*.py"))
    assert all(f'"{name}"' in templates + sources for name in present)
