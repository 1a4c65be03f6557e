"""A folder becomes a course, or a list of everything that is wrong with it."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from sample_courses import FINAL, GOOD, sample

from lms.course.draft import read_draft
from lms.course.loader import bank_rev, load_course
from lms.course.media import jpeg_size, png_size, svg_size, webp_size
from lms.course.model import Course
from lms.course.source import Unreadable, cut_gift, parse_toml, split_front


def test_a_course_is_read_whole_and_in_order(good: Course) -> None:
    assert (good.id, good.code, good.version, good.pass_mark, good.attempts) == ("agua", "AG", "1.0.0", 14, 3)
    assert [lesson.id for lesson in good.lessons] == ["el-pozo", "la-lluvia"]
    assert [lesson.number for lesson in good.lessons] == ["1.1", "1.2"]
    pozo = good.lesson("el-pozo")
    assert (pozo.title, pozo.minutes, pozo.unit) == ("El pozo", 30, "el-agua")
    assert pozo.tags == {"mbdd": ("23",), "cneb": ("28",), "ciclo": ("III", "V")}
    assert pozo.media == ("media/pozo.svg",)
    assert [exercise.name for exercise in pozo.exercises] == [
        "pozo-tapa",
        "pozo-solo",
        "pozo-hondo",
        "pozo-cubo",
    ]


def test_a_question_knows_its_line_in_the_file(good: Course) -> None:
    lines = (GOOD / "lessons/el-pozo.md").read_text("utf-8").splitlines()
    for exercise in good.lesson("el-pozo").exercises:
        assert lines[exercise.line - 1].startswith(f"::{exercise.name}::")


def test_what_is_not_there_is_a_key_error(good: Course) -> None:
    assert good.exercise("banco-uno").type == "truefalse"
    assert good.assessment("evaluacion-el-agua").draw == 2
    for find in (good.lesson, good.exercise, good.assessment):
        with pytest.raises(KeyError):
            find("nada")


def test_media_are_measured(good: Course) -> None:
    (pozo,) = good.media
    assert (pozo.path, pozo.width, pozo.height) == ("media/pozo.svg", 40, 30)
    assert pozo.size == (GOOD / "media/pozo.svg").stat().st_size
    assert len(pozo.sha256) == 64


def test_the_outline_names_everything_and_tells_no_answers(good: Course) -> None:
    outline = good.outline()
    (unit,) = outline["units"]
    assert unit["lessons"][0]["exercises"][0] == "pozo-tapa"
    assert unit["assessment"] is not None
    assert unit["assessment"]["bank"] == ["banco-uno", "banco-dos", "banco-tres", "banco-cuatro"]
    assert "Tapado" not in repr(outline)


def test_a_course_travels_between_processes(good: Course) -> None:
    again = pickle.loads(pickle.dumps(good))  # noqa: S301 - our own bytes
    assert again == good
    assert again.lesson("el-pozo") == good.lesson("el-pozo")


def test_a_bank_has_a_new_rev_when_a_mark_could_change(good: Course) -> None:
    assessment = good.assessment("evaluacion-el-agua")
    assert assessment.rev == bank_rev(2, tuple(reversed(assessment.bank)))
    assert assessment.rev != bank_rev(3, assessment.bank)
    assert assessment.rev != bank_rev(2, assessment.bank[1:])


def test_all_faults_are_reported_at_once_and_there_is_no_course(tmp_path: Path) -> None:
    folder = sample("missing-key", tmp_path)
    (folder / "lessons/la-lluvia.md").write_text("sin datos", "utf-8")
    (folder / "banks/agua.gift").write_text("::x::¿Qué? {", "utf-8")
    loaded = load_course(folder)
    assert loaded.course is None
    assert {problem.code for problem in loaded.problems} == {"missing-key", "front-matter", "open-brace"}


def test_a_warning_does_not_keep_a_course_from_being_shown(tmp_path: Path) -> None:
    loaded = load_course(sample("unlisted-file", tmp_path))
    assert loaded.course is not None
    assert [problem.code for problem in loaded.problems] == ["unlisted-file"]
    assert "borrador" not in [lesson.id for lesson in loaded.course.lessons]


@pytest.mark.parametrize("case", ["missing-alt", "few-questions", "word-count", "unsafe-svg"])
def test_what_only_a_check_minds_does_not_keep_a_course_from_being_shown(case: str, tmp_path: Path) -> None:
    assert load_course(sample(case, tmp_path)).course is not None


@pytest.mark.parametrize(
    "text", ["", "id = 1", "units = 3", "[[units]]\nid = 3\nlessons = 'x'", "[units]", "a = ["]
)
def test_any_course_file_gives_problems_and_no_exception(text: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(text, "utf-8")
    loaded = load_course(tmp_path)
    assert loaded.course is None
    assert all(problem.file == "course.toml" for problem in loaded.problems)


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [problem.code for problem in load_course(tmp_path / "nada").problems] == ["unreadable-file"]


def test_toml_values_know_their_lines() -> None:
    text = '# uno\nid = "a"\n\n[[units]]\nlessons = [\n  "b", # con ] dentro\n  "c",\n]\n'
    text += "[units.assessment]\ndraw = 2\n"
    toml = parse_toml(text, "course.toml")
    assert toml.line("id") == 2
    assert toml.line("units", 0) == 4
    assert toml.line("units", 0, "lessons", 1) == 7
    assert toml.line("units", 0, "assessment", "draw") == 10
    assert toml.line("units", 0, "title") == 4  # what is missing is missing from its table
    assert toml.line("nada") == 1


def test_toml_that_is_not_toml_names_its_line() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_toml("a = 1\nb = \n", "x.md", first_line=2)
    assert caught.value.problem.line == 3


def test_front_matter_is_cut_where_it_ends() -> None:
    assert split_front("+++\na = 1\n+++\n\n## Uno", "x.md") == ("a = 1", "\n## Uno", 4)


def test_gift_blocks_are_cut_out_and_no_line_moves() -> None:
    body = "uno\n```gift\n::a::b {T}\n\n::c::d {F}\n```\ndos\n"
    cut = cut_gift(body, 10)
    assert cut.text.count("\n") == body.count("\n")
    assert cut.text.split("\n")[6] == "dos"
    assert [(block.line, block.text) for block in cut.blocks] == [(12, "::a::b {T}\n\n::c::d {F}")]
    assert cut_gift("```gift\nx", 5).unclosed == 5


def test_files_from_windows_are_read_alike(good: Course, tmp_path: Path) -> None:
    folder = sample("good", tmp_path)
    for file in folder.rglob("*.md"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    loaded = load_course(folder).course
    assert loaded is not None
    assert replace(loaded, folder=GOOD, media=good.media) == good


def test_the_size_of_a_picture_is_in_its_header() -> None:
    assert svg_size(b'<svg width="1" viewBox="0 0 360.4 240">') == (360, 240)
    assert png_size(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x06") == (320, 240)
    jpeg = b"\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x11\x08\0\xf0\x01\x40\x03\x01"
    assert jpeg_size(jpeg) == (320, 240)
    webp = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0"
    assert webp_size(webp) == (320, 240)
    for read in (svg_size, png_size, jpeg_size, webp_size):
        for head in (b"", b"\xff\xd8\xff", b"RIFF....WEBP", b"\x89PNG\r\n\x1a\n", b"<svg viewBox='a b c d'>"):
            assert read(head) is None


def test_a_draft_names_only_visible_files(tmp_path: Path) -> None:
    folder = sample("good", tmp_path)
    (folder / "lessons/.el-pozo.md.swp").write_text("x", "utf-8")
    assert all("/." not in file for file in read_draft(folder).files)


@pytest.mark.parametrize(("kept", "missing"), [("product", "lessons"), ("lessons", "product")])
def test_lessons_and_product_go_together(kept: str, missing: str, tmp_path: Path) -> None:
    folder = sample(FINAL.name, tmp_path)
    line = {"product": 'product = "Plan"', "lessons": 'lessons = ["el-pozo"]'}[kept]
    text = (folder / "course.toml").read_text("utf-8")
    (folder / "course.toml").write_text(text.replace('id = "final"', f'id = "final"\n{line}'), "utf-8")
    said = [problem.message for problem in load_course(folder).problems if problem.code == "missing-key"]
    assert [message.partition(":")[0] for message in said] == [f"Falta «{missing}»"]
