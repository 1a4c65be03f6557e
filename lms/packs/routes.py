"""Downloading a course to use it without the internet, and giving another server what it lacks of one."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lms.course.media import media_type
from lms.course.model import Course
from lms.errors import NotFound
from lms.packs.formats import FORMATS
from lms.packs.manifest import MANIFEST, SIGNATURES
from lms.packs.offers import Blob, Offers
from lms.packs.shelf import Shelf
from lms.packs.sources import SMALL, is_text
from lms.web.responses import IMMUTABLE, Body, respond
from lms.web.site import site

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
_GONE = "Ese archivo no es de la versión del curso que hay aquí. Vuelve a pedir su lista."


async def download(request: Request) -> Response:
    """GET /cursos/{course}/descargar/{format}: the file, with byte ranges so that a cut download resumes."""
    course = site(request).courses.get(request.path_params["course"])
    made = FORMATS.get(request.path_params["format"])
    if course is None or made is None or not made.ready or made.why_not(course):
        raise NotFound("No encontramos ese curso para descargar. Vuelve a «Inicio» y elige uno.")
    shelf: Shelf = request.app.state.shelf
    path = await shelf.take(course, made.name)
    return FileResponse(path, media_type=made.media_type, filename=made.file_name(course))


async def offered(request: Request) -> Response:
    """GET /paquetes/cursos.json: the courses that another server can have from this one, with their versions."""
    courses = [
        {"id": course.id, "version": course.version, "title": course.title}
        for course in site(request).courses.values()
    ]
    described = {"format": "chaski-courses", "format_version": 1, "courses": courses}
    return respond(request, _paper(json.dumps(described, ensure_ascii=False).encode()))


async def papers(request: Request) -> Response:
    """GET /paquetes/{course}/manifest.json or manifest.sig, byte for byte; a manifest's tag is its SHA-256."""
    files = (await _offers(request).papers(_course(request))).files
    name = request.url.path.rpartition("/")[2]
    if name not in files:
        raise NotFound("Ese curso no lleva firma.")
    return respond(request, _paper(files[name]))


async def blob(request: Request) -> Response:
    """GET /paquetes/{course}/blobs/{sha256}: one source by its hash; small texts compressed, all with byte ranges."""
    found = await _offers(request).blob(_course(request), request.path_params["sha256"])
    if found is None:
        raise NotFound(_GONE)
    if found.size <= SMALL and is_text(found.file.name) and "range" not in request.headers:
        return respond(request, await to_thread.run_sync(_text, found), cache=IMMUTABLE)
    headers = {"Cache-Control": IMMUTABLE, "ETag": f'"{found.sha256}"'}
    kind = TEXT if is_text(found.file.name) else media_type(found.file.name)
    return FileResponse(found.file, headers=headers, media_type=kind)


def _offers(request: Request) -> Offers:
    offers: Offers = request.app.state.offers
    return offers


def _course(request: Request) -> Course:
    course = site(request).courses.get(request.path_params["course"])
    if course is None:
        raise NotFound("Ese curso no está en este servidor.")
    return course


@lru_cache(maxsize=64)
def _paper(content: bytes) -> Body:
    return replace(Body.of(content, JSON, level=9), etag=sha256(content).hexdigest())


@lru_cache(maxsize=256)
def _text(found: Blob) -> Body:
    content = found.file.read_bytes()
    if sha256(content).hexdigest() != found.sha256:  # somebody is writing it just now
        raise NotFound(_GONE)
    return replace(Body.of(content, TEXT, level=9), etag=found.sha256)


ROUTES = [
    Route("/cursos/{course}/descargar/{format}", download, name="download"),
    Route("/paquetes/cursos.json", offered, name="offered"),
    *(Route(f"/paquetes/{{course}}/{paper}", papers, name=paper) for paper in (MANIFEST, SIGNATURES)),
    Route("/paquetes/{course}/blobs/{sha256}", blob, name="blob"),
]
