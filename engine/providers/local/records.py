"""What Docker can't keep: current wishes (its labels never change), and objects that are ours alone.

One small file an object under `<home>/local/<daemon>/<type>/`, replaced whole, so any number of processes may read
and write. Locks are files too, and are released by the kernel when their process dies.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.providers.contract import Wish


@dataclass(frozen=True, slots=True)
class Record:
    """An object as it was last wished; `outputs` are values we chose for it, such as an address."""

    type: str
    id: str
    key: str
    name: str
    workspace: str
    properties: dict[str, Any]
    labels: dict[str, str]
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])


def record_of(id: str, workspace: str, wish: Wish, **outputs: Any) -> Record:
    return Record(wish.type, id, wish.key, wish.name, workspace, wish.properties, wish.labels, outputs)


class Records:
    """The records of one daemon's objects in one home."""

    def __init__(self, home: Path, daemon: str) -> None:
        self.folder = home / "local" / re.sub(r"[^A-Za-z0-9]", "", daemon)[:24]

    def get(self, type: str, id: str) -> Record | None:
        try:
            record = Record(**json.loads(self._path(type, id).read_text("utf-8")))
        except FileNotFoundError:
            return None
        return record if record.id == id else None

    def all(self, type: str) -> list[Record]:
        names = sorted(path.stem for path in (self.folder / type).glob("*.json"))
        return [record for name in names if (record := self.get(type, name))]

    def with_key(self, type: str, key: str) -> Record | None:
        return next((record for record in self.all(type) if record.key == key), None)

    def put(self, record: Record) -> None:
        path = self._path(record.type, record.id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)

    def remove(self, type: str, id: str) -> None:
        self._path(type, id).unlink(missing_ok=True)

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """Held by one thread of one process at a time."""
        path = self.folder / "locks" / _file_name(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            with path.open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # Whoever held it before has removed the file; a lock on a file without a name excludes nobody.
                if not _is_same_file(file.fileno(), path):
                    continue
                try:
                    yield
                finally:
                    path.unlink(missing_ok=True)
                return

    def _path(self, type: str, id: str) -> Path:
        return self.folder / type / f"{_file_name(id)}.json"


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _file_name(text: str) -> str:
    """Ids come from plans too: none of them may lead out of the folder."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", text)[:200]
