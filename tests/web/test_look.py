"""The colours of «Letra y colores» are those of the pages."""

from __future__ import annotations

import json
import re
import subprocess

from lms.web.assets import STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")


def _properties(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): ([^;]+);", block))


def test_light_and_dark_are_those_that_pages_have_unasked() -> None:
    load = "".join(f"require('{STATIC}/js/{name}.js');" for name in ("namespace", "look"))
    script = f"{load} console.log(JSON.stringify(lms.look.COLOURS))"
    themes = json.loads(subprocess.run(["node", "-e", script], check=True, capture_output=True).stdout)
    light, dark, _contrast = re.findall(r":root \{(.*?)\}", TOKENS, re.DOTALL)
    own = _properties(light)
    del own["font"], own["r"]
    assert themes["light"] == own
    assert themes["dark"] == {**own, **_properties(dark)}
    assert themes["contrast"].keys() == own.keys()
