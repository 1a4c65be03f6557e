"""A version set beside the one published earlier: what may change freely, what may not, and what is counted."""

from pathlib import Path

import pytest
from sample_courses import FINAL, GOOD, sample

from lms.course.checks import check_courses, compare, gone_courses
from lms.course.draft import read_draft
from lms.course.edition import counterpart, differences, edition_of, published_editions
from lms.course.numbers import FILE, as_file, following, numbers_of
from lms.errors import Invalid

CHANGES = '\n[changes]\nremoved = ["pozo-viejo"]\n[changes.major]\nla-lluvia = "2.0.0"\n'


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return sample("good", tmp_path)


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def publish(folder: Path, version: str) -> None:
    edit(folder, "course.toml", 'version = "1.0.0"', f'version = "{version}"')


def codes(folder: Path, old: Path = GOOD) -> list[str]:
    return [problem.code for problem in compare(published_editions(old)[0], read_draft(folder)).problems]


def counted(folder: Path) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    new = edition_of(read_draft(folder))
    assert new is not None
    found = differences(published_editions(GOOD)[0], new)
    return dict(found.new), dict(found.changed), dict(found.removed)


def number(folder: Path) -> None:
    """As `lms number --against` what was published."""
    before, now = published_editions(GOOD)[0], edition_of(read_draft(folder))
    assert now is not None
    numbers = following(numbers_of(before.course), numbers_of(now.course))
    (folder / FILE).write_text(as_file(numbers), "utf-8")


def move_a_question(folder: Path) -> None:
    question = (
        "::lluvia-hora::Se mide siempre a la misma hora. {T#Sí se compara a la misma hora.#Así se compara.}\n"
    )
    edit(folder, "lessons/la-lluvia.md", question, "")
    edit(folder, "lessons/el-pozo.md", "::pozo-cubo::", f"{question}\n::pozo-cubo::")


def test_the_same_course_again_needs_no_new_version(course: Path) -> None:
    assert codes(course) == []
    assert counted(course) == ({}, {}, {})


def test_remarks_and_line_ends_are_no_change(course: Path) -> None:
    edit(course, "course.toml", 'id = "agua"', '# nota\n\nid = "agua"')
    edit(course, "banks/agua.gift", "::banco-uno::", "// nota\n\n::banco-uno::")
    for file in course.rglob("*.md"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert codes(course) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("course.toml", "Agua para la escuela", "El agua de la escuela"),
        ("course.toml", "pass_mark = 14", "pass_mark = 13"),
        ("course.toml", 'title = "El agua"', 'title = "Nuestra agua"'),
        ("course.toml", "draw = 2", "draw = 1"),
        ("lessons/el-pozo.md", "minutes = 30", "minutes = 35"),
        ("lessons/el-pozo.md", "Así no cae nada.", "Así no cae tierra."),
        ("banks/agua.gift", "Dos por diez.", "Dos veces diez."),
        ("media/pozo.svg", "<svg", "<svg "),
    ],
)
def test_whatever_people_receive_otherwise_needs_a_new_version(
    course: Path, file: str, old: str, new: str
) -> None:
    edit(course, file, old, new)
    assert codes(course) == ["version-kept"]
    publish(course, "1.0.1")
    assert codes(course) == []


def test_what_is_said_of_earlier_versions_needs_a_new_version_too(course: Path) -> None:
    edit(course, "course.toml", "[[units]]", '[changes]\nremoved = ["pozo-viejo"]\n[[units]]')
    assert codes(course) == ["version-kept"]


def test_lessons_may_be_put_in_another_order(course: Path) -> None:
    edit(course, "course.toml", '    "el-pozo",\n    "la-lluvia",', '    "la-lluvia",\n    "el-pozo",')
    publish(course, "1.1.0")
    assert codes(course) == ["number-moved"] * 2  # the lessons, and their questions
    number(course)
    assert codes(course) == []
    assert counted(course) == ({}, {"unit": 1}, {})


def test_a_question_may_move_to_another_lesson(course: Path) -> None:
    move_a_question(course)
    publish(course, "1.1.0")
    assert codes(course) == ["number-moved"]
    number(course)
    assert codes(course) == []
    assert counted(course) == ({}, {"lesson": 2}, {})


def test_a_lesson_goes_with_all_its_questions(course: Path) -> None:
    move_a_question(course)
    edit(course, "course.toml", '    "la-lluvia",\n', "")
    edit(course, "lessons/el-pozo.md", "la-lluvia.md#medir-la-lluvia", "#tapar-y-medir")
    publish(course, "1.1.0")
    assert codes(course) == ["gone-id"] * 4  # the lesson, and the three questions that did not move
    gone = '"la-lluvia", "lluvia-vaso", "lluvia-orden", "lluvia-pares"'
    edit(course, "course.toml", "[[units]]", f"[changes]\nremoved = [{gone}]\n[[units]]")
    number(course)
    assert codes(course) == []
    # Its file is still in the folder, where nobody sees it: its questions are not in use.
    (checked,) = check_courses([course], published_editions(GOOD))
    assert "removed-used" not in {problem.code for problem in checked.problems}


