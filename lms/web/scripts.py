"""Data that a page loads as a script."""

from __future__ import annotations

import json
from typing import Any


def json_for_script(value: Any) -> str:
    """JSON that may stand in a classic script, alone or inside of a page.

    `<` is written as an escape, so that no text ends the element (`</script`) or hides the rest (`<!--`). U+2028
    and U+2029 end a line, and so a text, for browsers before ES2019 (Chromium 66): they would stop the whole script.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
