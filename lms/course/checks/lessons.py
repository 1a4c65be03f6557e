"""Checks of a lesson's text: its parts, headings, links, words and tags."""

import re
from collections.abc import Iterator

from lms.course import glossary
from lms.course.draft import Draft, LessonDraft
from lms.course.links import leads_out, lesson_target, links, without_code
from lms.course.model import Problem
from lms.course.prose import count_words, on_screen
from lms.course.sections import PARTS, TITLE_ANCHOR, Heading, headings, part_of, slug
from lms.course.tags import TAGS

# A sitting of 40 minutes: less teaches nothing, more is not read at night on a telephone.
FEWEST_WORDS = 500
MOST_WORDS = 1400
DEEPEST_HEADING = 4

_HTML = re.compile(r"<[a-zA-Z/!?]")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)(.*)$")


def missing_sections(draft: Draft) -> Iterator[Problem]:
    """Every lesson has the six parts that teachers learn to expect."""
    for lesson in draft.lessons.values():
        found = {part_of(heading.title) for heading in _headings(lesson) if heading.level == 2}
        for part in PARTS:
            if part not in found:
                title = f"{part.title}: nombre de la hoja" if part.named else part.title
                message = f"Falta la parte «## {title}». Escríbela tal cual, con sus dos signos #."
                yield Problem(lesson.file, lesson.line, message, code="missing-section")


def heading_levels(draft: Draft) -> Iterator[Problem]:
    """Headings go from ## to ####, without skipping one: screen readers move by them."""
    for lesson in draft.lessons.values():
        level = 1
        for heading in _headings(lesson):
            if heading.level == 1:
                message = "No uses títulos con un solo #: el título de la lección sale de «title». Usa ##."
                yield Problem(lesson.file, heading.line, message, code="heading-level")
            elif heading.level > min(level + 1, DEEPEST_HEADING):
                message = f"Este título salta un nivel o es muy profundo. Usa {'#' * min(level + 1, 4)}."
                yield Problem(lesson.file, heading.line, message, code="heading-level")
            level = max(2, heading.level)


def raw_html(draft: Draft) -> Iterator[Problem]:
    """HTML written by hand would be shown as text; lessons use Markdown only."""
    for lesson in draft.lessons.values():
        for number, line in enumerate(lesson.cut.text.split("\n"), lesson.line):
            if _HTML.search(without_code(line)):
                message = "Aquí hay una etiqueta HTML (< >) y se vería tal cual. Usa solo Markdown."
                yield Problem(lesson.file, number, message, code="raw-html")


def other_fences(draft: Draft) -> Iterator[Problem]:
    """Blocks between ``` are for questions, at the start of the line; any other would be shown as text."""
    for lesson in draft.lessons.values():
        for number, line in enumerate(lesson.cut.text.split("\n"), lesson.line):
            if _FENCE.match(line) and number != lesson.cut.unclosed:
                message = (
                    "Este bloque ``` no se entiende. Para preguntas, escribe ```gift al inicio de la línea."
                )
                yield Problem(lesson.file, number, message, code="other-fence")


def lesson_links(draft: Draft) -> Iterator[Problem]:
    """Links lead to another lesson of the course or to a heading that is there."""
    anchors = {lesson.id: _anchors(lesson) for lesson in draft.lessons.values()}
    listed = {lesson for lesson, _ in draft.named_lessons} if draft.course else set(anchors)
    anchors[glossary.PAGE] = {TITLE_ANCHOR, *(term.id for term in draft.glossary)}
    listed |= {glossary.PAGE}
    asked = 0  # links to a glossary that is not there: one sentence says it for all
    for lesson in draft.lessons.values():
        for link in links(lesson.cut.text, lesson.line):
            if link.picture or leads_out(link.target):
                continue
            target = (
                (lesson.id, link.target[1:]) if link.target.startswith("#") else lesson_target(link.target)
            )
            if target is None or (target[0] not in listed and target[0] != lesson.id):
                message = (
                    f"El enlace «{link.target}» no lleva a una lección del curso. Escribe otra-leccion.md."
                )
                yield Problem(lesson.file, link.line, message, code="lesson-link")
            elif target[0] == glossary.PAGE and not draft.glossary:
                asked += 1
                if asked == 1:
                    message = (
                        f"Las lecciones enlazan al glosario y no se encuentra: se busca en {glossary.FILE}, junto a "
                        f"course.toml, o en content/{glossary.FILE}, al lado de la carpeta de los cursos. Copia uno ahí."
                    )
                    yield Problem(lesson.file, link.line, message, code="no-glossary")
            elif target[0] == glossary.PAGE and target[1] not in anchors[glossary.PAGE]:
                message = f"El glosario no tiene «{target[1]}». Corrige el enlace, o agrega el término a {glossary.FILE}."
                yield Problem(lesson.file, link.line, message, code="glossary-link")
            elif target[1] and slug(target[1]) not in anchors.get(target[0], {slug(target[1])}):
                message = (
                    f"El enlace «{link.target}» nombra un título que no existe. Revisa lo que va tras el #."
                )
                yield Problem(lesson.file, link.line, message, code="lesson-link")


def web_links(draft: Draft) -> Iterator[Problem]:
    """Addresses of the web do not open without a network: a warning, because a source may need one."""
    for lesson in draft.lessons.values():
        for link in links(lesson.cut.text, lesson.line):
            if not link.picture and leads_out(link.target):
                message = (
                    "Este enlace necesita internet. Pon lo necesario en la lección, o avisa que pide señal."
                )
                yield Problem(lesson.file, link.line, message, "warning", code="web-link")


def word_count(draft: Draft) -> Iterator[Problem]:
    """A lesson is one sitting: its words are counted without questions and without the printable."""
    for lesson in draft.lessons.values():
        words = count_words(on_screen(lesson.cut.text))
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            message = (
                f"La lección tiene {words} palabras. Lo recomendado es de {FEWEST_WORDS} a {MOST_WORDS}."
            )
            yield Problem(lesson.file, lesson.line, message, "warning", code="word-count")


def tags(draft: Draft) -> Iterator[Problem]:
    """Tags are codes of the frameworks, so that courses can be found and compared by them."""
    for lesson in draft.lessons.values():
        found = lesson.front.data.get("tags")
        for name, codes in found.items() if isinstance(found, dict) else ():
            for n, code in enumerate(codes if name in TAGS and isinstance(codes, list) else ()):
                if code not in TAGS[name]:
                    message = f"«{code}» no es un código de «{name}». Revisa la lista de códigos."
                    yield Problem(lesson.file, lesson.front.line("tags", name, n), message, code="bad-tag")


def _headings(lesson: LessonDraft) -> tuple[Heading, ...]:
    return headings(lesson.cut.text, lesson.line)


def _anchors(lesson: LessonDraft) -> set[str]:
    """Name the headings a link may lead to."""
    found = {TITLE_ANCHOR}
    for heading in _headings(lesson):
        part = part_of(heading.title) if heading.level == 2 else None
        found.add(part.anchor if part else slug(heading.title))
    return found


LESSON_CHECKS = (
    missing_sections,
    heading_levels,
    raw_html,
    other_fences,
    lesson_links,
    web_links,
    word_count,
    tags,
)
