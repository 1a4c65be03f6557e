"""A guard before Markdown: text that would keep its parser busy for minutes is refused, and named.

Python-Markdown tries every `[` against the rest of its paragraph (20,000 of them take more than 40 s) and
calls itself once for each level of a list or quotation (300 levels end in RecursionError). No lesson comes
near these limits.
"""

import re

# In one paragraph: signs that open something Markdown then looks for the end of.
MARKS_PER_BLOCK = 300
RUN = 12
LEVELS = 8
BLOCK_LIMIT = 20_000

# Runs of `_` and `-` are lines to write on, in printables: they are no openings here.
_RUN = re.compile(rf"([\[\]<>!(*`&\\#])\1{{{RUN - 1},}}")
_MARKS = re.compile(r"[\[<!*`&]|(?<![_\s|])_|_(?![_\s|])")
# What opens a level: a quotation, an item of a list. Several may stand on one line.
_OPENING = re.compile(r"[ \t]*(?:>|(?:[-+*:]|\d{1,9}\.)[ \t])")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")


def tangled_line(text: str, first_line: int = 1) -> int:
    """Return the line where text becomes too tangled to render, or 0; `text` begins at `first_line`."""
    for number, line in enumerate(text.split("\n"), first_line):
        if _RUN.search(line) or _depth(line) > LEVELS:
            return number
    at = 0
    for block in _BLANK.split(text):
        at = text.index(block, at)
        if len(block) > BLOCK_LIMIT or len(_MARKS.findall(block)) > MARKS_PER_BLOCK:
            return first_line + text.count("\n", 0, at)
        at += len(block)
    return 0


def _depth(line: str) -> int:
    """Count the levels a line stands in, or opens: by its indentation and by its signs."""
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" ")) if line.strip() else 0
    opened, at = 0, 0
    while opened <= LEVELS and (sign := _OPENING.match(line, at)):
        opened, at = opened + 1, sign.end()
    return max(indent // 4, opened)
