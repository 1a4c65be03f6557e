"""Zips are written and deflated by us, and read by everybody: our reader, Python's, zlib."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from cast import ROOT

from lms.course import made
from lms.course.loader import load_course
from lms.packs import deflated as deflating
from lms.packs.archive import open_archive
from lms.packs.deflated import LEVEL, deflated
from lms.packs.formats import FORMATS
from lms.packs.zipped import entry_for, write_zip


def view(number: int) -> bytes:
    return b'\n<section class="view" data-route="l/%d">' % number


def document(*words: bytes) -> bytes:
    views = (
        view(n) + b"".join(b"%s %d" % (word, place) for place in range(9_000)) for n, word in enumerate(words)
    )
    return b"<html>" + b"".join(views) + b"</html>"


def inflated(stream: bytes) -> bytes:
    reading = zlib.decompressobj(-zlib.MAX_WBITS)
    content = reading.decompress(stream) + reading.flush()
    assert reading.eof
    assert reading.unused_data == b""
    return content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a",
        b'\n<section class="view"',
        document(),
        document(b"agua"),
        document(b"pozo ", b"", b"\xf1and\xfa "),
    ],
)
def test_pieces_are_one_stream(content: bytes) -> None:
    assert inflated(deflated(content)) == content


def test_a_change_in_one_view_deflates_it_and_the_one_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[bytes] = []
    deflate = deflating._deflated

    def watched(piece: bytes, before: bytes, last: bool) -> bytes:
        pieces.append(piece)
        return deflate(piece, before, last)

    monkeypatch.setattr(deflating, "_deflated", watched)
    with made.kept(tmp_path / "kept"):
        deflated(document(b"uno", b"dos", b"tres", b"cuatro", b"cinco"))
    pieces.clear()
    changed = document(b"uno", b"dos", b"otra", b"cuatro", b"cinco")
    with made.kept(tmp_path / "kept"):
        stream = deflated(changed)
    assert [piece.startswith(view(n)) for piece, n in zip(pieces, (2, 3), strict=True)] == [True, True]
    assert stream == deflated(changed)
    assert inflated(stream) == changed


def test_the_largest_course_grows_by_less_than_three_per_cent() -> None:
    course = load_course(ROOT / "courses" / "competencia-digital").course
    assert course is not None
    pack = FORMATS["site"].write(course)
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.testzip() is None
        in_one_go = io.BytesIO()
        with zipfile.ZipFile(in_one_go, "w") as other:
            for name in archive.namelist():
                other.writestr(entry_for(name), archive.read(name), compresslevel=LEVEL)
    assert len(pack) < 1.03 * len(in_one_go.getvalue())


def test_what_is_not_cut_has_the_bytes_that_python_gives_it(tmp_path: Path) -> None:
    files = {
        "primero.txt": b"uno " * 999,
        "dibujo.png": b"\x89PNG",
        "vac\xedo.txt": b"",
        "a/b.html": b"<p>hola",
    }
    path = tmp_path / "un.zip"
    with path.open("w+b") as out:
        write_zip(out, files, first="primero.txt")
    with zipfile.ZipFile(tmp_path / "otro.zip", "w") as other:
        for name in ("primero.txt", "a/b.html", "dibujo.png", "vac\xedo.txt"):
            other.writestr(entry_for(name), files[name], compresslevel=LEVEL)
    assert path.read_bytes() == (tmp_path / "otro.zip").read_bytes()


def test_our_own_reader_takes_it(tmp_path: Path) -> None:
    content = document(b"agua ", b"pozo ")
    with (tmp_path / "un.zip").open("w+b") as out:
        write_zip(out, {"ABRIR.html": content, "media/a.png": b"\x89PNG"}, first="ABRIR.html")
    with open_archive(tmp_path / "un.zip") as archive:
        assert b"".join(archive.chunks("ABRIR.html")) == content
        assert b"".join(archive.chunks("media/a.png")) == b"\x89PNG"
