"""Opening a user's file: only what it is named as, only where it was found, only up to a size."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rag.model.errors import DocumentUnreadable

MOST_BYTES = 2_000_000
MOST_PDF_BYTES = 20_000_000


def read_bytes(path: Path, most: int) -> bytes | None:
    """None when it is gone, or lies behind a link now. Raises `DocumentUnreadable` for what is too large or closed."""
    try:
        if path.parent.resolve() != path.parent:
            return None
        # Neither waits for a pipe nor follows a link that was put there since.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DocumentUnreadable(f"It can't be opened: {error.strerror}.", hint="Mend its rights.") from error
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = opened.read(most + 1)
    if len(content) > most:
        raise DocumentUnreadable(
            f"It is larger than {most // 1_000_000} MB.", hint="Split it, or leave it out by .groundplanignore."
        )
    return content


def decoded(content: bytes) -> str:
    """Raises `DocumentUnreadable` for what is no UTF-8 text."""
    if b"\0" in content:
        raise DocumentUnreadable("It is binary, or text in UTF-16.", hint="Save it as UTF-8.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable(f"Byte {error.start + 1} of it is no UTF-8.", hint="Save it as UTF-8.") from error
