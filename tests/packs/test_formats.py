"""What leaves as a pack is whole, safe to unpack, and the same every time."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from cast import ROOT
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import Unavailable
from lms.packs.apart import apart
from lms.packs.build import build
from lms.packs.formats import FORMATS


@pytest.fixture(scope="module")
def site(course: Course) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(FORMATS["site"].write(course)))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_sources_give_the_same_bytes(name: str, course: Course, tmp_path: Path) -> None:
    made = FORMATS[name]
    folder = GOOD if made.apart else course.folder  # what is built apart takes long
    one, again = load_course(folder).course, load_course(folder).course
    assert one
    assert again
    assert made.write(one) == made.write(again)


def test_what_is_built_apart_leaves_nothing_in_this_process(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from lms.course.loader import load_course\nfrom lms.packs.build import build\n"
        "if __name__ == '__main__':\n"
        "    course = load_course(Path(sys.argv[1])).course\n"
        "    print(build(course, 'zim', Path(sys.argv[2])).name, 'libzim' in sys.modules)\n"
    )
    (tmp_path / "build.py").write_text(program)
    ran = subprocess.run(
        [sys.executable, tmp_path / "build.py", GOOD, tmp_path],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.stdout == "agua-1.0.0.zim False\n"
    assert ran.stderr == ""


def test_of_what_is_built_apart_only_what_goes_wrong_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    apart(os.write, 1, b"set index\n")
    apart(os.write, 2, b"no memory\n")
    with pytest.raises(FileNotFoundError):
        apart(os.stat, "/no/such/file")
    assert capfd.readouterr() == ("", "no memory\n")


def test_a_process_that_dies_is_said_in_words() -> None:
    with pytest.raises(Unavailable, match="no pudo terminar"):
        apart(os._exit, 1)


def test_the_manifest_lists_every_other_file_with_its_size_and_hash(site: zipfile.ZipFile) -> None:
    manifest = json.loads(site.read("manifest.json"))
    listed = {entry["path"]: (entry["size"], entry["sha256"]) for entry in manifest["files"]}
    inside = {
        name: (len(site.read(name)), sha256(site.read(name)).hexdigest())
        for name in site.namelist()
        if name != "manifest.json"
    }
    assert listed == inside
    assert manifest["entry"] == "ABRIR-AQUI.html"


def test_the_pack_carries_sources_from_which_the_same_course_loads(
    site: zipfile.ZipFile, course: Course, tmp_path: Path
) -> None:
    site.extractall(tmp_path)
    (tmp_path / "media").rename(tmp_path / "source" / "media")
    loaded = load_course(tmp_path / "source")
    assert loaded.course is not None
    assert loaded.course.outline() == course.outline()


def test_names_are_safe_on_a_usb_stick(site: zipfile.ZipFile) -> None:
    for name in site.namelist():
        assert name.isascii()
        assert len(name) < 100
        assert not set(name) & set('<>:"\\|?*')


def test_texts_for_notepad_say_the_title_as_it_is_written(course: Course) -> None:
    titled = dataclasses.replace(course, title="P'anqata yatiqañäni <1> & más", authors=("O'Higgins & Cía",))
    pack = zipfile.ZipFile(io.BytesIO(FORMATS["site"].write(titled)))

    assert pack.read("LEEME.txt").decode("utf-8-sig").startswith("P'anqata yatiqañäni <1> & más\r\n")
    licence = pack.read("LICENCIA.txt").decode("utf-8-sig")
    assert licence.startswith("P'anqata yatiqañäni <1> & más · versión")
    assert "O'Higgins & Cía" in licence
    assert "<1>" not in pack.read("index.html").decode()


def test_the_single_file_asks_for_nothing_outside(course: Course) -> None:
    text = FORMATS["single"].write(course).decode()
    assert 'src="media/' not in text
    assert "http-equiv" in text
    assert "url(http" not in text


def test_large_media_stand_after_all_text(course: Course, tmp_path: Path) -> None:
    media = course.media[0]
    big = dataclasses.replace(media, size=100_000)
    changed = dataclasses.replace(course, media=(big, *course.media[1:]))
    text = FORMATS["single"].write(changed).decode()
    assert f'src="#{media.path}"' in text
    assert text.index(f"<!--media:{media.path} ") > text.rindex("</article>")


def test_a_build_that_fails_leaves_the_old_pack(course: Course, tmp_path: Path) -> None:
    built = build(course, "single", tmp_path)
    before = built.read_bytes()
    broken = dataclasses.replace(course, media=())
    with pytest.raises(Unavailable, match="falta la imagen"):
        build(broken, "single", tmp_path)
    assert built.read_bytes() == before
    assert list(tmp_path.iterdir()) == [built]
