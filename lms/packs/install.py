"""Installing a pack: from its sources, after everything about it was checked, the whole course or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.course.checks import check_draft
from lms.course.draft import read_draft
from lms.errors import Conflict, Invalid
from lms.packs.contents import Contents, checked, open_contents
from lms.packs.gathered import Gathered, completed, from_file
from lms.packs.here import OF_A_COURSE, found, is_same
from lms.packs.keyring import Keyring
from lms.packs.manifest import About, Listed
from lms.packs.names import some
from lms.packs.papers import FOLDER as PAPERS
from lms.packs.papers import Papers, keep_papers, kept_papers
from lms.packs.sources import films_of, sources_of
from lms.packs.swap import put_in_place, room_in, take_along
from lms.packs.verify import Verdict, age, installed, verify


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody who installs accepts knowingly: a pack without a signature, a version older than theirs."""

    unsigned: bool = False
    older: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was installed and where; `before` is the version that was there, None if the course is new here.

    `apart` are the bytes of the films that are not here and travel by themselves.
    """

    course: About
    folder: Path
    before: str | None
    changed: bool
    apart: int = 0


def install(pack: Path, courses: Path, ring: Keyring, terms: Terms) -> Outcome:
    """Install a pack's course among `courses`; an LmsError says why not, and then nothing was changed."""
    with open_contents(pack) as opened, room_in(courses) as room:
        contents = completed(opened, courses)
        verdict = verify(contents, ring)
        require(verdict, terms)
        done = put_in(contents, verdict, room, terms)
    remember(verdict, ring)
    return done


def put_in(contents: Contents, verdict: Verdict, room: Path, terms: Terms) -> Outcome:
    """Put the course of a pack that was judged good in its place, by way of `room`; every file is checked once more.

    Films that the pack does not bring and that are here stay, if they are still those that it lists.
    """
    course = verdict.manifest.course
    folder, before = place_of(room.parent, course, terms)
    sources = sources_of(verdict.manifest, contents.sizes)
    apart = {
        inside: film for inside, film in films_of(verdict.manifest).items() if film.path not in contents.sizes
    }
    here = found(folder, apart.values())
    films = {inside: film for inside, film in apart.items() if film.sha256 in here}
    changed = not is_same(folder, {**sources, **films})
    if changed or _says_more(verdict, kept_papers(folder)):
        new = room / "new" / folder.name
        _take_out(contents, sources, new)
        places = {film.path: from_file(film, here[film.sha256]) for film in films.values()}
        _take_out(Gathered(verdict.name, verdict.papers, places), films, new)
        _check(new, course, verdict.name)
        take_along(
            folder, new, but=(*OF_A_COURSE, PAPERS)
        )  # somebody's notes, as a list of things to confirm
        keep_papers(new, verdict.papers)
        put_in_place(room, folder.name)
    return Outcome(
        course, folder, before, changed, sum(apart[one].size for one in apart.keys() - films.keys())
    )


def remember(verdict: Verdict, ring: Keyring) -> None:
    """Trust from now on the keys to which a trusted one led."""
    for signer in verdict.signers:
        if signer.via:
            ring.keep(signer.key, "trusted", date.today(), signer.via.id)


def _says_more(verdict: Verdict, kept: Papers | None) -> bool:
    """Whether these papers of a course that is here already are worth keeping in the place of those that are."""
    return kept != verdict.papers and (kept is None or verdict.papers.signatures is not None)


def require(verdict: Verdict, terms: Terms) -> None:
    """Raise Invalid, with its sentence, for a pack that may not be installed on these terms."""
    if not verdict.whole:
        raise Invalid(
            f"«{verdict.name}» fue cambiado o está dañado: {_altered(verdict)}. No se instaló nada. Pide otra copia."
        )
    if verdict.standing is None and not terms.unsigned:
        raise Invalid(
            f"«{verdict.name}» no lleva firma: cualquiera pudo hacerlo. Pide el paquete firmado. "
            "Si sabes bien de dónde viene, repite la orden con --unsigned."
        )
    if verdict.standing in ("trusted", None):
        return
    who = " y ".join(f"«{signer.key.name}», {signer.key.id}" for signer in verdict.signers)
    if verdict.standing == "revoked":
        raise Invalid(
            f"«{verdict.name}» está firmado con una llave anulada ({who}). No se instaló nada. Pídelo con otra firma."
        )
    raise Invalid(
        f"«{verdict.name}» está firmado por alguien en quien aún no confías ({who}). Compara ese número con quien hizo "
        "el paquete y repite la orden con --trust."
    )


def _altered(verdict: Verdict) -> str:
    """Say in one line what is wrong with a pack's files and signatures."""
    kinds = (
        ("dañado", verdict.damaged),
        ("falta", verdict.missing),
        ("sobra", verdict.extra if verdict.zipped else ()),
    )
    said = [f"{kind} {some(paths)}" for kind, paths in kinds if paths]
    said += [f"la firma de «{key.name}» no corresponde a este contenido" for key in verdict.forged]
    return "; ".join(said)


def place_of(courses: Path, course: About, terms: Terms) -> tuple[Path, str | None]:
    """Return a course's folder and the version that is there, None if it is new; Conflict when it may not go there."""
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
        refusal = f"El curso de «{pack}» tiene errores. No se instaló nada. Avisa a quien hizo el paquete."
        raise Invalid("\n".join([*listed, refusal]))
    if draft.course is None or (draft.course_id, draft.course.data.get("version")) != (
        course.id,
        course.version,
    ):
        raise Invalid(
            f"«{pack}» dice ser «{course.id}» {course.version}, y sus textos dicen otra cosa. Avisa a quien lo hizo."
        )
