"""Photographs, sounds and films in every shape of a course: what is there, what is said of the rest."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cast import ROOT
from sample_courses import WITH_MEDIA, sample

from lms.course.draft import read_draft
from lms.course.edition import differences, published_editions
from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import Invalid
from lms.packs.booklet import booklet
from lms.packs.build import build
from lms.packs.contents import open_contents
from lms.packs.formats import FORMATS, ready_formats, single, single_audio
from lms.packs.install import Outcome, Terms, install
from lms.packs.keyring import Keyring
from lms.packs.verify import Verdict, verify

FILM = "media/medir.webm"
SOUNDS = {"media/saludo.mp3", "media/lluvia.opus"}
SIZE = (WITH_MEDIA / FILM).stat().st_size


@pytest.fixture
def rain(tmp_path: Path) -> Course:
    """The small course with a photograph, two sounds and a film."""
    return loaded(sample(WITH_MEDIA.name, tmp_path / "source"))


def loaded(folder: Path) -> Course:
    found = load_course(folder)
    assert found.course is not None, found.problems
    return found.course


def text_of(course: Course, name: str) -> str:
    return FORMATS[name].write(course).decode()


def inside(course: Course, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(FORMATS[name].write(course)))


def looked_at(pack: Path, tmp_path: Path) -> Verdict:
    with open_contents(pack) as contents:
        return verify(contents, Keyring(tmp_path / "keys"))


def put_in(pack: Path, tmp_path: Path) -> Outcome:
    return install(pack, tmp_path / "courses", Keyring(tmp_path / "keys"), Terms(unsigned=True))


def extracted(course: Course, folder: Path, *names: str) -> Path:
    for name in names:
        inside(course, name).extractall(folder)
    return folder


def test_the_pack_is_without_films_and_knows_them(rain: Course) -> None:
    pack = inside(rain, "site")
    assert {name for name in pack.namelist() if name.startswith("media/")} == {
        "media/pozo.svg",
        "media/vaso.jpg",
        "media/vaso.pequena.jpg",
        *SOUNDS,
    }
    manifest = json.loads(pack.read("manifest.json"))
    assert [(file["path"], file["size"]) for file in manifest["optional"]] == [(FILM, SIZE)]
    assert (manifest["format_version"], manifest["minimum_reader"]) == (2, 2)
    document = pack.read("ABRIR-AQUI.html").decode()
    assert f'src="{FILM}"' in document
    assert "agua-1.0.0-videos.zip y extráelo en esta misma carpeta" in document
    assert "VIDEOS (5 KB)" in pack.read("LEEME.txt").decode()
    assert inside(rain, "videos").namelist() == ["LEEME-VIDEOS.txt", FILM]


def test_a_pack_of_a_course_without_films_is_written_by_the_first_rules(course: Course) -> None:
    manifest = json.loads(inside(course, "site").read("manifest.json"))
    assert (manifest["format_version"], manifest["minimum_reader"]) == (1, 1)
    assert "optional" not in manifest


def test_a_pack_is_whole_without_its_films_and_with_them(rain: Course, tmp_path: Path) -> None:
    zipped = build(rain, "site", tmp_path / "packs")
    without = extracted(rain, tmp_path / "without", "site")
    with_films = extracted(rain, tmp_path / "with", "site", "videos")

    for pack in (zipped, without):
        verdict = looked_at(pack, tmp_path)
        assert verdict.whole
        assert [file.path for file in verdict.apart] == [FILM]
    verdict = looked_at(with_films, tmp_path)
    assert verdict.whole
    assert not verdict.apart
    assert verdict.extra == ("LEEME-VIDEOS.txt",)

    (with_films / FILM).write_bytes(b"otra cosa")
    assert looked_at(with_films, tmp_path).damaged == (FILM,)
    with pytest.raises(Invalid, match=r"dañado «media/medir\.webm»"):
        put_in(with_films, tmp_path)


def test_a_course_installed_without_its_films_is_the_same_course(rain: Course, tmp_path: Path) -> None:
    done = put_in(build(rain, "site", tmp_path / "packs"), tmp_path)
    assert not (done.folder / FILM).exists()
    here = loaded(done.folder)
    assert [media.sha256 for media in here.media] == [media.sha256 for media in rain.media]
    (old,), (new,) = published_editions(rain.folder), published_editions(done.folder)
    assert not differences(old, new)
    assert FORMATS["site"].write(here) == FORMATS["site"].write(rain)
    assert "videos" not in ready_formats(here)


def test_films_that_come_later_stay_when_the_pack_comes_again(rain: Course, tmp_path: Path) -> None:
    zipped = build(rain, "site", tmp_path / "packs")
    assert put_in(zipped, tmp_path).changed
    done = put_in(extracted(rain, tmp_path / "with", "site", "videos"), tmp_path)
    assert done.changed
    assert (done.folder / FILM).read_bytes() == (WITH_MEDIA / FILM).read_bytes()
    assert not put_in(zipped, tmp_path).changed
    assert "videos" in ready_formats(loaded(done.folder))

    (done.folder / "lessons/el-pozo.md").write_text("dañado")
    assert put_in(zipped, tmp_path).changed
    assert (done.folder / FILM).is_file()


def test_an_author_whose_film_is_missing_is_told(tmp_path: Path) -> None:
    folder = sample(WITH_MEDIA.name, tmp_path)
    (folder / FILM).unlink()
    draft = read_draft(folder)
    assert FILM not in draft.media
    (folder / "videos.txt").write_text(f"{FILM} 12 {'0' * 64}\n../../etc/passwd 1 {'0' * 64}\n")
    draft = read_draft(folder)
    assert draft.media[FILM].size == 12
    assert [(problem.file, problem.line) for problem in draft.problems] == [("videos.txt", 2)]


def test_the_light_single_file_says_where_sounds_and_films_are_and_shows_the_light_picture(
    rain: Course,
) -> None:
    text = text_of(rain, "single")
    assert "<audio" not in text
    assert "<video" not in text
    assert text.count("El audio no está en este archivo liviano (1 s,") == 2
    assert "Está en el archivo «con audio» del curso." in text
    assert "El video no está en este archivo (5 KB)." in text
    assert "Hoy medimos la lluvia." in text
    picture = next(media for media in rain.media if media.path == "media/vaso.jpg")
    assert f'width="{picture.width}"' in text
    assert len(text) < len(text_of(rain, "single-audio"))
    assert "data:audio" not in text


def test_a_light_picture_is_seen_without_javascript_and_the_large_one_stands_last(rain: Course) -> None:
    large = dataclasses.replace(
        rain,
        media=tuple(
            dataclasses.replace(media, size=50_000) if media.path.startswith("media/vaso") else media
            for media in rain.media
        ),
    )
    assert "<!--media:" not in text_of(large, "single")
    assert "<!--media:media/vaso.jpg " in text_of(large, "single-audio")


def test_the_single_file_with_audio_has_its_sounds_after_all_text(rain: Course) -> None:
    text = text_of(rain, "single-audio")
    assert set(re.findall(r"<!--media:(\S+) ", text)) == SOUNDS
    assert text.index("<!--media:") > text.rindex("</article>")
    assert text.count("<audio") == 2
    assert 'src="#media/saludo.mp3"' in text
    assert "El video no está en este archivo" in text


def test_it_is_offered_only_where_there_are_sounds_that_fit(rain: Course, course: Course) -> None:
    assert "single-audio" in ready_formats(rain)
    assert "single-audio" not in ready_formats(course)
    heavy = dataclasses.replace(
        rain, media=tuple(dataclasses.replace(media, size=3_000_000) for media in rain.media)
    )
    assert "usa la carpeta (site)" in single_audio.why_not(heavy)
    assert "Está en la carpeta del curso" in text_of(heavy, "single")


def test_a_single_file_too_heavy_for_a_chat_says_what_weighs(rain: Course) -> None:
    assert single.advice(rain, 1_900_000) == ""
    heavy = dataclasses.replace(
        rain,
        media=tuple(
            dataclasses.replace(media, size=2_100_000) if media.path.endswith("vaso.pequena.jpg") else media
            for media in rain.media
        ),
    )
    said = single.advice(heavy, 2_400_000)
    assert "pesa 2,4 MB" in said
    assert "media/vaso.pequena.jpg (2,1 MB)" in said


@pytest.mark.parametrize("name", ["epub", "scorm", "zim"])
def test_books_and_platforms_have_the_sounds_and_say_where_the_film_is(
    name: str, rain: Course, tmp_path: Path
) -> None:
    held, page = lesson_in(rain, name, tmp_path)
    assert held >= SOUNDS
    assert FILM not in held
    assert "media/vaso.pequena.jpg" not in held
    assert page.count("<audio ") == 2
    assert "<video" not in page
    assert "El video no está en este archivo" in page


def test_a_book_says_that_its_ogg_is_opus(rain: Course) -> None:
    package = inside(rain, "epub").read("EPUB/package.opf").decode()
    assert 'href="media/lluvia.opus" media-type="audio/ogg; codecs=opus"' in package
    assert 'href="media/saludo.mp3" media-type="audio/mpeg"' in package


def lesson_in(course: Course, name: str, tmp_path: Path) -> tuple[set[str], str]:
    """What a format holds, and its page of the lesson with media."""
    if name == "zim":
        from libzim.reader import Archive

        (tmp_path / "curso.zim").write_bytes(FORMATS["zim"].write(course))
        archive = Archive(tmp_path / "curso.zim")
        paths = {archive._get_entry_by_id(number).path for number in range(archive.all_entry_count)}
        return paths, bytes(archive.get_entry_by_path("l-la-lluvia.html").get_item().content).decode()
    archive = inside(course, name)
    paths = {path.removeprefix("EPUB/") for path in archive.namelist()}
    page = next(path for path in archive.namelist() if "l-la-lluvia." in path)
    return paths, archive.read(page).decode()


def test_on_paper_a_sound_is_a_sentence_and_its_words(rain: Course) -> None:
    html = booklet(rain, rain.units)
    assert html.count("Audio: está en el curso digital (1 s,") == 2
    assert "Video: está en el curso digital (5 KB)." in html
    assert "Hoy medimos la lluvia." in html
    assert "data:audio" not in html


def test_the_command_says_what_goes_apart_and_what_cannot_be_made(tmp_path: Path) -> None:
    folder = sample(WITH_MEDIA.name, tmp_path)
    ran = pack_build(folder, tmp_path, "--format", "site", "--format", "videos")
    assert [line.partition("\t")[0].rpartition("/")[2] for line in ran.stdout.splitlines()] == [
        "agua-1.0.0.zip",
        "agua-1.0.0-videos.zip",
    ]
    assert "Los videos (5 KB) no van en estos archivos" in ran.stderr
    shutil.copytree(ROOT / "tests/samples/good", tmp_path / "sin/agua")
    ran = pack_build(tmp_path / "sin/agua", tmp_path, "--format", "videos")
    assert ran.returncode == 1
    assert "no tiene videos en este equipo" in ran.stderr


def pack_build(folder: Path, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "lms", "pack", "build", folder, "--to", tmp_path / "out"]
    return subprocess.run([*program, *words], capture_output=True, text=True, cwd=ROOT, check=False)
