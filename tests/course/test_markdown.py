"""Markdown becomes the article's own HTML, whatever an author writes."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.links import leads_out, lesson_target, links, media_path
from lms.course.markdown import render
from lms.course.model import Media
from lms.course.pages import without
from lms.course.sanitise import sanitise
from lms.course.tangle import tangled_line

POZO = Media("media/pozo.svg", 100, "0" * 64, 40, 30, Path("media/pozo.svg"))
VOZ = Media("media/voz.mp3", 480_000, "0" * 64, None, None, Path("media/voz.mp3"))
MEDIA = {media.path: media for media in (POZO, VOZ)}


def html(text: str) -> str:
    return render(text, "agua", MEDIA)


def test_a_picture_alone_is_a_figure_with_its_size() -> None:
    assert html('![Un pozo.](../media/pozo.svg "El pozo")') == (
        '<figure><img alt="Un pozo." decoding="async" height="30" loading="lazy" '
        'src="media/pozo.svg" width="40">'
        "<figcaption>El pozo</figcaption></figure>"
    )


def test_a_sound_says_how_long_it_is_and_its_words_stand_below_it() -> None:
    long = Media("media/voz.mp3", 1_234_567, "0" * 64, None, None, Path("media/voz.mp3"), 185.4)
    text = '![Escucha: el río](../media/voz.mp3)\n\n!!! texto "Lo que se oye"\n    Corre el agua.'
    written = render(text, "agua", {long.path: long})
    assert "<figcaption>Escucha: el río (3 min 5 s, 1,2 MB)</figcaption>" in written
    assert '<div class="admonition texto" role="note">' in written
    assert "Corre el agua." in written


@pytest.mark.parametrize("tag", ["audio", "video"])
def test_a_sentence_takes_the_place_of_a_sound_or_film_that_is_not_there(tag: str) -> None:
    path = "media/voz.mp3" if tag == "audio" else "media/clase.mp4"
    figure = html(f"![Escucha «esto» & más](../{path})")
    assert f"<{tag} " in figure
    assert without(figure, lambda asked: f"Falta <{asked}>.").startswith(
        f'<figure><p class="apart">Falta &lt;{path}&gt;.</p><figcaption>'
    )
    assert without(figure, lambda _: None) == figure


def test_a_list_of_boxes_to_tick_has_no_bullets_and_any_other_keeps_them() -> None:
    assert html("- ☐ Medí hoy\n- ☐ **Anoté** la hora").startswith('<ul class="boxes">\n<li>☐ Medí')
    assert html("- ☐ Medí hoy\n\n- ☐ Anoté la hora").startswith('<ul class="boxes">')
    assert html("- ☐ Medí hoy\n- Anoté la hora").startswith("<ul>")
    assert html("1. ☐ Medí hoy\n2. ☐ Anoté la hora").startswith("<ol>")
    assert html('- uno\n{: class="boxes" }').startswith("<ul>")


def test_a_picture_within_a_line_stays_there() -> None:
    assert html("Mira ![un pozo](../media/pozo.svg) aquí.").startswith("<p>Mira <img ")


def test_a_sound_is_a_player_that_says_what_it_weighs_and_fetches_nothing() -> None:
    found = html('![Escucha a Nélida](../media/voz.mp3 "Escucha a Nélida")')
    assert '<audio aria-label="Escucha a Nélida" controls="" preload="none" src="media/voz.mp3">' in found
    assert "<figcaption>Escucha a Nélida (480 KB)</figcaption>" in found


def test_parts_are_sections_with_their_class_and_anchor() -> None:
    found = html("antes\n\n## Situación\n\nuno\n\n## Imprimible: Ficha\n\ndos\n\n## Otra cosa\n\ntres")
    assert found.startswith("<p>antes</p>")
    assert '<section class="part situation" id="agua--situacion">' in found
    assert '<section class="part printable" id="agua--imprimible">' in found
    assert '<section class="part" id="agua--otra-cosa">' in found
    assert "<h2>Imprimible: Ficha</h2>" in found


def test_anchors_carry_the_lesson_and_are_never_taken_twice() -> None:
    found = render(
        "### ¿Dónde va el panel?\n\n### ¿Dónde va el panel?\n\n### Título\n\n### pozo tapa",
        "agua",
        {},
        {"pozo-tapa"},
    )
    anchors = re.findall('id="([^"]+)"', found)
    assert anchors[0] == "agua--donde-va-el-panel"
    assert len(set(anchors)) == 4
    assert not {"agua--titulo", "agua--pozo-tapa"} & set(anchors)


def test_links_are_prepared_for_whoever_shows_the_lesson() -> None:
    assert 'href="otra.md"' in html("[x](otra.md)")
    assert 'href="otra.md"' in html("[x](../lessons/otra.md)")
    assert 'href="otra.md#otra--un-titulo"' in html("[x](otra.md#un-titulo)")
    assert 'href="#agua--un-titulo"' in html("[x](#un-titulo)")
    assert 'href="https://example.org/"' in html("[x](https://example.org/)")


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "//example.org", "../../etc/passwd", "data:text/html,x", "x.html"]
)
def test_a_link_that_leads_nowhere_good_is_only_text(target: str) -> None:
    assert html(f"[x]({target})") == "<p><a>x</a></p>"


def test_columns_are_aligned_by_class_and_tables_scroll_alone() -> None:
    found = html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<div aria-label="Tabla" class="table" role="group" tabindex="0"><table>' in found
    assert '<th class="right" scope="col">b</th>' in found
    assert "style" not in found


def test_notes_keep_their_kind() -> None:
    assert '<div class="admonition cuidado" role="note">' in html('!!! cuidado "Ojo"\n    No fuerces.')


def test_writing_lines_are_not_emphasis_and_not_headings() -> None:
    assert html("Escuela: ______ Año: ____\n----------") == "<p>Escuela: ______ Año: ____</p>\n<hr>"


def test_html_by_hand_is_shown_and_does_nothing() -> None:
    assert html("uno <b onclick=x>dos</b>") == "<p>uno &lt;b onclick=x&gt;dos&lt;/b&gt;</p>"
    assert "<script" not in html("<script>alert(1)</script>")


def test_an_author_s_attributes_are_limited() -> None:
    found = html('uno\n{: #mio .admonition onclick="x" style="color:red" }')
    assert found == '<p class="" id="agua--mio">uno</p>'


@pytest.mark.parametrize(
    "evil",
    [
        '<img src="x" onerror="alert(1)">',
        '<a href="java&#115;cript:alert(1)">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://example.org"></iframe>',
        '<form action="/salir"><input name="a"></form>',
        '<p style="background:url(https://example.org)" class="exercise">x</p>',
        "<style>p{}</style>",
        '<section class="part lesson" id="A B" onclick="x">x</section>',
    ],
)
def test_the_sanitiser_has_the_last_word(evil: str) -> None:
    found = sanitise(evil)
    assert not re.search(r"script|style|on\w+=|<form|<iframe|<svg|example\.org|exercise|lesson|A B", found)


def test_links_and_pictures_are_found_with_their_lines() -> None:
    found = list(links('uno\n![un *pozo*](../media/pozo.svg "T") y [dos](x.md#y)\n`[no](z.md)`', 10))
    assert [(link.picture, link.text, link.target, link.title, link.line) for link in found] == [
        (True, "un *pozo*", "../media/pozo.svg", "T", 11),
        (False, "dos", "x.md#y", "", 11),
    ]
    assert media_path("../media/../x.svg") == ""
    assert media_path("https://example.org/media/x.svg") == ""
    assert lesson_target("x.md#y") == ("x", "y")
    assert not leads_out("javascript:x")


@pytest.mark.parametrize(
    "tangled",
    [
        "[" * 20_000,
        "<a" * 10_000,
        "![" * 5_000,
        "- " * 300 + "a",
        "> " * 300 + "a",
        "1. " * 300,
        "a " * 20_000,
        "\n".join("    " * level + "- a" for level in range(300)),
        "**a *b " * 500,
        "`" * 5_000,
        "#" * 5_000,
    ],
)
def test_tangled_text_is_refused_at_once(tangled: str) -> None:
    begun = time.process_time()
    assert tangled_line("uno\n\n" + tangled, 7) >= 9
    assert time.process_time() - begun < 1


def test_real_printables_are_not_tangled() -> None:
    assert (
        tangled_line(
            "| a | b |\n|---|---|\n" + "| " + "_" * 40 + " | ☐ |\n" * 60 + "-" * 70 + "\n" + "=" * 70
        )
        == 0
    )


@given(
    st.lists(
        st.sampled_from(
            [*"[]()!*_`<>#|:-+{}=~\\\n \t&;.1a\"'", "\n\n", "    ", "!!! nota\n    ", "ñ", "\ue000"]
        ),
        max_size=120,
    )
)
def test_whatever_an_author_types_is_rendered_clean_or_refused(pieces: list[str]) -> None:
    text = "".join(pieces)
    if tangled_line(text):
        return
    found = html(text)
    assert sanitise(found) == found
    assert all(anchor.startswith("agua--") for anchor in re.findall(r'<[^>]* id="([^"]*)"', found))
