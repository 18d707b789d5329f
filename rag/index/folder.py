"""The folder of a home's index: which of the volumes in it is read, and how another takes its place.

`current-RECIPE` names the volume that is read: a folder with one `index.sqlite` and what is derived from it. A
volume is never repaired in place: a new one is filled beside it, then the name is replaced, and the old one goes
when nobody writes. Whoever had it open reads on in it until its next search.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rag.index.lock import alone
from rag.index.recipe import RECIPE

DATABASE = "index.sqlite"
_NAMES = "current-"
_CURRENT = f"{_NAMES}{RECIPE}"
_VOLUME = "volume-"
_MAKING_SECONDS = 10.0
_FORGOTTEN_SECONDS = 24 * 3600.0  # another version of Groundplan that still runs says so more often


class IndexFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / "writer.lock"
        self.wanted = path / "wanted.json"

    def current(self) -> Path | None:
        """The volume to read; None before there is one."""
        return self._named_by(self.path / _CURRENT)

    def make(self, fill: Callable[[Path], None]) -> Path:
        """The volume to read, which is made if there is none: by one process, while others wait for it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(self.path / "making.lock", _MAKING_SECONDS):
            volume = self.current()
            if volume is None or not (volume / DATABASE).is_file():
                volume = self.begin(fill)
                self.adopt(volume)
        return volume

    def begin(self, fill: Callable[[Path], None]) -> Path:
        """A new volume that nobody reads yet."""
        volume = Path(tempfile.mkdtemp(prefix=_VOLUME, dir=self.path))
        fill(volume / DATABASE)
        return volume

    def adopt(self, volume: Path) -> None:
        """Searches that begin from now on read this one."""
        new = self.path / f"{_CURRENT}.new"
        new.write_text(volume.name, "ascii")
        new.replace(self.path / _CURRENT)

    def others(self) -> list[Path]:
        """Databases that other versions of Groundplan read or have read."""
        volumes = (self._named_by(name) for name in self.path.glob(f"{_NAMES}*") if name.name != _CURRENT)
        return [volume / DATABASE for volume in volumes if volume is not None and (volume / DATABASE).is_file()]

    def sweep(self) -> None:
        """Remove what no search begins with any more. Only under the writer's lock."""
        with alone(self.path / "making.lock", _MAKING_SECONDS), suppress(OSError):
            os.utime(self.path / _CURRENT)
            forgotten = time.time() - _FORGOTTEN_SECONDS
            for name in self.path.glob(f"{_NAMES}*"):
                if name.stat().st_mtime < forgotten:
                    name.unlink()
            kept = {self._named_by(name) for name in self.path.glob(f"{_NAMES}*")}
            for volume in set(self.path.glob(f"{_VOLUME}*")) - kept:
                # What somebody has open stays on Windows until a later sweep.
                shutil.rmtree(volume, ignore_errors=True)

    def _named_by(self, name: Path) -> Path | None:
        try:
            return self.path / name.read_text("ascii")
        except FileNotFoundError:
            return None
