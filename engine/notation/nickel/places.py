"""Places: where Nickel source writes the keys of the records in it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.notation.nickel.tokens import Token, tokens
from engine.notation.nodes import Path

# What a binding holds is part of no path until it is used, which only evaluation knows.
_BINDING: Path = ("\0let",)
_NAME_DEPTH = 3
# Deeper than any manifest may be; longer paths would only cost memory.
_DEEPEST = 50
_CLOSING = {"}": "{", "]": "[", ")": "("}


@dataclass(slots=True)
class _Frame:
    """One open bracket: `current` is the path of the value that is being written, `weak` what a contract says."""

    bracket: str
    prefix: Path
    current: Path
    weak: bool
    expects: bool = False
    annotates: bool = False
    item: int = 0
    outer: list[Path] = field(default_factory=list[Path])


class Places:
    """Found by reading the source, so as good as its layout; what a function makes has the place of its call."""

    def __init__(self, text: str) -> None:
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._found: dict[Path, tuple[int, bool]] = {}
        self._named: dict[str, list[Path]] = {}
        self._frames = [_Frame("", (), (), weak=False)]
        for token in tokens(text):
            self._take(token)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def locate(self, path: Path) -> tuple[int, int]:
        """Line and column of the path, or of as much of it as can be found."""
        known = self._known(path)
        return self._position(self._found[known][0]) if known else (1, 1)

    def rank(self, path: Path) -> tuple[int, int]:
        """Sorts paths by where they are written; those that are not found come last."""
        known = path if path in self._found else self._elsewhere(path)
        return (0, self._found[known][0]) if known else (1, 0)

    def key_after(self, name: str, line: int, column: int) -> tuple[Path, int, int] | None:
        """The first key of that name at or after a place: its path, line and column."""
        start = (self._lines[line - 1] if 0 < line <= len(self._lines) else 0) + column - 1
        found = [(self._found[path][0], path) for path in self._named.get(name, ())]
        at, path = min((each for each in found if each[0] >= start), default=(-1, ()))
        return (path, *self._position(at)) if path else None

    def _known(self, path: Path) -> Path:
        known = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in self._found), ())
        return known if len(known) >= min(_NAME_DEPTH, len(path)) else self._elsewhere(path) or known

    def _elsewhere(self, path: Path) -> Path:
        """A resource's key where it is written apart from its type, in a binding or as an argument; or ()."""
        named = self._named.get(str(path[_NAME_DEPTH - 1])) if len(path) >= _NAME_DEPTH else None
        if not named:
            return ()
        whole = (*named[0], *path[_NAME_DEPTH:])
        return next(whole[:end] for end in range(len(whole), 0, -1) if whole[:end] in self._found)

    def _position(self, at: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def _register(self, path: Path, at: int, *, weak: bool) -> None:
        known = self._found.get(path)
        if known is None:
            self._named.setdefault(str(path[-1]), []).append(path)
        if known is None or (known[1] and not weak):
            self._found[path] = (at, weak)

    def _take(self, token: Token) -> None:
        frame = self._frames[-1]
        if frame.expects and frame.bracket == "[" and token.text != "]":
            self._register(frame.current, token.start, weak=frame.weak)
            frame.expects = False
        if frame.expects and frame.bracket == "{" and self._reads_key(frame, token):
            return
        if token.is_string:
            return
        if token.text in ("{", "[", "("):
            self._open(frame, token.text)
        elif token.text in _CLOSING:
            self._close(frame, token.text)
        elif token.text == ",":
            self._next(frame)
        elif token.text == "=" and not frame.outer:
            frame.annotates = False
        elif token.text == "let":
            frame.outer.append(frame.current)
            frame.current = _BINDING
        elif token.text == "in" and frame.outer:
            frame.current = frame.outer.pop()

    def _reads_key(self, frame: _Frame, token: Token) -> bool:
        if token.is_name:
            frame.current = _deeper(frame.current, token.text)
            self._register(frame.current, token.start, weak=frame.weak)
        elif token.text in ("=", "|", ":"):
            frame.expects, frame.annotates = False, token.text != "="
        elif token.text != ".":
            return False
        return True

    def _open(self, frame: _Frame, bracket: str) -> None:
        weak = frame.weak or frame.annotates
        current = _deeper(frame.current, 0) if bracket == "[" else frame.current
        self._frames.append(_Frame(bracket, frame.current, current, weak, expects=bracket != "("))

    def _close(self, frame: _Frame, bracket: str) -> None:
        if frame.bracket == _CLOSING[bracket]:
            self._frames.pop()

    def _next(self, frame: _Frame) -> None:
        frame.outer.clear()
        if frame.bracket == "{":
            frame.current, frame.expects, frame.annotates = frame.prefix, True, False
        elif frame.bracket == "[":
            frame.item += 1
            frame.current, frame.expects = _deeper(frame.prefix, frame.item), True


def _deeper(path: Path, key: str | int) -> Path:
    return (*path, key) if len(path) < _DEEPEST else path
