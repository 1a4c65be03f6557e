"""Which words of a course nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import ROOT
from click.testing import CliRunner
from sample_courses import GOOD, sample

from lms.commands import check
from lms.course.analysis import fold, plain
from lms.course.checks.spelling import Spelling
from lms.course.draft import read_draft
from lms.course.spelling import Dictionary, OwnWords, words
from lms.errors import Invalid

DICTIONARY = Path(__file__).parent / "dictionary" / "es.dic"
LIST = ROOT / "content" / "words.txt"


def said(folder: Path) -> set[str]:
    return {word.text for word in words(read_draft(folder))}


@pytest.fixture
def dictionary() -> Dictionary:
    """A tiny dictionary: the words of the good sample, and a few verbs."""
    return Dictionary(DICTIONARY)


def test_every_text_that_people_read_is_looked_at() -> None:
    found = said(GOOD)

    assert {"Saneamiento", "Administradora", "helada"} <= found  # the glossary
    assert {"Agua", "Docentes", "Evaluación"} <= found  # the course's data
    assert {"Cuidar", "Nélida", "Enero", "Cartel"} <= found  # a lesson: its data, text, table and sheet
    assert {"balde", "Hervirla", "turbia"} <= found  # questions, of a lesson and of a bank
    assert not {"mbdd", "ciclo-iii", "svg", "gift", "VERTICAL", "banco", "media", "sucio"} & found


def test_names_of_files_addresses_and_foreign_words_are_not_read(tmp_path: Path) -> None:
    folder = sample("good", tmp_path)
    lesson = folder / "lessons/la-lluvia.md"
    text = "Abre `kaska.pdf`, guia.docx o www.xyz.pe/kuska, con *yaku*{lang=quz}, pʼunchay y 3G. Ve a [él](el-pozo.md)."
    lesson.write_text(lesson.read_text("utf-8").replace("Wilder mira la nube.", text), "utf-8")

    assert not {"kaska", "guia", "xyz", "kuska", "yaku", "el-pozo", "quz"} & said(folder)
    assert {"Abre", "p'unchay", "él"} <= said(folder)


def test_a_verb_is_known_with_its_pronouns_and_its_tilde(dictionary: Dictionary) -> None:
    assert all(map(dictionary.knows, ("copia", "cópialo", "Cópiasela", "abrirlo", "abrírselo")))
    assert not any(map(dictionary.knows, ("copialo", "abrirselo", "kópialo", "cópia")))


def test_a_listed_word_is_known_everywhere_or_only_where_it_is_misspelt_on_purpose(tmp_path: Path) -> None:
    own = OwnWords(read_draft(sample("spelling", tmp_path)))

    assert own.know("Nélida", "lessons/la-lluvia.md")
    assert own.know("AVER", "lessons/el-pozo.md")
    assert not own.know("aver", "banks/agua.gift")


def test_a_list_that_cannot_be_read_is_a_problem_with_its_line(
    tmp_path: Path, dictionary: Dictionary
) -> None:
    folder = sample("good", tmp_path)
    (folder / "words.txt").write_bytes("Nélida\nañu\n".encode("latin-1"))
    (problem,) = Spelling(dictionary)(read_draft(folder))

    assert (problem.file, problem.line, problem.code) == ("words.txt", 1, "not-utf8")


def test_the_projects_list_is_in_order_and_says_nothing_twice() -> None:
    listed = [line.split()[0] for line in LIST.read_text("utf-8").splitlines() if line[0] != "#"]

    assert listed == sorted(set(listed), key=lambda word: (plain(fold(word)), word))


def test_who_has_no_dictionary_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DICTIONARY", "/none/es.dic")
    refused = CliRunner().invoke(check, ["--spelling", str(GOOD)]).exception

    assert isinstance(refused, Invalid)
    assert "hunspell-es" in refused.message


def test_the_command_checks_spelling_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DICTIONARY", str(DICTIONARY))
    folder = str(sample("spelling", tmp_path))

    assert "«turvia»" in CliRunner().invoke(check, ["--spelling", folder]).output
    assert "«turvia»" not in CliRunner().invoke(check, [folder]).output
