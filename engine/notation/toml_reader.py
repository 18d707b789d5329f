"""TOML: values by the standard library, places by a scan of headers and keys."""

from __future__ import annotations

import bisect
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from engine.notation.depth import too_deep
from engine.notation.document import Flaw, Unreadable
from engine.notation.nodes import Path

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE = re.compile(r"Cannot declare \((.*)\) twice", re.DOTALL)
_SKIP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|'
    r"'''.*?'{3,5}(?!')|"
    r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[^\s,\[\]{}#=]+(?: [0-9][0-9:.]+[^\s,\[\]{}#=]*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A table's header, or a key with its value, which begins at `value`; `table` is the header it stands under."""

    start: int
    value: int
    end: int
    path: Path
    table: Path

    @property
    def is_header(self) -> bool:
        return self.value == self.end


class TomlPlaces:
    """Where each key of a valid document stands; `statements` in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._offsets: dict[Path, int] = {(): 0}
        self.statements: list[Statement] = []
        self._scan()

    def locate(self, path: Path) -> tuple[int, int]:
        """Line and column of the path, or of as much of it as is known."""
        while path not in self._offsets:
            path = path[:-1]
        offset = self._offsets[path]
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _scan(self) -> None:
        at, counts = self._skip(0), dict[Path, int]()
        table: Path = ()
        while at < len(self._text):
            start = at
            if self._text[at] == "[":
                several = self._text.startswith("[[", at)
                table, at = self._keys(at + (2 if several else 1), ())
                at = self._text.index("]", at) + (2 if several else 1)
                if several:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self.statements.append(Statement(start, at, at, table, table))
            else:
                path, value = self._key_of_pair(at, table)
                at = self._value(value, path)
                self.statements.append(Statement(start, value, at, path, table))
            at = self._skip(at)

    def _key_of_pair(self, at: int, table: Path) -> tuple[Path, int]:
        """The path of a pair, and where its value begins."""
        path, at = self._keys(at, table)
        return path, self._skip(at + 1)

    def _keys(self, at: int, path: Path) -> tuple[Path, int]:
        """A dotted key: the offset of each part is kept, the first time it is seen."""
        while found := _KEY.match(self._text, self._skip(at)):
            path = (*path, _bare(found[0]))
            self._offsets.setdefault(path, found.start())
            at = self._skip(found.end())
            if self._text[at] != ".":
                break
            at += 1
        return path, at

    def _value(self, at: int, path: Path) -> int:
        opening = self._text[at]
        if opening not in "[{":
            found = _SCALAR.match(self._text, at)
            return found.end() if found else at + 1
        number, at = 0, self._skip(at + 1)
        while self._text[at] not in "]}":
            if self._text[at] == ",":
                at = self._skip(at + 1)
                continue
            if opening == "{":
                inner, value = self._key_of_pair(at, path)
                at = self._value(value, inner)
            else:
                self._offsets.setdefault((*path, number), at)
                at, number = self._value(at, (*path, number)), number + 1
            at = self._skip(at)
        return at + 1

    def _skip(self, at: int) -> int:
        found = _SKIP.match(self._text, at)
        return found.end() if found else at


def read_toml(text: str) -> tuple[Any, TomlPlaces]:
    """The data, and where it stands.

    Raises `Unreadable`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        said = str(wrong)
        place = _PLACE.search(said)
        line, column = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n") + 1, 1)
        said = _TWICE.sub(_table_twice, _PLACE.sub("", said))[:160]
        raise Unreadable(
            Flaw(f"This is not TOML: {said}.", "Check quotes, brackets and repeated keys there.", line, column)
        ) from None
    except RecursionError:
        raise Unreadable(too_deep(text)) from None
    except ValueError as wrong:
        raise Unreadable(Flaw(f"This is not TOML: {str(wrong)[:120]}.", "Write a plain number or text.")) from None
    return data, TomlPlaces(text)


def _table_twice(found: re.Match[str]) -> str:
    """The parser names a table as Python writes it."""
    keys = re.findall(r"'((?:[^'\\]|\\.)*)'", found[1])
    return f"The table [{'.'.join(keys)}] is there twice"


def _bare(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] == '"':
        return next(iter(tomllib.loads(f"{key} = 0")))
    return key
