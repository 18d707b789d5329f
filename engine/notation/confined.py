"""Files of a folder as text: nothing outside the folder is read, whatever links lie in it."""

from __future__ import annotations

import stat
from pathlib import Path

MOST_BYTES = 2 << 20


class NotRead(Exception):
    """The file is not read; the message says why, the hint what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def confined_text(path: Path, folder: Path) -> str:
    """The text of a file that really lies in the folder, which is given with its links resolved.

    Raises `NotRead`, and `OSError` where it can't be read.
    """
    real = path.resolve()
    if not real.is_relative_to(folder):
        raise NotRead("It is a link that leaves the workspace.", "Copy the file into infra/ instead.")
    facts = real.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise NotRead("It is no regular file.", "Take it away, or give it another ending.")
    with real.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NotRead("It is larger than 2 MiB.", "Split it into several files.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NotRead(f"It is not UTF-8 (byte {wrong.start + 1}).", "Save it as UTF-8.") from None
