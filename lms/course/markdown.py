"""A lesson's Markdown to clean HTML: the one place that knows Python-Markdown. Import it only to render."""

from collections.abc import Collection, Mapping
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor

from lms.course.model import Media
from lms.course.sanitise import sanitise
from lms.course.sections import TITLE_ANCHOR, slug
from lms.course.tree import Shaper

# After toc (5), which gives headings their ids; before unescape (0).
_AFTER_TOC = 3

# Authors write no HTML, no addresses between < >, no [text][reference], no code and no underlined headings
# (a row of hyphens is a line to write on): without these, such text is shown as it was typed.
_UNUSED_INLINE = (
    "reference",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "html",
    "autolink",
    "automail",
)
_UNUSED_BLOCKS = ("reference", "setextheader", "code")


class _Shape(Treeprocessor):
    def __init__(self, md: markdown.Markdown, shaper: Shaper) -> None:
        super().__init__(md)
        self._shaper = shaper

    def run(self, root: Element) -> None:
        self._shaper.shape(root)


def render(text: str, lesson: str, media: Mapping[str, Media], taken: Collection[str] = ()) -> str:
    """Return the sanitised HTML of a lesson's Markdown.

    Ids begin with `{lesson}--`; those in `taken` (the exercises') are left to others. The text must have
    passed `tangle`: a tangled one may take minutes.
    """
    reserved = {TITLE_ANCHOR, *taken}

    def anchor(heading: str, _separator: str) -> str:
        name = slug(heading)
        return f"{lesson}--{name}-titulo" if name in reserved else f"{lesson}--{name}"

    md = markdown.Markdown(
        extensions=["tables", "attr_list", "def_list", "admonition", "sane_lists", "toc"],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "toc": {"slugify": anchor, "marker": ""},
        },
        output_format="html",
    )
    md.preprocessors.deregister("html_block")
    for name in _UNUSED_INLINE:
        md.inlinePatterns.deregister(name)
    for name in _UNUSED_BLOCKS:
        md.parser.blockprocessors.deregister(name)
    md.treeprocessors.register(_Shape(md, Shaper(lesson, media)), "shape", _AFTER_TOC)
    return sanitise(md.convert(text))
