"""Work in a process of its own: slow or heavy libraries neither hold up a server nor stay in its memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from lms.errors import Unavailable

Made = TypeVar("Made")

BROKE = "Este equipo no pudo terminar ese archivo; quizá le faltó memoria. Elige otra forma o avisa a quien lo administra."


def apart(work: Callable[..., Made], *given: object) -> Made:
    """Do `work(*given)` in a new process and wait for it; what it raises is raised here."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_without_output) as pool:
        try:
            return pool.submit(work, *given).result()
        except BrokenProcessPool:
            raise Unavailable(BROKE) from None


def _without_output() -> None:
    """Libraries tell of their work on standard output, which is for nobody here; faults they raise, or say elsewhere."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
