"""One file as text: nothing that leads out of its workspace's folder, is too large, or is no text."""

from __future__ import annotations

import stat
from pathlib import Path

_NOWHERE = ("It is a link that leads nowhere.", "Take it away, or let it lead to a file.")


class Unfit(Exception):
    """The file can't be taken; `hint` names the remedy."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_text_file(path: Path, folder: Path | None, most_bytes: int) -> str:
    """`folder` is what the file may not lead out of, resolved; None for a file of the home.

    Raises `Unfit`, and OSError for what can't be read.
    """
    try:
        real = path.resolve()
    except RuntimeError:
        raise Unfit(*_NOWHERE) from None
    if folder is not None and not real.is_relative_to(folder):
        raise Unfit("It is a link that leaves the workspace.", f"Copy the file into {path.parent.name}/ instead.")
    if path.is_symlink() and not real.exists():
        raise Unfit(*_NOWHERE)
    facts = real.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise Unfit("It is no regular file.", "Take it away, or give it another ending.")
    with real.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        size = f"{most_bytes >> 20} MiB" if most_bytes >= 1 << 20 else f"{most_bytes >> 10} KiB"
        raise Unfit(f"It is larger than {size}.", "Split it into several files.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Unfit(f"It is not UTF-8 (byte {wrong.start + 1}).", "Save it as UTF-8.") from None
