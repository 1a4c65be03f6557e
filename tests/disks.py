"""A small disk of its own, which fills up or is pulled out of writing: real, as only root can have one."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest


class Disk:
    """A file system in memory with some megabytes."""

    def __init__(self, folder: Path, size: str = "24m") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        made = _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
        if made.returncode:
            pytest.skip("only root can mount a disk")

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / "relleno").open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def free(self) -> None:
        """Have room again."""
        (self.folder / "relleno").unlink()

    def close_for_writing(self) -> None:
        """As a disk that its system found at fault."""
        assert _mount("-o", "remount,ro", str(self.folder)).returncode == 0

    def open_for_writing(self) -> None:
        assert _mount("-o", "remount,rw", str(self.folder)).returncode == 0

    def remove(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


def _mount(*how: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["mount", *how], capture_output=True, check=False)
