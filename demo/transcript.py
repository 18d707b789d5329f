"""The transcript: who says what, in columns that a README can show."""

from __future__ import annotations

import sys
import textwrap
from typing import Literal, TextIO

Speaker = Literal["Person", "Assistant", "Groundplan"]
_COLOURS: dict[Speaker, str] = {"Person": "\033[32m", "Assistant": "\033[36m", "Groundplan": "\033[33m"}
_BOLD, _PLAIN = "\033[1m", "\033[0m"
_WIDTH, _COLUMN = 110, 12


class Transcript:
    """Prints as the story goes; in colour where a person watches and did not ask for none."""

    def __init__(self, out: TextIO = sys.stdout, *, plain: bool = False) -> None:
        self._out = out
        self._coloured = out.isatty() and not plain

    def scene(self, title: str) -> None:
        self._write(f"\n{self._dyed(_BOLD, title)}")

    def says(self, who: Speaker, text: str) -> None:
        """What somebody says; each line of it is folded under the speaker's name."""
        name = who
        for line in text.splitlines() or [""]:
            for part in textwrap.wrap(line, _WIDTH - _COLUMN, subsequent_indent="  ", break_long_words=False) or [""]:
                self._write(f"{self._dyed(_COLOURS[who], name.ljust(_COLUMN))}{part}".rstrip())
                name = ""

    def _write(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def _dyed(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._coloured else text
