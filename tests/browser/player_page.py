"""A small page with every hook, made of a real unit: what an export's document is to the browser code."""

from __future__ import annotations

import json
from typing import Any

from lms.course import pages
from lms.course.model import Assessment, Course, Unit
from lms.web import assets

NOBODY = {"person": None, "profile": None, "send": None, "home": None}

_PAGE = """<!doctype html><html lang="es-PE"><head><meta charset="utf-8"><title>{title}</title>
<style>[hidden]{{display:none!important}} .js .view{{display:none}} .js .view.current{{display:block}}
.dialog{{position:fixed;top:0;left:0;right:0;bottom:0;background:#fff;z-index:9}}</style>
<script>document.documentElement.className = "js";</script></head><body>
<a href="#main" class="skip">Ir al contenido</a>
<header><nav><a href="#inicio">Inicio</a> <a href="#avance">Mi avance</a></nav><span data-lms="person"></span>{chooser}
<p data-lms="status" role="status" aria-live="polite"></p></header>
<main id="main" tabindex="-1"><p data-lms="warning" role="alert" hidden></p>
<section class="view" data-route="inicio" id="inicio"><h1>{title}</h1>
<a data-lms="resume" hidden>Seguir donde me quedé</a><ol>{index}</ol></section>
{lessons}
<section class="view" data-route="e/{assessment}" id="e/{assessment}">
{assessment_article}</section>
<section class="view" data-route="avance" id="avance"><h1>Mi avance</h1><div data-lms="progress"></div>
<p data-lms="saved" hidden></p>
<button type="button" data-lms="save" hidden>Guardar mi avance en un archivo</button>
<button type="button" data-lms="bring" hidden>Traer mi avance</button>
<button type="button" data-lms="erase" hidden>Borrar mis datos de este equipo</button></section>
</main><script>{scripts}
;{data}</script></body></html>"""


def player_page(course: Course, session: dict[str, Any] | None = None, *, people: bool = True) -> str:
    """One document with the first unit's lessons and assessment; `people` gives it the list of people."""
    unit = course.units[0]
    assessment = unit.assessment
    assert assessment is not None
    chooser = '<button type="button" data-lms="people" hidden>Cambiar de persona</button>' if people else ""
    return _PAGE.format(
        title=course.title,
        chooser=chooser,
        index=_index(unit),
        lessons=_lessons(course, unit, assessment),
        assessment=assessment.id,
        assessment_article=pages.assessment_article(course, assessment),
        scripts=assets.script(assets.EXPORT_SCRIPT),
        data=_data(course, session or NOBODY, assessment),
    )


def _index(unit: Unit) -> str:
    return "".join(
        f'<li><a href="#l/{lesson.id}">{lesson.title} <span data-state-of="{lesson.id}"></span></a></li>'
        for lesson in unit.lessons
    )


def _lessons(course: Course, unit: Unit, assessment: Assessment) -> str:
    onward = [*(f"#l/{one.id}" for one in unit.lessons[1:]), f"#e/{assessment.id}"]
    return "".join(
        f'<section class="view" data-route="l/{lesson.id}" id="l/{lesson.id}">{pages.article(course, lesson)}'
        f'<form method="post" data-lms="complete" data-lesson="{lesson.id}" data-next="{after}">'
        f'<button type="submit" name="complete" value="{lesson.id}">Terminé esta lección</button></form></section>'
        for lesson, after in zip(unit.lessons, onward, strict=True)
    )


def _data(course: Course, session: dict[str, Any], assessment: Assessment) -> str:
    exercises = [one for lesson in course.units[0].lessons for one in lesson.exercises] + list(
        assessment.bank
    )
    outline = {**course.outline(), "title": course.title, "units": course.outline()["units"][:1]}
    calls = (
        f"lms.session = {json.dumps(session)};\nlms.outline({json.dumps(outline)});\n"
        f"lms.keys({json.dumps(pages.keys(exercises))});"
    )
    return calls.replace("</", "<\\/")
