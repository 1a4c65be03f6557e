"""Installing a pack: from its sources, after everything about it was checked, the whole course or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from lms.course.checks import check_draft
from lms.course.draft import read_draft
from lms.course.films import FILE as FILMS
from lms.course.model import COURSE_FILE
from lms.course.numbers import FILE as NUMBERS
from lms.errors import Conflict, Invalid
from lms.packs.contents import Contents, checked, open_contents
from lms.packs.keyring import Keyring
from lms.packs.manifest import About, Listed, Manifest
from lms.packs.names import shown
from lms.packs.sources import source_path
from lms.packs.swap import put_in_place, room_in
from lms.packs.verify import Verdict, age, installed, verify

_OF_A_COURSE = {COURSE_FILE, "glossary.toml", NUMBERS, FILMS, "lessons", "banks", "media"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody who installs accepts knowingly: a pack without a signature, a version older than theirs."""

    unsigned: bool = False
    older: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was installed and where; `before` is the version that was there, None if the course is new here."""

    course: About
    folder: Path
    before: str | None
    changed: bool


def install(pack: Path, courses: Path, ring: Keyring, terms: Terms) -> Outcome:
    """Install a pack's course among `courses`; an LmsError says why not, and then nothing was changed."""
    with open_contents(pack) as contents, room_in(courses) as room:
        verdict = verify(contents, ring)
        require(verdict, terms)
        course = verdict.manifest.course
        folder, before = _place(courses, course, terms)
        sources = _sources(verdict.manifest, contents)
        films = _films_here(folder, verdict.apart)
        changed = not _same(folder, sources, films)
        if changed:
            new = room / "new" / folder.name
            _take_out(contents, sources, new)
            for film in films:
                shutil.copyfile(folder / film, new / film)
            _check(new, course, verdict.name)
            _keep_notes(folder, new)
            put_in_place(room, folder.name)
    for signer in verdict.signers:
        if signer.via:
            ring.keep(signer.key, "trusted", date.today(), signer.via.id)
    return Outcome(course, folder, before, changed)


def require(verdict: Verdict, terms: Terms) -> None:
    """Raise Invalid, with its sentence, for a pack that may not be installed on these terms."""
    if not verdict.whole:
        raise Invalid(f"«{verdict.name}» fue cambiado o está dañado: {altered(verdict)}. No se instaló nada.")
    if verdict.standing is None and not terms.unsigned:
        raise Invalid(
            f"«{verdict.name}» no lleva firma: cualquiera pudo hacerlo. Pide el paquete firmado. "
            "Si sabes bien de dónde viene, repite la orden con --unsigned."
        )
    if verdict.standing in ("trusted", None):
        return
    who = " y ".join(f"«{signer.key.name}», {signer.key.id}" for signer in verdict.signers)
    if verdict.standing == "revoked":
        raise Invalid(f"«{verdict.name}» está firmado con una llave anulada ({who}). No se instaló nada.")
    raise Invalid(
        f"«{verdict.name}» está firmado por alguien en quien aún no confías ({who}). Compara ese número con quien hizo "
        "el paquete y repite la orden con --trust."
    )


def altered(verdict: Verdict) -> str:
    """Say in one line what is wrong with a pack's files and signatures."""
    kinds = (
        ("dañado", verdict.damaged),
        ("falta", verdict.missing),
        ("sobra", verdict.extra if verdict.zipped else ()),
    )
    said = [f"{kind} {_some(paths)}" for kind, paths in kinds if paths]
    said += [f"la firma de «{key.name}» no corresponde a este contenido" for key in verdict.forged]
    return "; ".join(said)


def _some(paths: Iterable[str]) -> str:
    names = [shown(path) for path in paths]
    return ", ".join(names[:5]) + (f" y {len(names) - 5} más" if len(names) > 5 else "")


def _place(courses: Path, course: About, terms: Terms) -> tuple[Path, str | None]:
    here = installed(courses, course.id)
    if len(here) > 1:
        both = " y ".join(str(one.folder) for one in here)
        raise Conflict(f"El curso «{course.id}» está en {both}. Saca una de las dos carpetas.")
    if not here:
        return courses / course.id, None
    if age(course.version, here) == "older" and not terms.older:
        raise Conflict(
            f"Ya tienes «{course.title}» en la versión {here[0].version}, más nueva que la {course.version} del paquete. "
            "Para volver a la anterior, repite la orden con --older."
        )
    return here[0].folder, here[0].version


def _sources(manifest: Manifest, contents: Contents) -> dict[str, Listed]:
    there = (*manifest.files, *(listed for listed in manifest.optional if listed.path in contents.sizes))
    found = {inside: listed for listed in there if (inside := source_path(listed.path))}
    if COURSE_FILE not in found:
        raise Invalid("Ese paquete no trae los textos de un curso. Usa el zip que hace «lms pack build».")
    return found


def _films_here(folder: Path, apart: Iterable[Listed]) -> list[str]:
    """Name the films that a pack does not bring and that are here already, just as it lists them."""
    here = [(folder / inside, listed) for listed in apart if (inside := source_path(listed.path))]
    return [
        file.relative_to(folder).as_posix()
        for file, listed in here
        if file.is_file() and _sha256(file) == listed.sha256
    ]


def _same(folder: Path, sources: dict[str, Listed], films: Iterable[str]) -> bool:
    """Tell whether a course's folder already holds exactly this, and those films."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if {path for path in there if path.split("/")[0] in _OF_A_COURSE} != sources.keys() | set(films):
        return False
    return all(_sha256(folder / inside) == listed.sha256 for inside, listed in sources.items())


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _take_out(contents: Contents, sources: dict[str, Listed], new: Path) -> None:
    for inside, listed in sources.items():
        file = new / inside
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.writelines(checked(contents, listed))


def _check(new: Path, course: About, pack: str) -> None:
    draft = read_draft(new)
    errors = [problem for problem in check_draft(draft) if problem.severity == "error"]
    if errors:
        listed = [f"{problem.file}:{problem.line}: {problem.message}" for problem in errors[:20]]
        raise Invalid("\n".join([*listed, f"El curso de «{pack}» tiene errores. No se instaló nada."]))
    if draft.course is None or (draft.course_id, draft.course.data.get("version")) != (
        course.id,
        course.version,
    ):
        raise Invalid(f"«{pack}» dice ser «{course.id}» {course.version}, y sus textos dicen otra cosa.")


def _keep_notes(folder: Path, new: Path) -> None:
    """What somebody keeps beside a course, as its list of things to confirm, stays where it was."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in _OF_A_COURSE:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)
