"""What we change in Markdown's element tree: figures, sections, safe anchors, tables that scroll."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from lms.course.links import leads_out, lesson_target, media_path
from lms.course.media import AUDIO, VIDEO, measures, suffix
from lms.course.model import Media
from lms.course.sections import part_of, slug

_SPELLED = {AUDIO: "audio", VIDEO: "video"}


@dataclass(frozen=True, slots=True)
class Shaper:
    """Turns the tree of one lesson's Markdown into the article's own elements."""

    lesson: str
    media: Mapping[str, Media]

    def shape(self, root: Element) -> None:
        """Change the tree in place: first its leaves, then its paragraphs, then its sections."""
        for element in root.iter():
            self._anchor(element)
            if element.tag == "a":
                self._link(element)
            elif element.tag == "img":
                self._picture(element)
            elif element.tag in {"th", "td"}:
                _align(element)
            elif element.tag == "ul" and len(element) and all(map(_has_box, element)):
                element.set("class", "boxes")
            elif element.tag == "div" and "admonition" in element.get("class", ""):
                element.set("role", "note")
        for parent in list(root.iter()):
            for i, child in enumerate(list(parent)):
                if child.tag == "p" and _lone_image(child) is not None:
                    parent[i] = self._figure(child)
                elif child.tag == "table":
                    parent[i] = _scrolling(child)
        self._sections(root)

    def _anchor(self, element: Element) -> None:
        """Prefix an author's own id, so that lessons can stand in one document."""
        anchor = element.get("id")
        if anchor and not anchor.startswith(f"{self.lesson}--"):
            element.set("id", f"{self.lesson}--{slug(anchor)}")

    def _link(self, element: Element) -> None:
        """Write links to lessons as `other.md#other--heading`; what leads nowhere is no link."""
        target = element.get("href", "")
        other = lesson_target(target)
        if other:
            lesson, anchor = other
            element.set("href", f"{lesson}.md#{lesson}--{anchor}" if anchor else f"{lesson}.md")
        elif target.startswith("#"):
            element.set("href", f"#{self.lesson}--{slug(target)}")
        elif not leads_out(target):
            element.attrib.pop("href", None)

    def _picture(self, element: Element) -> None:
        """Name a picture's file from the course's folder, with its size so that nothing jumps on loading."""
        path = media_path(element.get("src", ""))
        media = self.media.get(path)
        attributes = {"src": path, "alt": element.get("alt", "")}
        if media and media.width and media.height:
            attributes |= {"width": str(media.width), "height": str(media.height)}
        attributes |= {"loading": "lazy", "decoding": "async"}
        if "title" in element.attrib:
            attributes["title"] = element.attrib["title"]
        element.attrib.clear()
        element.attrib.update(attributes)

    def _figure(self, paragraph: Element) -> Element:
        """Make a figure of a paragraph that holds one picture; its title is the caption."""
        image = paragraph[0]
        figure = Element("figure")
        figure.tail = paragraph.tail
        image.tail = None
        caption = image.attrib.pop("title", "")
        path = image.get("src", "")
        spoken = next((tag for kinds, tag in _SPELLED.items() if suffix(path) in kinds), "")
        if spoken:
            caption = self._label(path, caption or image.get("alt", ""))
            image = _player(spoken, path, image.get("alt", ""))
        figure.append(image)
        if caption:
            SubElement(figure, "figcaption").text = caption
        return figure

    def _label(self, path: str, caption: str) -> str:
        """Say how long a sound is and how much it or a film weighs, before anybody spends data on it."""
        media = self.media.get(path)
        return f"{caption} ({measures(media)})" if media else caption

    def _sections(self, root: Element) -> None:
        """Wrap each heading of level 2 and what follows it in a section that takes the heading's anchor."""
        children = list(root)
        for child in children:
            root.remove(child)
        into = root
        for child in children:
            if child.tag == "h2":
                part = part_of("".join(child.itertext()))
                anchor = child.attrib.pop("id", "")
                section_id = f"{self.lesson}--{part.anchor}" if part else anchor
                css = f"part {part.css}" if part else "part"
                into = SubElement(root, "section", {"id": section_id, "class": css})
                into.text = into.tail = "\n"
            into.append(child)


def _lone_image(paragraph: Element) -> Element | None:
    """Return the picture of a paragraph that holds nothing else."""
    if len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    image = paragraph[0]
    return image if image.tag == "img" and not (image.tail or "").strip() else None


def _has_box(item: Element) -> bool:
    """Whether an item of a list begins with a box to tick, which needs no bullet before it."""
    return "".join(item.itertext()).lstrip().startswith("☐")


def _player(tag: str, path: str, label: str) -> Element:
    # Nothing is fetched before somebody plays it: a film may weigh more than the data of a week.
    return Element(tag, {"src": path, "controls": "", "preload": "none", "aria-label": label})


def _align(cell: Element) -> None:
    """Say a column's alignment by class: a strict page allows no style attribute."""
    side = cell.attrib.pop("align", "")
    if side in {"right", "center"}:
        cell.set("class", side)
    if cell.tag == "th":
        cell.set("scope", "col")


def _scrolling(table: Element) -> Element:
    """Let a wide table scroll by itself, also with the keyboard, instead of the whole page."""
    box = Element("div", {"class": "table", "role": "group", "aria-label": "Tabla", "tabindex": "0"})
    box.tail, table.tail = table.tail, None
    box.append(table)
    return box
