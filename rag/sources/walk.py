"""Walk: the files of a folder that may be indexed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.model.document import Format
from rag.sources.ignore import Ignore, rules_above
from rag.sources.notation import format_of
from rag.sources.secret_files import is_secret_folder, is_secret_name

_DEEPEST = 30
_MOST_LOOKED_AT = 200_000  # entries of folders: a workspace in somebody's whole disk ends here


@dataclass(frozen=True, slots=True)
class Listed:
    path: Path
    format: Format
    size: int
    mtime_ns: int


def walk(folder: Path) -> Iterator[Listed]:
    """In order of their paths, `folder` being resolved. Links are not followed: what they name in here comes by itself.

    Folders that can't be read are passed over. Raises `OSError` when `folder` itself can't be.
    """
    with os.scandir(folder):
        return _Walk().within(folder, rules_above(folder), 0)


def listed(path: Path) -> Listed | None:
    """One file that was named by itself; None when its name says that it is no text or holds secrets."""
    notation = format_of(path.name)
    if notation is None or is_secret_name(path.name, notation) or path.is_symlink() or not path.is_file():
        return None
    found = path.stat()
    return Listed(path, notation, found.st_size, found.st_mtime_ns)


class _Walk:
    def __init__(self) -> None:
        self._looked_at = 0

    def within(self, folder: Path, ignore: Ignore, depth: int) -> Iterator[Listed]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        ignore = ignore.within(folder)
        for entry in entries:
            self._looked_at += 1
            if self._looked_at > _MOST_LOOKED_AT:
                return
            yield from self._entry(entry, ignore, depth)

    def _entry(self, entry: os.DirEntry[str], ignore: Ignore, depth: int) -> Iterator[Listed]:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            passed = is_secret_folder(entry.name) or depth >= _DEEPEST or ignore.leaves_out(path, folder=True)
            if not passed:
                yield from self.within(path, ignore, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            notation = format_of(entry.name)
            if notation and not is_secret_name(entry.name, notation) and not ignore.leaves_out(path, folder=False):
                found = entry.stat(follow_symlinks=False)
                yield Listed(path, notation, found.st_size, found.st_mtime_ns)
