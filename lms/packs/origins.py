"""Where an update may come from: another server, or packs on a stick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from lms.course.versions import order as in_order
from lms.errors import Invalid, LmsError, NotFound
from lms.packs.archive import Damaged
from lms.packs.contents import Contents, checked, open_contents
from lms.packs.gathered import Pieces, from_file
from lms.packs.manifest import DIFFERENCE, LONGEST, MANIFEST, SIGNATURES, Listed, Manifest, read_manifest
from lms.packs.names import shown
from lms.packs.papers import LONGEST_SIGNATURES, Papers, papers_of
from lms.packs.sources import SMALL, is_text
from lms.packs.spool import Altered, Spool, spool_in
from lms.remote import Lost, Remote

LIST = "cursos.json"
_LONGEST_LIST = 2_000_000
_PLACES = ("*.zip", "*/*.zip", MANIFEST, f"*/{MANIFEST}", f"*/*/{MANIFEST}", f"*/*/*/{MANIFEST}")
"""Where a stick has packs: lying about, extracted, or in a bundle, itself in a folder or not."""


class Order(Protocol):
    """What an update asks of an origin."""

    @property
    def courses(self) -> Path:
        """The folder of the courses that are here."""

    @property
    def course_id(self) -> str:
        """The course that is renewed."""

    @property
    def lacking(self) -> Mapping[str, Listed]:
        """The files that are not here, by hash."""

    @property
    def films(self) -> Mapping[str, Listed]:
        """The films that are wanted and not here, by hash; what an origin has not got is done without."""

    def begin(self, files: Iterable[Listed]) -> None:
        """Hear which files must come."""

    def came(self, size: int) -> None:
        """Hear of bytes that came."""


class Origin(Protocol):
    """A place with newer courses."""

    @property
    def name(self) -> str:
        """What to call it before people."""

    @property
    def received(self) -> int:
        """How many bytes came from it."""

    def course_ids(self) -> list[str]:
        """Name the courses that can be had."""

    def papers(self, course_id: str, known: Papers | None) -> Papers:
        """Return a course's papers; NotFound when it has no such course."""

    def bringing(self, order: Order) -> AbstractContextManager[Mapping[str, Pieces]]:
        """Give, while it lasts, a way to read each file that is lacking, and each film there is, by hash."""


class _Named(msgspec.Struct, frozen=True):
    id: str


class _List(msgspec.Struct, frozen=True):
    format: str
    courses: tuple[_Named, ...]


FOLDER = "paquetes"
"""Where a server offers its courses."""


class Server:
    """Another Chaski server; what it sent waits on the disk until all of it is here."""

    def __init__(self, remote: Remote) -> None:
        self.name = remote.host
        self._remote = remote

    @property
    def received(self) -> int:
        """Bytes over the wire, papers included, headers not."""
        return self._remote.received

    def course_ids(self) -> list[str]:
        """Name the courses that the server lists."""
        content = self._small(LIST, _LONGEST_LIST)
        try:
            read = msgspec.json.decode(content or b"", type=_List)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise NotFound(
                f"En «{self.name}» no hay un sitio de Chaski que dé cursos, o es anterior. Revisa la dirección."
            ) from None
        return [course.id for course in read.courses]

    def papers(self, course_id: str, known: Papers | None) -> Papers:
        """Ask for a course's papers; those that are here already do not travel again."""
        manifest = self._small(f"{course_id}/{MANIFEST}", LONGEST, known.manifest if known else None)
        if manifest is None:
            raise NotFound(f"«{self.name}» no tiene el curso «{course_id}». Revisa su nombre corto.")
        return Papers(manifest, self._small(f"{course_id}/{SIGNATURES}", LONGEST_SIGNATURES))

    @contextmanager
    def bringing(self, order: Order) -> Iterator[Mapping[str, Pieces]]:
        """Fetch what lacks; after a cut only the rest."""
        with spool_in(order.courses, order.course_id) as spool:
            spool.keep_only([*order.lacking.values(), *order.films.values()])
            films = {sha: one for sha, one in order.films.items() if spool.has(one) or self._has(order, one)}
            wanted = {**order.lacking, **films}
            files = [listed for listed in wanted.values() if not spool.has(listed)]
            order.begin(files)
            for listed in files:
                self._bring(order, listed, spool)
            yield {sha: from_file(one, spool.file(one))[1] for sha, one in wanted.items()}
            spool.empty()

    def _has(self, order: Order, film: Listed) -> bool:
        asked = partial(self._remote.has, _address(order, film))
        return film.size > 0 and self._remote.patiently(asked)

    def _small(self, path: str, most: int, known: bytes | None = None) -> bytes | None:
        return self._remote.patiently(partial(self._remote.small, f"{FOLDER}/{path}", most, known))

    def _bring(self, order: Order, listed: Listed, spool: Spool) -> None:
        resumed = spool.begun(listed)
        order.came(resumed)
        fetch, kept = partial(self._fetch, order, listed, spool), partial(spool.begun, listed)
        try:
            self._remote.patiently(fetch, kept)
        except Altered:
            if not resumed:
                raise
            self._remote.patiently(fetch, kept)  # its beginning was of another time, and is gone now

    def _fetch(self, order: Order, listed: Listed, spool: Spool) -> None:
        path = _address(order, listed)
        start = spool.begun(listed)
        if is_text(listed.path) and listed.size <= SMALL and not start:
            content = self._remote.small(path, listed.size)
            if content is None:
                raise self._gone(listed)
            _receive(order, spool, listed, 0, [content])
            if not spool.has(listed):
                raise Altered(f"{shown(listed.path)} no llegó entero. Repite la orden.")
            return
        with self._remote.opened(path, start) as found:
            if found is None:
                raise self._gone(listed)
            given, pieces = found
            _receive(order, spool, listed, given, pieces)
        if not spool.has(listed):
            raise Lost(
                f"«{self.name}» dejó de enviar {shown(listed.path)}. Repite la orden y sigue desde ahí."
            )

    def _gone(self, listed: Listed) -> NotFound:
        return NotFound(
            f"«{self.name}» ya no da {shown(listed.path)}: su curso cambió mientras tanto. Repite la orden."
        )


