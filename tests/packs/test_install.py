"""A pack becomes the course it was made of, or nothing changes and a sentence says why."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packs.conftest import TODAY, Publisher, School, replace
from packs.hostile import ATTACKS
from sample_courses import sample

from lms.course.loader import load_course
from lms.errors import Conflict, Invalid, LmsError
from lms.packs import swap
from lms.packs.install import Terms, install
from lms.packs.manifest import LONGEST
from lms.packs.papers import kept_papers
from lms.packs.signing import new_signer
from lms.packs.swap import ROOM, recover_quietly

UNSIGNED = Terms(unsigned=True)


def put_in(school: School, pack: Path, terms: Terms | None = None) -> str | None:
    """Install, and return the version that is there afterwards."""
    install(pack, school.courses, school.ring, terms or Terms())
    return version(school.courses / "agua")


def version(folder: Path) -> str | None:
    """The version of a course's folder, None when no whole course is there."""
    course = load_course(folder).course if folder.is_dir() else None
    if course is None:
        return None
    if course.version != "1.0.0" or "edición" in course.lesson("el-pozo").body:
        assert f"edición {course.version}." in course.lesson("el-pozo").body
    return course.version


def unpacked(pack: Path) -> Path:
    """The pack as somebody extracted it."""
    folder = pack.with_suffix("")
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("shape", [Path, unpacked])
def test_a_signed_pack_becomes_the_course_it_was_made_of(
    school: School, publisher: Publisher, shape: Callable[[Path], Path]
) -> None:
    assert put_in(school, shape(publisher.pack())) == "1.0.0"
    source = publisher.folder / "source-1.0.0"
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    folder = school.courses / "agua"
    installed = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    papers = [Path(".pack/manifest.json"), Path(".pack/manifest.sig")]
    assert installed == [*papers, *files]
    with zipfile.ZipFile(publisher.pack()) as signed:
        assert all((folder / paper).read_bytes() == signed.read(paper.name) for paper in papers)
    assert all((folder / file).read_bytes() == (source / file).read_bytes() for file in files)
    assert [path.name for path in school.courses.iterdir()] == ["agua"]


def test_a_newer_version_takes_the_place_of_the_old_wherever_it_stands(
    school: School, publisher: Publisher
) -> None:
    put_in(school, publisher.pack())
    (school.courses / "agua").rename(school.courses / "curso-1")
    (school.courses / "curso-1" / "POR-CONFIRMAR.md").write_text("Preguntar a la UGEL.")
    done = install(publisher.pack("1.10.0"), school.courses, school.ring, Terms())
    assert (done.before, done.folder) == ("1.0.0", school.courses / "curso-1")
    assert version(school.courses / "curso-1") == "1.10.0"
    assert (school.courses / "curso-1" / "POR-CONFIRMAR.md").read_text() == "Preguntar a la UGEL."
    assert [path.name for path in school.courses.iterdir()] == ["curso-1"]


def test_an_older_version_is_refused_unless_told(school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack("1.10.0"))
    with pytest.raises(Conflict, match=r"1\.10\.0, más nueva que la 1\.9\.0"):
        put_in(school, publisher.pack("1.9.0"))
    assert version(school.courses / "agua") == "1.10.0"
    assert put_in(school, publisher.pack("1.9.0"), Terms(older=True)) == "1.9.0"


def test_the_same_version_changes_nothing_unless_it_was_damaged(school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack())
    assert not install(publisher.pack(), school.courses, school.ring, Terms()).changed
    (school.courses / "agua/media/pozo.svg").write_text("roto")
    assert install(publisher.pack(), school.courses, school.ring, Terms()).changed
    assert "<svg" in (school.courses / "agua/media/pozo.svg").read_text()


def test_a_signature_that_comes_later_is_kept_although_the_course_stays_the_same(
    school: School, publisher: Publisher
) -> None:
    put_in(school, publisher.pack(signers=()), UNSIGNED)
    signature = school.courses / "agua/.pack/manifest.sig"
    assert not signature.exists()
    for signers in ((publisher.signer,), ()):
        done = install(publisher.pack(signers=signers), school.courses, school.ring, UNSIGNED)
        assert not done.changed
        assert signature.exists(), "who has the signed one keeps it"


def test_the_numbers_of_a_newer_version_take_the_place_of_the_old(
    school: School, publisher: Publisher
) -> None:
    for number, kept in (("1.0.0", "el-pozo\n"), ("1.1.0", "el-pozo\nlesson la-lluvia\n")):
        publisher.pack(number, ())
        (publisher.folder / f"source-{number}" / "numbers.txt").write_text(f"lesson {kept}")
        put_in(school, publisher.pack(number))
        assert (school.courses / "agua/numbers.txt").read_text() == f"lesson {kept}"
    assert not install(publisher.pack("1.1.0"), school.courses, school.ring, Terms()).changed


