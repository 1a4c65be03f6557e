"""A server that lies, breaks or was never one: each with its sentence, the course as it was, nothing else written."""

from __future__ import annotations

import gzip
import json
import ssl
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import free_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from packs.conftest import Publisher, School
from packs.network import Liar
from packs.renewing import folder_of, remote, renew, renew_from, with_film
from packs.test_install import put_in, version

from lms.errors import Invalid, LmsError, NotFound, TooLarge, Unavailable
from lms.packs import origins
from lms.packs.contents import open_contents
from lms.packs.manifest import encode, read_manifest
from lms.packs.papers import papers_of
from lms.packs.signing import new_signer, signatures
from lms.packs.spool import ROOM
from lms.remote import Remote

MANIFEST, SIGNATURE = "/paquetes/agua/manifest.json", "/paquetes/agua/manifest.sig"


@pytest.fixture
def liar(school: School, publisher: Publisher) -> Iterator[Liar]:
    """A plain web server with 1.1.0, for a school that has 1.0.0."""
    put_in(school, publisher.pack())
    made = Liar(published(with_film(publisher)))
    yield made
    made.close()
    assert {path.name for path in school.courses.parent.iterdir()} <= {
        "courses",
        "data",
        "published",
        "packs",
    }


def published(pack: Path) -> dict[str, bytes]:
    """The files of a web server that gives what a pack has."""
    with open_contents(pack) as contents:
        papers = papers_of(contents)
        files = {f"/paquetes/agua/{name}": content for name, content in papers.files.items()}
        for listed in read_manifest(papers.manifest, pack.name).files:
            files[f"/paquetes/agua/blobs/{listed.sha256}"] = b"".join(contents.chunks(listed.path))
    courses = [{"id": "agua", "version": "1.1.0", "title": "Agua"}]
    files["/paquetes/cursos.json"] = json.dumps({"format": "chaski-courses", "courses": courses}).encode()
    return files


def blob(liar: Liar, path: str) -> str:
    """The address of a listed file."""
    files = json.loads(liar.files[MANIFEST])["files"]
    return next(f"/paquetes/agua/blobs/{file['sha256']}" for file in files if file["path"] == path)


FILM, LESSON = "media/clase.mp3", "source/lessons/el-pozo.md"


def test_a_plain_web_server_will_do(school: School, liar: Liar) -> None:
    assert remote_courses(liar) == ["agua"]
    renew_from(liar.url, school)
    assert version(school.courses / "agua") == "1.1.0"


def remote_courses(liar: Liar) -> list[str]:
    there = remote(liar.url)
    try:
        return origins.Server(there).course_ids()
    finally:
        there.close()


def refused(school: School, liar: Liar, error: type[LmsError], words: str) -> None:
    """The update stops with these words, and nothing of the course changed."""
    before = folder_of(school.courses / "agua")
    with pytest.raises(error, match=words):
        renew_from(liar.url, school)
    assert folder_of(school.courses / "agua") == before
    kept = [path for path in school.courses.rglob("*") if ROOM in path.parts and path.is_file()]
    assert sum(path.stat().st_size for path in kept) <= 1_010_000, "no more than is listed"


