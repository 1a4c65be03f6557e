"""Where the words that a course explains are written, and the name of the page that shows them."""

from pathlib import Path

# The page of a glossary stands beside the lessons: they link to it as [evidencia](glosario.md#evidencia).
PAGE = "glosario"
FILE = "glossary.toml"
# Courses stand in courses/, what they share in content/.
SHARED = f"../../content/{FILE}"


def glossary_file(folder: Path) -> str | None:
    """Say where the glossary of the course in `folder` is: its own, as a pack brings it, or the shared one."""
    return next((file for file in (FILE, SHARED) if (folder / file).is_file()), None)
