"""The folder of a home's index: which of the volumes in it is read, and how another takes its place.

`current-v1` names the volume that is read: a folder with one `index.sqlite` and what is derived from it. A volume
is never repaired in place: a new one is filled beside it, then the name is replaced, and the old one goes when
nobody writes. Whoever had it open reads on in it until its next search.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rag.index.lock import alone
from rag.index.tables import VERSION

DATABASE = "index.sqlite"
_CURRENT = f"current-v{VERSION}"
_MAKING_SECONDS = 10.0


class IndexFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / "writer.lock"

    def current(self) -> Path | None:
        """The volume to read; None before there is one."""
        try:
            named = (self.path / _CURRENT).read_text("ascii")
        except FileNotFoundError:
            return None
        return self.path / named

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
        volume = Path(tempfile.mkdtemp(prefix=f"v{VERSION}-", dir=self.path))
        fill(volume / DATABASE)
        return volume

    def adopt(self, volume: Path) -> None:
        """Searches that begin from now on read this one."""
        new = self.path / f"{_CURRENT}.new"
        new.write_text(volume.name, "ascii")
        new.replace(self.path / _CURRENT)

    def sweep(self) -> None:
        """Remove what no search begins with any more, of older versions too. Only under the writer's lock."""
        with alone(self.path / "making.lock", _MAKING_SECONDS):
            current = self.current()
            for each in self.path.iterdir():
                if _version(each.name) <= VERSION and each != current and each.name != _CURRENT:
                    _remove(each)


def _version(name: str) -> float:
    """Of a volume or of the file that names one; anything else is not ours to remove."""
    digits = name.removeprefix("current-").removesuffix(".new").removeprefix("v").partition("-")[0]
    return int(digits) if digits.isdecimal() else float("inf")


def _remove(path: Path) -> None:
    # What somebody has open stays on Windows until a later sweep.
    with suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
