"""What a coach is told of many files: how many came, what is to be done first, the like together."""

from __future__ import annotations

import html
import re
import uuid

from starlette.testclient import TestClient

from lms.sync.over_file import Heading, build_progress_file
from lms.sync.told_files import File, grouped, summed_up
from lms.web.notices import Entry, Linkable, Notice, Slip
from tests.accounts.lines import identified, opened
from tests.sync.test_handed import DAY, hand

FREE = "Este avance todavía no es de nadie."
CAME = "Recibimos 1 registro nuevo."


def nobodys(name: str, *profiles: str) -> File:
    linkable = tuple(Linkable(f"Docente {one}", one) for one in profiles)
    return File(name, [Notice("part", CAME, linkable=linkable)], FREE)


def test_what_is_to_be_done_stands_first_and_the_like_together_in_the_order_that_people_count() -> None:
    files = [
        *(File(f"avance-{n}.txt", [Notice("good", "Recibimos 2 registros nuevos.")]) for n in (10, 9, 2)),
        nobodys("12.txt", "a", "b"),
        nobodys("7.txt", "c"),
        File("recibo.txt", [Notice("info", "Es un recibo.")]),
        File("avance-30.txt", [Notice("part", "Queda por confirmar.")]),
        File("cortado.txt", [Notice("bad", "El archivo está incompleto.")]),
    ]
    assert summed_up(files) == "6 archivos recibidos, 2 no."
    assert [(one.kind, one.text) for one in grouped(files)] == [
        ("bad", "1 archivo no se pudo recibir"),
        ("part", "2 archivos recibidos que todavía no son de nadie"),
        ("part", "1 archivo recibido, con algo pendiente"),
        ("info", "1 archivo no trae avance"),
        ("good", "3 archivos recibidos"),
    ]
    _, free, *_, good = grouped(files)
    assert free.advice == FREE
    [entry] = free.entries
    assert entry.words == CAME
    assert [one.where for one in entry.linkable] == [
        "7.txt: Docente c",
        "12.txt: Docente a",
        "12.txt: Docente b",
    ]
    assert good.entries == (
        Entry("avance-2.txt, avance-9.txt, avance-10.txt", "Recibimos 2 registros nuevos."),
    )


def test_what_has_a_receipt_or_a_list_of_its_own_stands_by_itself() -> None:
    slip, codes = Slip("CHASKI RECIBO 1", ""), (Entry("Línea 3", "Recibimos el avance."),)
    files = [
        File("chat.txt", [Notice("good", "1 código recibido", entries=codes)]),
        File("cerrado.txt", [Notice("good", "Llegó a «ugel».", receipt=slip)]),
    ]
    assert [(one.text, one.receipt, one.entries) for one in grouped(files)] == [
        ("cerrado.txt: Llegó a «ugel».", slip, ()),
        ("chat.txt: 1 código recibido", None, codes),
    ]
    assert summed_up(files) == "2 archivos recibidos."


def test_a_coach_with_thirty_files_reads_how_many_came_and_has_the_receipt_near_the_top(
    coach: TestClient,
) -> None:
    profiles = [str(uuid.uuid4()) for _ in range(30)]
    files = [
        build_progress_file([identified(one, f"Docente {n}", ""), opened(one)], Heading("", "", DAY))
        for n, one in enumerate(profiles)
    ]
    page = html.unescape(hand(coach, *files, b"\xff\xd8").text)
    main = re.sub("<[^>]+>|\\s+", " ", page[page.index("<main") :])
    said = (
        "30 archivos recibidos, 1 no.",
        "1 archivo no se pudo recibir",
        "31.txt:",
        "Recibo de lo que ya está aquí",
        "30 archivos recibidos que todavía no son de nadie",
        "Ver la lista",
        "1.txt: Docente 0",
        "2.txt: Docente 1",
        "30.txt: Docente 29",
    )
    assert sorted(said, key=main.index) == list(said)
    assert page.count("Si sabes de quién es, enlázalo aquí") == 1
    assert page.count('target="_blank" rel="noopener" action="/acompanante/por-revisar/enlazar"') == 30
