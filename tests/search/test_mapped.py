"""The mapped index gives whoosh what its own files give, without copying itself into memory."""

import tracemalloc
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from lms.search.index import Index
from lms.search.mapped import MappedStorage
from lms.search.service import prepare


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a finished index lies."""
    return prepare(tmp_path_factory.mktemp("mapped") / "search", [course])


def test_every_word_and_every_passage_is_as_whoosh_itself_reads_it(folder: Path) -> None:
    ours, theirs = (
        storage.open_index().reader()
        for storage in (MappedStorage(folder), FileStorage(str(folder), readonly=True))
    )
    assert [*ours.all_terms()] == [*theirs.all_terms()]
    for field, term in ours.all_terms():
        one, other = ours.postings(field, term), theirs.postings(field, term)
        assert [*one.all_ids()] == [*other.all_ids()]
        assert ours.postings(field, term).value() == theirs.postings(field, term).value()
    assert [*ours.all_stored_fields()] == [*theirs.all_stored_fields()]
    ours.close()
    theirs.close()


def test_opening_takes_no_memory_for_what_is_only_read(folder: Path) -> None:
    size = sum(file.stat().st_size for file in folder.iterdir())
    tracemalloc.start()
    index = Index(folder)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    index.close()
    assert taken < size / 10
