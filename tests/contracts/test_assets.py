"""Every browser script is listed, once, in an order that works."""

from __future__ import annotations

from lms.web import assets


def test_every_script_is_loaded_by_somebody() -> None:
    listed = {path.name for path in assets.script_files()} | {f"{name}.js" for name in assets.LIVE_SCRIPTS}
    present = {path.name for path in (assets.STATIC / "js").glob("*.js")} | {"exercise.js"}
    assert listed == present, "name the script in SCRIPTS of lms/web/assets.py, or remove it"


def test_every_stylesheet_is_used_by_somebody() -> None:
    from lms.web.assets import STATIC

    present = {path.stem for path in (STATIC / "css").glob("*.css")}
    templates = "".join(path.read_text("utf-8") for path in STATIC.parent.rglob("*.html"))
    sources = "".join(path.read_text("utf-8") for path in STATIC.parent.rglob("*.py"))
    assert all(f'"{name}"' in templates + sources for name in present)
