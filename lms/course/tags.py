"""The codes a lesson may be tagged with, by framework (only their numbers: the texts have other owners)."""

from collections.abc import Mapping


def _numbered(*areas: int) -> frozenset[str]:
    """Name the competences of each area: _numbered(4, 3) is 1.1 to 1.4 and 2.1 to 2.3."""
    return frozenset(f"{area}.{n}" for area, count in enumerate(areas, 1) for n in range(1, count + 1))


TAGS: Mapping[str, frozenset[str]] = {
    # Marco de Buen Desempeño Docente, RM 0547-2012-ED: 40 desempeños.
    "mbdd": frozenset(str(n) for n in range(1, 41)),
    # Currículo Nacional de la Educación Básica: 31 competencias, 28 and 29 being the transversal ones.
    "cneb": frozenset(str(n) for n in range(1, 32)),
    # DigCompEdu (JRC107466): 22 competences in 6 areas.
    "digcompedu": _numbered(4, 3, 4, 3, 3, 5),
    # DigComp 2.2: 21 competences in 5 areas.
    "digcomp": _numbered(3, 6, 4, 4, 4),
    # Ciclos of Educación Básica Regular.
    "ciclo": frozenset({"I", "II", "III", "IV", "V", "VI", "VII"}),
}