def _address(order: Order, listed: Listed) -> str:
    return f"{FOLDER}/{order.course_id}/blobs/{listed.sha256}"


def _receive(order: Order, spool: Spool, listed: Listed, start: int, pieces: Iterable[bytes]) -> None:
    for size in spool.receive(listed, start, pieces):
        order.came(size)


class Stick:
    """Packs in a folder, or one pack; of each course the newest, with whatever the others have of its files.

    Films may lie in an extracted pack or in a zip of films.
    """

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.name = path.name or str(path)
        self.received = 0
        self._packs: dict[str, list[tuple[Manifest, Contents]]] = {}
        self._media: list[Contents] = []
        for pack in _packs_in(path):
            try:
                self._take(pack, stack)
            except LmsError:  # among much else on a stick
                if pack == path:
                    raise
        for found in self._packs.values():
            found.sort(key=_rank, reverse=True)

    def _take(self, pack: Path, stack: ExitStack) -> None:
        """Keep open, on `stack`, what an update may need: there may be more zips than a process can have open."""
        with ExitStack() as opened:
            contents = opened.enter_context(open_contents(pack))
            if any(path.startswith("media/") for path in contents.sizes):
                self._media.append(contents)
                stack.enter_context(opened.pop_all())
            manifest = read_manifest(papers_of(contents).manifest, contents.name)
            self._packs.setdefault(manifest.course.id, []).append((manifest, contents))
            stack.enter_context(opened.pop_all())

    def course_ids(self) -> list[str]:
        """Name the courses that there are packs of."""
        return list(self._packs)

    def papers(self, course_id: str, known: Papers | None) -> Papers:
        """Return the papers of the newest pack."""
        return papers_of(self._newest(course_id)[1])

    @contextmanager
    def bringing(self, order: Order) -> Iterator[Mapping[str, Pieces]]:
        """Read what lacks from the packs."""
        places = {
            listed.sha256: partial(self._heard, contents, listed.path, order)
            for manifest, contents in reversed(self._packs[order.course_id])
            for listed in manifest.files
            if listed.path in contents.sizes
        }
        absent = next((one for sha, one in order.lacking.items() if sha not in places), None)
        if absent:
            manifest, contents = self._newest(order.course_id)
            whole = "Usa el paquete entero." if DIFFERENCE in contents.sizes else "Cópialo de nuevo."
            raise Invalid(
                f"Ni en este equipo ni en «{self.name}» está {shown(absent.path)}, que lleva la versión "
                f"{manifest.course.version} de «{manifest.course.title}». {whole}"
            )
        films = dict(self._films(order))
        order.begin([*order.lacking.values(), *(order.films[sha] for sha in films)])
        yield {sha: places[sha] for sha in order.lacking} | films

    def _films(self, order: Order) -> Iterator[tuple[str, Pieces]]:
        """Find the wanted films wherever they lie; one that is another than its name says is none of them."""
        for sha, film in order.films.items():
            for contents in self._media:
                if _holds(contents, film):
                    yield sha, partial(self._heard, contents, film.path, order)
                    break

    def _heard(self, contents: Contents, path: str, order: Order) -> Iterator[bytes]:
        for piece in contents.chunks(path):
            self.received += len(piece)
            order.came(len(piece))
            yield piece

    def _newest(self, course_id: str) -> tuple[Manifest, Contents]:
        if course_id not in self._packs:
            raise NotFound(
                f"En «{self.name}» no hay un paquete del curso «{course_id}». Revisa su nombre corto."
            )
        return self._packs[course_id][0]


def _holds(contents: Contents, film: Listed) -> bool:
    if contents.sizes.get(film.path) != film.size:
        return False
    with suppress(Damaged):
        for _ in checked(contents, film):
            pass
        return True
    return False


def _rank(found: tuple[Manifest, Contents]) -> tuple[tuple[int, ...], bool]:
    """Newer ones last; of one version, signed ones."""
    manifest, contents = found
    return in_order(manifest.course.version), SIGNATURES in contents.sizes


def _packs_in(path: Path) -> list[Path]:
    if not path.is_dir() or (path / MANIFEST).is_file():
        return [path]
    found = (file for place in _PLACES for file in sorted(path.glob(place)))
    return [file.parent if file.name == MANIFEST else file for file in found]
