"""SCORM 1.2: a zip for Moodle and its like, in which each lesson and each assessment reports its own result."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.model import Course
from lms.packs.home import NOWHERE, Home
from lms.packs.zipped import Content, write_zip

NAME = "scorm"
SUFFIX = "-scorm.zip"
MEDIA_TYPE = "application/zip"
LABEL = "Paquete SCORM 1.2 para Moodle (zip)"
AUDIENCE = "Para subirlo a Moodle u otra plataforma que reciba SCORM 1.2. No lo descomprimas."

_MANIFEST = "imsmanifest.xml"
_STYLE, _SCRIPT = "comun/chaski.css", "comun/chaski.js"


def write_to(course: Course, out: BinaryIO, _home: Home = NOWHERE) -> None:
    """Write the zip."""
    from lms.packs.document import page  # all that renders: a server starts without it
    from lms.packs.leaves import data, leaves, media_of
    from lms.web import assets

    found = list(leaves(course, ".html"))
    around = {"course": course, "style": _STYLE, "script": _SCRIPT}
    files: dict[str, Content] = {
        f"{leaf.name}.html": page(
            "packs/sco.html", leaf=leaf, data=data(course, leaf.asked), **around
        ).encode()
        for leaf in found
    }
    common = [_STYLE, _SCRIPT, *(f"{leaf.name}.html" for leaf in found if leaf.unit is None)]
    files[_STYLE] = assets.css(assets.EXPORT_STYLES).encode()
    files[_SCRIPT] = assets.script(assets.SCORM_SCRIPT).encode()
    files |= {media.path: media for media in media_of(course)}
    # A score is said from 0 to 100, a mark from 0 to 20.
    told = {"course": course, "leaves": found, "common": common, "mastery": 5 * course.pass_mark}
    files[_MANIFEST] = page("packs/imsmanifest.xml", **told).encode()
    write_zip(out, files, first=_MANIFEST)