def test_new_things_are_counted_by_kind(course: Path) -> None:
    edit(
        course, "banks/agua.gift", "::banco-uno::", "::banco-cero::Se hierve. {T#Sí.#Bien.}\n\n::banco-uno::"
    )
    edit(course, "banks/agua.gift", "Hervirla.", "Hervirla bien.")
    publish(course, "1.1.0")
    assert counted(course) == ({"question": 1}, {"assessment": 1, "question": 1}, {})


def test_a_major_change_is_published_under_a_higher_first_number(course: Path) -> None:
    edit(course, "course.toml", "[[units]]", '[changes.major]\nla-lluvia = "2.0.0"\n[[units]]')
    publish(course, "2.0.1")
    assert codes(course) == []


def test_what_an_earlier_version_said_may_be_kept_for_ever(course: Path, tmp_path: Path) -> None:
    edit(course, "course.toml", "[[units]]", f"{CHANGES}[[units]]")
    publish(course, "2.0.0")
    later = sample("good", tmp_path / "later")
    edit(later, "course.toml", "[[units]]", f"{CHANGES}[[units]]")
    publish(later, "2.0.1")
    assert codes(later, course) == []


def test_a_course_with_errors_is_compared_when_they_are_gone(course: Path) -> None:
    edit(course, "lessons/el-pozo.md", "+++", "")
    compared = compare(published_editions(GOOD)[0], read_draft(course))
    assert compared.new is None
    assert compared.problems == ()


def test_what_was_published_must_be_readable_whole(course: Path) -> None:
    edit(course, "lessons/el-pozo.md", "+++", "")
    with pytest.raises(Invalid, match=r"lessons/el-pozo\.md, línea 1: .*copia completa"):
        published_editions(course)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of two published courses."""
    for name in ("agua", "aire"):
        sample("good", tmp_path / name).rename(tmp_path / f"published-{name}")
        (tmp_path / name).rmdir()
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (tmp_path / "published-agua").rename(shelf / "agua")
    (tmp_path / "published-aire").rename(shelf / "aire")
    edit(shelf / "aire", "course.toml", 'id = "agua"', 'id = "aire"')
    return shelf


def test_courses_are_matched_by_id_then_by_folder(shelf: Path, tmp_path: Path) -> None:
    olds = published_editions(shelf)

    def matched(folder: Path, *, alone: bool = True) -> str | None:
        old = counterpart(read_draft(folder), olds, alone=alone)
        return old.course.id if old else None

    other = sample("course-id", tmp_path / "other").rename(tmp_path / "otra-carpeta")
    assert matched(other) == "agua"
    edit(other, "course.toml", 'id = "agua"', 'id = "tierra"')
    assert matched(other) is None
    assert matched(other.rename(tmp_path / "aire")) == "aire"


def test_one_course_and_one_published_are_the_same_whatever_their_names(shelf: Path, tmp_path: Path) -> None:
    draft = read_draft(sample("good", tmp_path / "now").rename(tmp_path / "otra"))
    only = published_editions(shelf / "aire")
    assert counterpart(draft, only, alone=True) is only[0]
    assert counterpart(draft, only, alone=False) is None


def test_a_course_missing_from_the_whole_folder_is_told(shelf: Path, tmp_path: Path) -> None:
    now = tmp_path / "now"
    sample("good", now)
    olds = published_editions(shelf)
    (gone,) = gone_courses([now], olds, check_courses([now], olds))
    assert (gone.file, gone.code) == (str(now), "gone-course")
    assert "«aire»" in gone.message
    assert gone_courses([now / "agua"], olds, check_courses([now / "agua"], olds)) == []
    assert gone_courses([shelf], olds, check_courses([shelf], olds)) == []


def test_a_final_assessment_is_told_of_as_an_assessment_and_not_as_a_unit(tmp_path: Path) -> None:
    new = sample(FINAL.name, tmp_path / "nueva")
    assert counted(new) == ({"assessment": 1, "question": 4}, {}, {})
    edit(new, "course.toml", 'title = "Evaluación final"', 'title = "Para terminar"')
    publish(new, "1.1.0")
    old, now = published_editions(sample(FINAL.name, tmp_path / "vieja"))[0], edition_of(read_draft(new))
    assert now is not None
    assert dict(differences(old, now).changed) == {"assessment": 1}
