"""The progress file: reproducible, read back whole, and refused with the right sentence when it is not."""

from __future__ import annotations

import json
import subprocess
from datetime import date

import pytest
from cast import ROOT
from events_cast import Tablet
from hypothesis import given
from hypothesis import strategies as st

from lms.course.model import Course
from lms.errors import Invalid, LmsError, TooLarge
from lms.sync import over_file
from lms.sync.over_file import Heading, build_progress_file, parse_progress_file

HEADING = Heading("Nélida", "Alfabetización Digital", date(2026, 11, 23))
LINES = [b'{"one":1}', '{"two":"Ñandú ʼ"}'.encode()]
FILE = build_progress_file(LINES, HEADING)


def refusal(data: bytes) -> str:
    with pytest.raises(LmsError) as refused:
        parse_progress_file(data)
    return refused.value.message


def test_a_file_looks_like_this() -> None:
    assert FILE.decode().splitlines()[:5] == [
        "CHASKI AVANCE 1",
        "# Avance de Nélida · Alfabetización Digital · 23 nov 2026 · 2 registros",
        "# No cambies este archivo. Súbelo en «Mi avance», o entrégalo a tu acompañante.",
        '{"one":1}',
        '{"two":"Ñandú ʼ"}',
    ]
    assert FILE.decode().splitlines()[5].startswith("SHA256 ")


def test_the_same_lines_give_the_same_bytes_and_are_read_back() -> None:
    assert build_progress_file(LINES, HEADING) == FILE
    assert parse_progress_file(FILE) == tuple(LINES)


def test_a_heading_leaves_out_what_it_does_not_know_and_stays_one_line() -> None:
    data = build_progress_file(LINES[:1], Heading("Ana\nSHA256", "", date(2026, 9, 1)))

    assert data.decode().splitlines()[1] == "# Avance de Ana SHA256 · 1 set 2026 · 1 registro"
    assert parse_progress_file(data) == tuple(LINES[:1])


@pytest.mark.parametrize("data", [b"", b" \r\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(data: bytes) -> None:
    assert refusal(data) == over_file.EMPTY


@pytest.mark.parametrize("data", [b"hola", b"%PDF-1.7 \x00\xff", b"PK\x03\x04", b"<html>", b"CHASKI AVANCES"])
def test_another_kind_of_file(data: bytes) -> None:
    assert refusal(data) == over_file.OTHER_KIND


def test_a_file_from_a_newer_version() -> None:
    assert refusal(FILE.replace(b"AVANCE 1", b"AVANCE 2", 1)) == over_file.NEWER


def test_a_file_saved_by_a_word_processor() -> None:
    assert refusal(FILE.decode().encode("utf-16")) == over_file.RECODED


def test_a_file_that_is_too_large() -> None:
    with pytest.raises(TooLarge, match="8 MB"):
        parse_progress_file(b"x" * (over_file.MAX_FILE + 1))
    with pytest.raises(TooLarge, match="8 MB"):
        build_progress_file([b"x" * over_file.MAX_FILE], HEADING)


def test_a_file_of_more_lines_than_events_have_room_in_one_costs_nobody_a_look_at_each() -> None:
    most = over_file.MAX_LINES - 4
    assert len(parse_progress_file(build_progress_file([b"xx"] * most, HEADING))) == most
    with pytest.raises(TooLarge, match="40 000"):
        parse_progress_file(build_progress_file([b"xx"] * (most + 1), HEADING))
    with pytest.raises(TooLarge, match="40 000"):
        parse_progress_file(build_progress_file([b""] * over_file.MAX_LINES, HEADING))


def test_short_lines_are_parted_so_that_every_receiver_takes_each_file() -> None:
    parts = over_file.in_files([b"x"] * (over_file.MAX_LINES + 10), HEADING)
    assert [len(parse_progress_file(build_progress_file(part, HEADING))) for part in parts] == [39_996, 14]


@pytest.mark.parametrize("length", range(1, len(FILE) - 1))
def test_a_file_cut_short_anywhere(length: int) -> None:
    assert refusal(FILE[:length]) == over_file.CUT


@given(st.integers(0, len(FILE) - 2), st.integers(0, 255))
def test_one_altered_byte_is_refused(place: int, byte: int) -> None:
    altered = FILE[:place] + bytes([byte]) + FILE[place + 1 :]
    if altered != FILE:
        refusal(altered)


def test_an_altered_event_has_its_own_sentence() -> None:
    assert refusal(FILE.replace(b'"one":1', b'"one":9')) == over_file.ALTERED


@pytest.mark.parametrize(
    "carried",
    [FILE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + FILE, FILE + b"\r\n\r\n", FILE.rstrip()],
    ids=["line ends", "a mark at the start", "blank lines after it", "no last line end"],
)
def test_what_mail_and_editors_do_around_the_lines_changes_nothing(carried: bytes) -> None:
    assert parse_progress_file(carried) == tuple(LINES)


@pytest.mark.parametrize(
    "carried", [FILE.replace(b"\n", b"\r"), FILE.replace(b"\n", b"\r\r\n"), FILE.replace(b"}\n", b"}\r", 1)]
)
def test_line_ends_changed_past_mending_have_their_own_sentence(carried: bytes) -> None:
    assert refusal(carried) == over_file.LINE_ENDS


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    with pytest.raises(Invalid):
        parse_progress_file(b"CHASKI AVANCE 1\n" + data)


def test_the_browser_writes_and_reads_the_same_file(small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.identifies("Nélida"), tablet.opens(), tablet.answers("palabra", "Ñandú")]
    program = """
const path = require("path"), fs = require("fs");
for (const name of ["sha256", "carrier"]) require(path.resolve("lms/static/js/" + name + ".js"));
const given = JSON.parse(fs.readFileSync(0, "utf8"));
const about = { name: "Nélida", course: "Alfabetización Digital", date: new Date(2026, 10, 23) };
const file = lms.carrier.build(given.lines, about);
process.stdout.write(JSON.stringify({ file: file, read: lms.carrier.parse(given.file) }));
"""
    ours = build_progress_file(lines, HEADING)
    given_lines = [line.decode() for line in lines]
    done = subprocess.run(
        ["node", "-e", program],
        input=json.dumps({"lines": given_lines, "file": ours.decode()}).encode(),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    theirs = json.loads(done.stdout)

    assert theirs["file"].encode() == ours
    assert theirs["read"] == given_lines
