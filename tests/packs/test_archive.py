"""One reader of archives from outside: each attack has its sentence, and nothing is written before all is checked."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from packs.hostile import ATTACKS

from lms.errors import LmsError, TooLarge
from lms.packs import archive
from lms.packs.archive import Damaged, open_archive
from lms.packs.sources import take_sources


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_in_words_before_anything_is_written(
    pack: Path, tmp_path: Path, name: str
) -> None:
    attack, sentence = ATTACKS[name]
    pack.write_bytes(attack(pack.read_bytes()))
    tracemalloc.start()
    with pytest.raises(LmsError, match=sentence) as refused:
        _read_all(pack)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000
    assert refused.value.message.isprintable()
    assert refused.value.message.startswith(f"«{pack.name}»")
    if name == "crc":  # only that file is damaged, and it is no source
        return
    with pytest.raises(LmsError, match=sentence):
        take_sources(pack, tmp_path / "deep" / "out")
    assert not (tmp_path / "deep").exists()


def _read_all(pack: Path) -> None:
    with open_archive(pack) as opened:
        for path in opened.sizes:
            for _ in opened.chunks(path):
                pass


def test_a_pack_is_read_as_it_was_written(pack: Path) -> None:
    with zipfile.ZipFile(pack) as expected, open_archive(pack) as read:
        assert list(read.sizes) == expected.namelist()
        for path in read.sizes:
            assert b"".join(read.chunks(path)) == expected.read(path)


def test_files_larger_than_a_piece_are_read_whole(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(1_000_000)
    file = tmp_path / "grande.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("media/a.mp3", content)
        made.writestr(zipfile.ZipInfo("media/b.svg"), content, zipfile.ZIP_DEFLATED)
    with open_archive(file) as read:
        for path in read.sizes:
            assert b"".join(read.chunks(path)) == content


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_byte_changed_inside_a_file_is_damage_to_that_file(pack: Path, place: float) -> None:
    content = bytearray(pack.read_bytes())
    with zipfile.ZipFile(pack) as made:
        entry = made.getinfo("ABRIR-AQUI.html")
    content[entry.header_offset + 45 + int(entry.compress_size * place)] ^= 0x20
    pack.write_bytes(content)
    with pytest.raises(Damaged) as damaged:
        _read_all(pack)
    assert damaged.value.file == "ABRIR-AQUI.html"


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_BYTES"])
def test_what_is_too_large_for_a_course_is_said_so(
    pack: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, limit, 3)
    with pytest.raises(TooLarge), open_archive(pack):
        pass
