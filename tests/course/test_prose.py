"""What is running text in a lesson, and where its sentences end."""

from __future__ import annotations

from lms.course.prose import count_words, paragraphs
from lms.course.source import cut_gift

LESSON = """## Situación
Nélida mira el pozo.
¿Está turbio? Sí.

![Un pozo. Con tapa.](../media/pozo.svg "El pozo.")

!!! cuidado "Nunca solo"
    Nadie baja al **pozo**.

    - ni de día

    Avisa *siempre* a tu [directora](directora.md#avisar).

1. Uno. Dos.
lo que sigue al paso

    Y lo que cuelga de él.

| Mes | Litros |
|---|--:|

Turbia
: Que no deja ver.

Antes de las preguntas.
```gift
::uno::¿Qué? {=Esto. Sí.#No.}
```
> Lo que dijo.

## Imprimible: Hoja
No se lee en la pantalla.
"""


def read(text: str) -> list[tuple[int, list[str]]]:
    """Each paragraph's line and sentences."""
    found = paragraphs(cut_gift(text).text)
    return [(one.line, [sentence.text for sentence in one.sentences()]) for one in found]


def sentences(text: str) -> list[str]:
    return [sentence for _, found in read(text) for sentence in found]


def test_running_text_is_paragraphs_boxes_and_quotes() -> None:
    assert read(LESSON) == [
        (2, ["Nélida mira el pozo.", "¿Está turbio?", "Sí."]),
        (8, ["Nadie baja al pozo."]),
        (12, ["Avisa siempre a tu directora."]),
        (25, ["Antes de las preguntas."]),
        (29, ["Lo que dijo."]),
    ]


def test_a_sentence_has_the_line_where_it_begins() -> None:
    (paragraph,) = paragraphs("Uno y\ndos. Tres\ny cuatro.\nCinco.", 10)

    assert [(one.text, one.line) for one in paragraph.sentences()] == [
        ("Uno y dos.", 10),
        ("Tres y cuatro.", 11),
        ("Cinco.", 13),
    ]


def test_a_sentence_does_not_end_at_what_is_shortened_or_quoted() -> None:
    assert sentences("El Sr. Quispe, de 5.° grado, llegó. Trajo 3.5 kg.") == [
        "El Sr. Quispe, de 5.° grado, llegó.",
        "Trajo 3.5 kg.",
    ]
    assert sentences("«¿Quién vino?», preguntó Ada.") == ["«¿Quién vino?», preguntó Ada."]
    assert sentences("Pulsa la P. «Ya está». Sigue… Y para.") == [
        "Pulsa la P.",
        "«Ya está».",
        "Sigue…",
        "Y para.",
    ]


def test_words_are_counted_as_a_reader_would() -> None:
    assert count_words("Trae 3.5 kg de maíz teórico-práctico, ¡ya!") == 7