@pytest.mark.parametrize("path", [FILM, LESSON])
def test_an_altered_file_is_named(school: School, liar: Liar, path: str) -> None:
    address = blob(liar, path)
    content = bytearray(liar.files[address])
    content[len(content) // 2] ^= 1
    liar.files[address] = bytes(content)
    refused(school, liar, Invalid, f"«{path}» llegó cambiado")


@pytest.mark.parametrize("path", [FILM, LESSON])
def test_a_file_that_goes_on_and_on_is_left(school: School, liar: Liar, path: str) -> None:
    address = blob(liar, path)
    liar.files[address] += bytes(5_000_000)
    refused(school, liar, TooLarge, "más de lo que dice")


@pytest.mark.parametrize("path", [FILM, LESSON])
def test_a_file_that_is_short_is_not_taken_for_whole(school: School, liar: Liar, path: str) -> None:
    address = blob(liar, path)
    liar.files[address] = liar.files[address][:-1]
    refused(school, liar, LmsError, "dejó de enviar|no llegó entero")


def test_what_unpacks_to_far_more_is_left(school: School, liar: Liar) -> None:
    packed = gzip.compress(bytes(100_000_000))
    liar.answers[blob(liar, LESSON)] = (200, {"Content-Encoding": "gzip"}, packed)
    refused(school, liar, TooLarge, "envía más de lo que dice")
    nothing = zlib.compressobj(wbits=31)
    endless = nothing.compress(b"") + b"".join(nothing.flush(zlib.Z_FULL_FLUSH) for _ in range(5000))
    liar.answers[MANIFEST] = (200, {"Content-Encoding": "gzip"}, endless * 100)
    refused(school, liar, LmsError, "no se entiende|envía más|está dañado")
    liar.answers[MANIFEST] = (200, {"Content-Encoding": "gzip"}, b"no es gzip")
    refused(school, liar, Invalid, "está dañado")


def test_a_manifest_without_end_is_left(school: School, liar: Liar) -> None:
    liar.files[MANIFEST] = b" " * 3_000_000
    refused(school, liar, TooLarge, "envía más de lo que dice")


def test_a_signature_by_somebody_else_or_for_something_else_is_none(school: School, liar: Liar) -> None:
    stranger = new_signer("difods")
    liar.files[SIGNATURE] = signatures(liar.files[MANIFEST], [stranger])
    refused(school, liar, Invalid, f"aún no confías .*{stranger.key.id}")
    liar.files[SIGNATURE] = liar.files.pop(SIGNATURE)[:-40]
    refused(school, liar, Invalid, "no se entiende")
    del liar.files[SIGNATURE]
    refused(school, liar, Invalid, "no lleva firma")
    assert not any("blobs" in path for path in liar.asked)


def resigned(liar: Liar, publisher: Publisher, change: Callable[[dict[str, object]], object]) -> None:
    """Change the manifest and sign it again: what a careless publisher, or one who was robbed, may do."""
    described = json.loads(liar.files[MANIFEST])
    change(described)
    liar.files[MANIFEST] = encode(described)
    liar.files[SIGNATURE] = signatures(liar.files[MANIFEST], [publisher.signer])


def test_papers_of_another_course_or_of_too_much_are_refused(
    school: School, publisher: Publisher, liar: Liar
) -> None:
    honest = dict(liar.files)
    resigned(liar, publisher, lambda told: told["course"].update(id="pozo"))  # type: ignore[attr-defined]
    refused(school, liar, Invalid, "da otro curso en lugar de «agua»")
    liar.files = dict(honest)
    resigned(liar, publisher, lambda told: told["files"][0].update(size=5))  # type: ignore[index]
    film = {"path": "media/otra.mp4", "size": 2_000_000_000, "sha256": "0" * 64}
    resigned(liar, publisher, lambda told: told["files"].append(film))  # type: ignore[attr-defined]
    refused(school, liar, TooLarge, "pesa demasiado para ser un curso")
    liar.files = dict(honest)
    film = {"path": "media/../../../otra.mp4", "size": 2, "sha256": "0" * 64}
    resigned(liar, publisher, lambda told: told["files"].append(film))  # type: ignore[attr-defined]
    refused(school, liar, Invalid, "no se entiende")
    liar.files = dict(honest)
    resigned(liar, publisher, lambda told: told["course"].update(version="3.0.0"))  # type: ignore[attr-defined]
    refused(school, liar, Invalid, "sus textos dicen otra cosa")


def test_a_file_or_a_course_that_is_not_there_is_said(school: School, liar: Liar) -> None:
    del liar.files[blob(liar, LESSON)]
    refused(school, liar, NotFound, f"ya no da «{LESSON}»: su curso cambió mientras tanto")
    del liar.files[MANIFEST]
    refused(school, liar, NotFound, f"«{liar.host}» no tiene el curso «agua»")
    for said in (b"<html>", b"{}", b"[" * 10_000):
        liar.files["/paquetes/cursos.json"] = said
        with pytest.raises(NotFound, match="no hay un sitio de Chaski"):
            remote_courses(liar)


def test_a_busy_server_is_asked_again_as_late_as_it_wishes(school: School, liar: Liar) -> None:
    busy = iter([(503, {"Retry-After": "7"}, b""), (500, {}, b""), (429, {"Retry-After": "60"}, b"")])
    liar.answers[blob(liar, LESSON)] = lambda: next(busy, None) or liar.usual(blob(liar, LESSON))
    waits: list[float] = []
    there = Remote(liar.url, wait=waits.append)
    renew(origins.Server(there), school)
    there.close()
    assert waits == [7, 1, 60]
    liar.answers[MANIFEST] = (429, {"Retry-After": "3600"}, b"")
    refused(school, liar, Unavailable, r"Pide que se espere hasta el \d+ \w+ \d{4}, \d\d:\d\d\.$")
    liar.answers[MANIFEST] = (503, {}, b"")
    refused(school, liar, Unavailable, "responde que ahora no puede")
    liar.answers[MANIFEST] = (503, {}, b"<html>" * 2000)
    refused(school, liar, Unavailable, "responde que ahora no puede")
    liar.answers[MANIFEST] = (503, {}, json.dumps({"error": {"message": "Hay que\nreiniciarlo."}}).encode())
    refused(school, liar, Unavailable, r"responde: Hay que reiniciarlo\.$")
    liar.answers[MANIFEST] = (418, {}, b"")
    refused(school, liar, Invalid, r"algo que no se entiende \(418\)")


def test_a_server_that_moved_is_followed_but_not_round_and_round_nor_off_the_web(
    school: School, liar: Liar
) -> None:
    moved = "/nuevo/manifest.json"
    liar.files[moved] = liar.files[MANIFEST]
    liar.answers[MANIFEST] = (301, {"Location": moved}, b"")
    renew_from(liar.url, school)
    liar.answers[MANIFEST] = (302, {"Location": MANIFEST}, b"")
    refused(school, liar, Invalid, r"no se entiende \(302\)")
    for place in ("file:///etc/passwd", "http://[", "ftp://colegio/"):
        liar.answers[MANIFEST] = (302, {"Location": place}, b"")
        refused(school, liar, Invalid, "no es segura")


def test_where_it_moved_to_is_asked_from_then_on(school: School, liar: Liar) -> None:
    for path in list(liar.files):
        liar.files[f"/otro{path}"] = liar.files.pop(path)
    liar.answers[MANIFEST] = (308, {"Location": f"/otro{MANIFEST}"}, b"")
    renew_from(liar.url, school)
    assert [path for path in liar.asked if not path.startswith("/otro")] == [MANIFEST]


@pytest.mark.parametrize("said", ["bytes 9-1/2", "bytes " + "9" * 5000 + "-", "x", ""])
def test_a_range_that_is_nonsense_does_no_harm(school: School, liar: Liar, said: str) -> None:
    content = liar.files[blob(liar, FILM)]
    room = school.courses / ROOM / "agua"
    room.mkdir(parents=True)
    (room / f"{blob(liar, FILM).rpartition('/')[2]}.part").write_bytes(content[:5])
    liar.answers[blob(liar, FILM)] = lambda: (206, {"Content-Range": said}, content)
    renew_from(liar.url, school)
    assert version(school.courses / "agua") == "1.1.0"


def test_what_speaks_no_http_is_not_reached(school: School) -> None:
    for url in (f"http://127.0.0.1:{free_port()}", "http://colegio.invalid"):
        with pytest.raises(
            Unavailable, match=r"No se pudo llegar a|No encuentro «colegio\.invalid» en la red"
        ):
            renew_from(url, school)


@pytest.mark.parametrize("address", ["ftp://colegio", "http://", "http://colegio:puerto", "http://[", "://"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(Invalid, match="no es una dirección"):
        Remote(address)


def test_https_without_https_is_said(school: School, liar: Liar) -> None:
    with pytest.raises(Unavailable, match=r"Revisa si su dirección empieza con http://"):
        renew_from(f"https://{liar.host}", school)


def test_a_certificate_that_proves_nothing_is_refused_at_once(
    school: School, liar: Liar, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path / "data"))
    liar.secure(context)
    waits: list[float] = []
    there = Remote(f"https://{liar.host}", wait=waits.append)
    with pytest.raises(
        Invalid, match=r"no vale \(solo lo firma el mismo servidor\)\. .*fecha de este equipo"
    ):
        renew(origins.Server(there), school)
    assert waits == []


def certificate(folder: Path) -> Path:
    """One that its owner vouches for alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificado.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file
