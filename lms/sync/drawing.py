"""QR codes on pages."""

MOST_LETTERS = 1200
"""More make a picture that no camera reads, and an address is as long as whoever asks for a page says that it is."""

READ_BY_ALL = 483
"""Capitals and digits in version 13: the largest that an old phone reads from a screen."""


def drawn(text: str, most: int = MOST_LETTERS, *, wide: bool = False) -> str:
    """A text as a QR code in SVG, as wide as the page if `wide`; empty if it has more letters than `most`."""
    import segno  # only pages with a code draw one

    if len(text) > most:
        return ""
    code = segno.make(text, error="m", micro=False)
    # With the white around it that a camera needs.
    return str(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=wide))