def test_a_pack_that_nobody_signed_is_refused_unless_told(school: School, pack: Path) -> None:
    with pytest.raises(Invalid, match="no lleva firma"):
        put_in(school, pack)
    assert put_in(school, pack, UNSIGNED) == "1.0.0"


def test_a_signature_by_somebody_unknown_is_not_helped_by_accepting_none(
    school: School, publisher: Publisher
) -> None:
    stranger = new_signer("difods")
    pack = publisher.pack(signers=(stranger,))
    with pytest.raises(Invalid, match=f"aún no confías .*{stranger.key.id}"):
        put_in(school, pack, UNSIGNED)
    school.ring.keep(stranger.key, "trusted", TODAY)
    assert put_in(school, pack) == "1.0.0"


def test_a_revoked_key_opens_nothing_but_another_signature_does(school: School, publisher: Publisher) -> None:
    school.ring.revoke("difods", TODAY)
    with pytest.raises(Invalid, match="llave anulada"):
        put_in(school, publisher.pack(), UNSIGNED)
    fresh = new_signer("difods-2")
    school.ring.keep(fresh.key, "trusted", TODAY)
    assert put_in(school, publisher.pack(signers=(publisher.signer, fresh))) == "1.0.0"


def test_a_key_that_follows_a_trusted_one_is_trusted_from_then_on(
    school: School, publisher: Publisher
) -> None:
    new = new_signer("difods")
    rotated = type(new)(new.key, new.secret, (publisher.signer.follow(new.key),))
    assert put_in(school, publisher.pack(signers=(rotated,))) == "1.0.0"
    school.ring.revoke(publisher.signer.key.id, TODAY)
    assert school.ring.standing(new.key) == "trusted"


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - {"count"}))
def test_no_attack_on_a_signed_pack_installs_anything(
    school: School, publisher: Publisher, name: str
) -> None:
    pack = publisher.pack()
    pack.write_bytes(ATTACKS[name][0](pack.read_bytes()))
    with pytest.raises(LmsError):
        put_in(school, pack)
    assert list(school.courses.iterdir()) == []


def test_a_changed_file_is_named(school: School, publisher: Publisher) -> None:
    folder = unpacked(publisher.pack())
    replace(folder / "source/lessons/el-pozo.md", "agua", "aguo")
    (folder / "media/pozo.svg").unlink()
    (folder / "Thumbs.db").write_text("de Windows")
    with pytest.raises(
        Invalid, match=r"dañado «source/lessons/el-pozo\.md»; falta «media/pozo\.svg»\. No se"
    ):
        put_in(school, folder)


def test_a_manifest_rewritten_to_fit_does_not_fit_its_signature(school: School, publisher: Publisher) -> None:
    honest, other = unpacked(publisher.pack()), unpacked(publisher.pack("2.0.0", ()))
    shutil.copy(honest / "manifest.sig", other)
    with pytest.raises(Invalid, match="la firma de «difods» no corresponde"):
        put_in(school, other)


def test_a_course_with_errors_stays_out(school: School, publisher: Publisher) -> None:
    faulty = sample("svg-title", publisher.folder)
    faulty.rename(publisher.folder / "source-1.0.0")
    pack = publisher.pack()
    with pytest.raises(Invalid, match="tiene errores"):
        put_in(school, pack)
    assert list(school.courses.iterdir()) == []


def test_only_one_installs_at_a_time(school: School, publisher: Publisher) -> None:
    with swap.room_in(school.courses), pytest.raises(Conflict, match="Otra instalación"):
        put_in(school, publisher.pack())


def test_without_an_exchange_the_old_course_waits_and_comes_back(
    school: School, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    put_in(school, publisher.pack())
    assert put_in(school, publisher.pack("1.1.0")) == "1.1.0"

    (school.courses / ROOM / "old").mkdir(parents=True)
    (school.courses / "agua").rename(school.courses / ROOM / "old" / "agua")
    (school.courses / ROOM / "new" / "agua").mkdir(parents=True)
    recover_quietly(school.courses)
    assert version(school.courses / "agua") == "1.1.0"
    assert [path.name for path in school.courses.iterdir()] == ["agua"]


def test_papers_that_grew_out_of_all_size_are_none(school: School, publisher: Publisher) -> None:
    put_in(school, publisher.pack())
    folder = school.courses / "agua"
    assert kept_papers(folder)
    with (folder / ".pack/manifest.json").open("ab") as manifest:
        manifest.truncate(LONGEST + 1)
    assert kept_papers(folder) is None
    assert put_in(school, publisher.pack()) == "1.0.0"
    assert kept_papers(folder)
