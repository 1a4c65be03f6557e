"""What a server gives another: exactly what its papers say, cheaply, or nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from packs.conftest import Publisher, School, replace
from packs.test_install import put_in
from packs.test_install_commands import places
from sample_courses import GOOD
from starlette.testclient import TestClient

from lms.app import create_app
from lms.packs import offers
from lms.packs.contents import open_contents
from lms.packs.papers import papers_of
from lms.packs.signing import written
from lms.settings import Settings

__all__ = ["places"]  # a fixture: the school's folders

Serve = Callable[[], TestClient]
MANIFEST = "/paquetes/agua/manifest.json"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the school's server."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(TestClient(create_app(Settings.load())))


def listed(server: TestClient) -> dict[str, str]:
    """The hash of each source that the server's manifest lists, by its path."""
    files = server.get(MANIFEST).json()["files"]
    return {file["path"]: file["sha256"] for file in files if file["path"].startswith(("source/", "media/"))}


def blob(sha256: str) -> str:
    return f"/paquetes/agua/blobs/{sha256}"


def test_a_course_from_a_pack_goes_on_under_its_publishers_papers(
    serve: Serve, school: School, publisher: Publisher
) -> None:
    pack = publisher.pack()
    put_in(school, pack)
    server = serve()
    with open_contents(pack) as contents:
        papers = papers_of(contents)
    answer = server.get(MANIFEST)
    assert answer.content == papers.manifest
    assert answer.headers["etag"].startswith(f'"{hashlib.sha256(papers.manifest).hexdigest()}')
    assert server.get("/paquetes/agua/manifest.sig").content == papers.signatures
    for sha256 in listed(server).values():
        assert hashlib.sha256(server.get(blob(sha256)).content).hexdigest() == sha256


def test_it_lists_its_courses_with_their_versions(serve: Serve, school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack("1.2.0"))
    assert serve().get("/paquetes/cursos.json").json() == {
        "format": "chaski-courses",
        "format_version": 1,
        "courses": [{"id": "agua", "version": "1.2.0", "title": "Agua para la escuela"}],
    }


@pytest.mark.parametrize("signs", [True, False])
def test_an_authors_own_course_goes_under_the_papers_of_its_pack(
    serve: Serve, school: School, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, signs: bool
) -> None:
    shutil.copytree(GOOD, school.courses / "agua")
    shutil.move(school.courses / "agua" / "glossary.toml", shared := school.courses.parent / "content")
    shared.rename(school.courses.parent / "glossary.toml")
    shared.mkdir()
    (school.courses.parent / "glossary.toml").rename(shared / "glossary.toml")
    if signs:
        school.ring.keep_own(publisher.signer.key, written(publisher.signer))
        monkeypatch.setenv("LMS_KEY", "difods")
    server = serve()
    found = listed(server)
    assert "source/glossary.toml" in found
    assert all(server.get(blob(sha256)).status_code == 200 for sha256 in found.values())
    assert server.get("/paquetes/agua/manifest.sig").status_code == (200 if signs else 404)


def test_a_course_changed_after_it_was_installed_is_no_longer_its_publishers(
    serve: Serve, school: School, publisher: Publisher
) -> None:
    put_in(school, publisher.pack())
    replace(school.courses / "agua/lessons/el-pozo.md", "edición 1.0.0", "edición de la escuela")
    server = serve()
    assert server.get("/paquetes/agua/manifest.sig").status_code == 404
    assert b"de la escuela" in server.get(blob(listed(server)["source/lessons/el-pozo.md"])).content


def test_a_file_changed_while_the_server_runs_is_never_given_as_what_it_was(
    serve: Serve, school: School
) -> None:
    shutil.copytree(GOOD, school.courses / "agua")
    server = serve()
    lesson = listed(server)["source/lessons/el-pozo.md"]
    assert server.get(blob(lesson)).status_code == 200
    replace(school.courses / "agua/lessons/el-pozo.md", "agua", "aguo")
    assert server.get(blob(lesson)).status_code == 404
    answer = server.get(MANIFEST)
    assert answer.status_code == 503
    assert "debe reiniciarlo" in answer.text


def test_a_course_that_is_another_than_its_signed_pack_is_not_given_and_what_to_do_is_said(
    serve: Serve, school: School, publisher: Publisher
) -> None:
    pack = publisher.pack()
    put_in(school, pack)
    shutil.rmtree(school.courses / "agua/.pack")
    packs = Settings.load().packs
    packs.mkdir()
    shutil.copy(pack, packs)
    replace(school.courses / "agua/lessons/el-pozo.md", "edición 1.0.0", "edición de la escuela")
    answer = serve().get(MANIFEST)
    assert answer.status_code == 503
    assert "debe subir antes «version» en el course.toml" in answer.text
    replace(school.courses / "agua/course.toml", 'version = "1.0.0"', 'version = "1.0.1"')
    server = serve()
    assert b"de la escuela" in server.get(blob(listed(server)["source/lessons/el-pozo.md"])).content


def test_a_course_renewed_while_the_server_runs_is_given_as_it_is_now(
    serve: Serve, school: School, publisher: Publisher
) -> None:
    put_in(school, publisher.pack())
    server = serve()
    old = listed(server)["source/lessons/el-pozo.md"]
    put_in(school, publisher.pack("1.1.0"))
    assert server.get(MANIFEST).json()["course"]["version"] == "1.1.0"
    assert server.get(blob(old)).status_code == 404
    assert server.get(blob(listed(server)["source/lessons/el-pozo.md"])).status_code == 200


def test_texts_travel_compressed_and_anything_by_ranges(
    serve: Serve, school: School, publisher: Publisher
) -> None:
    put_in(school, publisher.pack())
    server = serve()
    for path in ("source/lessons/el-pozo.md", "media/pozo.svg"):
        sha256 = listed(server)[path]
        with server.stream("GET", blob(sha256), headers={"accept-encoding": "gzip"}) as answer:
            sent = b"".join(answer.iter_raw())
        whole = gzip.decompress(sent) if path.endswith(".md") else sent  # the drawing is too small to gain
        part = server.get(blob(sha256), headers={"range": "bytes=10-", "accept-encoding": "identity"})
        assert (part.status_code, part.content) == (206, whole[10:])
        assert part.headers["content-range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"
        assert part.headers["cache-control"] == "public, max-age=31536000, immutable"
        # A drawing may hold scripts: here it is never shown as one.
        assert part.headers["content-type"].startswith("text/plain")
        same = server.get(blob(sha256), headers={"if-none-match": f'"{sha256}"'})
        assert same.status_code == 304


def test_what_is_not_a_source_is_not_given(serve: Serve, school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack())
    (school.courses / "agua" / "POR-CONFIRMAR.md").write_text("Preguntar a la UGEL.")
    notes = hashlib.sha256(b"Preguntar a la UGEL.").hexdigest()
    server = serve()
    for address in (blob(notes), blob("0" * 64), "/paquetes/pozo/manifest.json", blob("..%2Fcourse.toml")):
        assert server.get(address).status_code == 404


def test_hashes_are_taken_once(
    serve: Serve, school: School, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(school, publisher.pack())
    server = serve()
    before = server.get(MANIFEST).content
    monkeypatch.setattr(offers, "sha256_of", None)
    assert server.get(MANIFEST).content == before
    assert json.loads(before)["course"]["id"] == "agua"
