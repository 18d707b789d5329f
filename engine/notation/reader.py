"""From files to documents: read by their endings, and checked for what no format may carry."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from engine.model.errors import Problem
from engine.notation.depth import place_of
from engine.notation.document import MOST_DEPTH, MOST_VALUES, Document, Flaw, Unreadable
from engine.notation.json_reader import read_json
from engine.notation.nickel import Evaluated, read_nickel
from engine.notation.nodes import Path
from engine.notation.problems import Problems, quoted
from engine.notation.toml_reader import read_toml
from engine.notation.yaml_reader import read_yaml

LONGEST_TEXT = 64 << 10
_LARGEST = 1 << 63
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_READERS: Mapping[str, Callable[[str], tuple[Any, Any]]] = {
    "json": read_json, "toml": read_toml, "yaml": read_yaml, "yml": read_yaml,
}  # fmt: skip
Report = Callable[[Path, str, str], None]


def read_document(
    file: str, text: str, problems: Problems, shape: Flaw, evaluated: Evaluated | None = None
) -> Document | None:
    """The document, or None where its problems leave nothing to look at; `shape` is said where it is no mapping.

    Nickel is not read from its text, but from what it was `evaluated` to.
    """
    before = len(problems)
    if text.startswith("\ufeff"):
        problems.add(Problem("It begins with a byte order mark.", "Save it as UTF-8 without one.", file, 1, 1))
        return None
    if "\x00" in text:
        hint = "Take it out; where there are many, save the file as UTF-8."
        problems.add(Problem("It holds the character U+0000.", hint, file, *place_of(text, text.index("\x00"))))
        return None
    try:
        data, places = read_nickel(text, evaluated) if evaluated else _READERS[file.rpartition(".")[2]](text)
    except Unreadable as unreadable:
        for flaw in unreadable.flaws:
            problems.add(Problem(flaw.message, flaw.hint, flaw.file or file, flaw.line, flaw.column))
        return None
    if not isinstance(data, dict | None):
        problems.add(Problem(shape.message, shape.hint, file, shape.line, shape.column))
        return None
    document = Document(file, cast(dict[str, Any], data or {}), places.locate)
    check_values(document.data, lambda path, message, hint: problems.add(document.problem(path, message, hint)))
    return document if len(problems) == before else None


def check_values(data: Any, report: Report) -> None:
    """Report what no value may be: too long, too deep, unprintable, not finite, a date, or a key that begins with $."""
    _Check(report).value(data, ())


class _Check:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._count = 0

    def value(self, value: Any, path: Path) -> None:
        self._count += 1
        if isinstance(value, str):
            self._text(value, path)
        elif isinstance(value, dict | list):
            self._collection(value, path)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, float):
            if not math.isfinite(value):
                self._report(path, f"{value} is not a number that can be used here.", "Write a finite number.")
        elif isinstance(value, int) and not isinstance(value, bool):
            if not -_LARGEST <= value < _LARGEST:
                self._report(path, "This number does not fit into 64 bits.", "Write a smaller one, or text in quotes.")
        elif value is not None and not isinstance(value, bool):
            self._report(path, f"{quoted(str(value))} is a date or time.", "Put quotes around it.")

    def _collection(self, value: dict[Any, Any] | list[Any], path: Path) -> None:
        if len(path) >= MOST_DEPTH or self._count > MOST_VALUES:
            self._report(
                path, f"This is nested deeper than {MOST_DEPTH} levels or holds too much.", "Flatten or split it."
            )
            return
        if isinstance(value, list):
            for number, item in enumerate(value):
                self.value(item, (*path, number))
            return
        for key, item in value.items():
            below = (*path, key)
            if key.startswith("$"):
                self._report(
                    below,
                    f"The key {quoted(key)} begins with $.",
                    "Such keys are kept for the engine; name it otherwise.",
                )
            self._text(key, below)
            self.value(item, below)

    def _text(self, text: str, path: Path) -> None:
        if len(text) > LONGEST_TEXT:
            self._report(path, f"This text is longer than {LONGEST_TEXT >> 10} KiB.", "Shorten it.")
        elif not text.isprintable() and (found := _UNFIT.search(text)):
            self._report(
                path,
                f"This text holds the character U+{ord(found[0]):04X}.",
                "Take it out; line ends are plain newlines.",
            )
