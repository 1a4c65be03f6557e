"""A backup or a restore that is killed at any moment leaves the old or the new, never half of either."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from lms import datafolder
from lms.settings import Settings
from lms.upkeep.archive import Reading
from lms.upkeep.contents import own_backups
from tests.upkeep.acts import backed_up, fill, ids_in, lms, restored, state_of

TIMES = 50 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20


def killed_after(settings: Settings, seconds: float, *words: str) -> bool:
    """Whether a command was killed before it had ended."""
    process = lms(settings, *words)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def seconds_of(settings: Settings, *words: str) -> float:
    begun = time.monotonic()
    assert lms(settings, *words).communicate()[0]
    return time.monotonic() - begun


def test_a_killed_backup_is_whole_or_not_there(settings: Settings) -> None:
    folder = settings.data / "backups"
    fill(settings, 3000)
    lasts, chance = seconds_of(settings, "backup"), random.Random(5)
    killed = [killed_after(settings, chance.uniform(0.3, 1) * lasts, "backup") for _ in range(TIMES)]

    for file in own_backups(folder):
        with Reading.of(file) as backup:
            assert backup.papers.counts.events == 3040
            assert (
                sum(len(piece) for name in backup.papers.files for piece in backup.chunks(name))
                == backup.size
            )
    assert any(killed)
    assert backed_up(settings).papers.counts.events == 3040
    assert all(one.suffix == ".zip" for one in folder.iterdir())
    assert len(ids_in(Path(settings.database))) == 3040


def test_a_killed_restore_leaves_the_old_or_the_new(settings: Settings) -> None:
    fill(settings, 3000)
    (settings.data / "secret").write_text("la clave de antes, que también tiene bastante más de 32")
    large, old = backed_up(settings).file, state_of(settings)
    (settings.data / "secret").write_text("la clave de hoy, que también tiene bastante más de treinta y dos")
    fill(settings, 7)
    small, new = backed_up(settings).file, state_of(settings)
    lasts, chance = seconds_of(settings, "restore", str(large), "--yes"), random.Random(7)
    killed = []
    for number in range(TIMES):
        file = small if number % 2 else large
        killed.append(killed_after(settings, chance.uniform(0.3, 1.1) * lasts, "restore", str(file), "--yes"))
        assert state_of(settings) in (old, new)
        assert not (settings.data / datafolder.ROOM).exists()
    assert any(killed)


@pytest.mark.parametrize("moves", range(8))
def test_a_swap_that_was_cut_between_two_moves_is_finished_by_who_comes_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    fill(settings, 5)
    made, new = backed_up(settings).file, state_of(settings)
    fill(settings, 5)
    (settings.data / "secret").write_text("la clave de hoy, que también tiene bastante más de treinta y dos")
    (settings.data / "keys" / "own" / "difods.pem").write_text("otra llave")
    real, done = datafolder._move, 0

    def cut(here: Path, there: Path) -> None:
        nonlocal done
        if done == moves:
            raise KeyboardInterrupt
        done += 1
        real(here, there)

    with monkeypatch.context() as patched:
        patched.setattr(datafolder, "_move", cut)
        try:
            restored(made, settings)
        except KeyboardInterrupt:
            assert (settings.data / datafolder.ROOM / "plan.json").exists()
    assert state_of(settings) == new
    assert not (settings.data / datafolder.ROOM).exists()
