"""The writer's lock: one process at a time writes a home's index."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from rag.model.errors import IndexBusy

_PATIENCE_SECONDS = 0.3  # a status that looks whether somebody writes holds the lock for a moment
_PAUSE_SECONDS = 0.02


@contextmanager
def alone(path: Path, patience: float = _PATIENCE_SECONDS) -> Generator[None]:
    """Nobody else is inside, in this process or another. The system frees it when its holder dies.

    Raises `IndexBusy` when it is still taken after `patience` seconds.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + patience
        while not _take(descriptor):
            if time.monotonic() >= end:
                raise IndexBusy(_told(path), hint="It serves searches meanwhile; try again when that one is done.")
            time.sleep(_PAUSE_SECONDS)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process that is inside now; None when nobody is."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _take(descriptor) else _process(path)
    finally:
        os.close(descriptor)


def _told(path: Path) -> str:
    process = _process(path)
    return f"Process {process} writes the index now." if process else "Another process writes the index now."


def _process(path: Path) -> int | None:
    """The number its holder wrote; None in the moment before it did."""
    written = path.read_text("ascii", "replace").strip()
    return int(written) if written.isdecimal() else None


def _take(descriptor: int) -> bool:
    try:
        if os.name == "posix":
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt  # noqa: PLC0415 - only there on Windows

            # A byte far behind the process number, which stays readable while the lock is held.
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    except OSError:
        return False
    return True
