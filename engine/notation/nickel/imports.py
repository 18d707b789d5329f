"""Imports: every file that Nickel source may read, found before it is evaluated, and refused where it lies outside.

The search takes too much for an import rather than too little: also what stands in a comment or in text. What it
lets through names files of the workspace alone, and evaluation sees copies of those.
"""

from __future__ import annotations

import bisect
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.notation.document import MOST_BYTES, Flaw
from engine.notation.problems import quoted
from engine.notation.text_file import Unfit, read_text_file

MOST_FILES = 500
_SPACE = re.compile(r"\s*")
_PATH = re.compile(r"([^\"\\%\x00-\x1f]+)\"(?:\s*as\s*'(\w+))?")
_MAYBE_AS = re.compile(r"\s*(?:as|#)")
_DATA = (".json", ".toml", ".txt", ".yaml", ".yml")
_DATA_FORMATS = ("Json", "Text", "Toml", "Yaml")
_PLAIN = 'Write it as import "path", with the path relative to this file and in plain text.'


@dataclass(frozen=True, slots=True)
class _Import:
    path: str
    at: int
    is_code: bool


class Closure:
    """Some files and everything that they import, directly or not, as text; `flaws` are by the file they stand in."""

    def __init__(self, folder: Path, texts: Mapping[str, str]) -> None:
        self._folder = folder.resolve()
        self._targets: dict[str, set[str]] = {}
        self.texts = dict(texts)
        self.flaws: dict[str, list[Flaw]] = {}
        waiting, scanned = list(texts), set[str]()
        while waiting:
            file = waiting.pop()
            if file not in scanned:
                scanned.add(file)
                waiting += self._follow(file)

    def reached(self, file: str) -> frozenset[str]:
        """What the file imports, directly or not."""
        found, waiting = set[str](), [file]
        while waiting:
            new = self._targets.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)

    def _follow(self, file: str) -> list[str]:
        """The files of code that this one imports; every file is read once."""
        code: list[str] = []
        targets = self._targets.setdefault(file, set())
        text = self.texts[file]
        try:
            for each in _imports(text):
                target = self._opened(file, each)
                if target is None:
                    continue
                targets.add(target)
                if each.is_code:
                    code.append(target)
        except _At as wrong:
            self.flaws.setdefault(file, []).append(wrong.flaw(text))
        return code

    def _opened(self, file: str, wanted: _Import) -> str | None:
        try:
            target = self._target(file, wanted.path)
            if target is not None:
                self._read(target)
            return target
        except Unfit as refusal:
            message, hint = str(refusal), refusal.hint
        except OSError as failure:
            message, hint = f"it can't be read ({failure.strerror}).", "Mend its path or its rights."
        raise _At(wanted.at, f"The import of {quoted(wanted.path)} is refused: {message}", hint)

    def _target(self, file: str, path: str) -> str | None:
        """The path inside the workspace; None where there is no such file, which evaluation will say."""
        if path.startswith("/"):
            raise Unfit("it is an absolute path.", "Imports read files of the workspace alone; write a relative path.")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        if target.startswith(".."):
            raise Unfit("it leaves the workspace.", "Copy the file into the workspace.")
        if any(part.startswith(".") for part in target.split("/")):
            raise Unfit("hidden files are not read.", "Give the file another name.")
        there = self._folder / target
        if not there.exists() and not there.is_symlink():
            return None
        real = there.resolve()
        if not real.is_relative_to(self._folder):
            raise Unfit("it is a link that leaves the workspace.", "Copy the file into the workspace.")
        if any(part.startswith(".") for part in real.relative_to(self._folder).parts):
            raise Unfit("hidden files are not read.", "Give the file another name.")
        return target

    def _read(self, target: str) -> None:
        if target in self.texts:
            return
        if len(self.texts) >= MOST_FILES:
            raise Unfit(f"more than {MOST_FILES} files are read already.", "Merge some.")
        try:
            self.texts[target] = read_text_file(self._folder / target, self._folder, MOST_BYTES)
        except Unfit as refusal:
            raise Unfit(f"{str(refusal)[0].lower()}{str(refusal)[1:]}", refusal.hint) from None


def imports_of(folder: Path, file: str, text: str) -> list[str]:
    """Every file of the workspace that this one reads, directly or not."""
    return sorted(Closure(folder, {file: text}).reached(file))


class _At(Exception):
    def __init__(self, at: int, message: str, hint: str) -> None:
        super().__init__(message)
        self._at, self._hint = at, hint

    def flaw(self, text: str) -> Flaw:
        line = text.count("\n", 0, self._at) + 1
        return Flaw(str(self), self._hint, line, self._at - (text.rfind("\n", 0, self._at) + 1) + 1)


def _imports(text: str) -> list[_Import]:
    """Raises `_At` for one whose path can't be told for sure."""
    lone = re.search(r"\r(?!\n)", text)
    if lone and "import" in text:
        raise _At(lone.start(), "A carriage return stands alone.", "Lines end with a newline, or with both.")
    gaps = _Gaps(text)
    found: list[_Import] = []
    for word in reversed([each.span() for each in re.finditer("import", text)]):
        begins = gaps.end(word[1])
        if not text.startswith('"', begins):
            continue
        path = _PATH.match(text, begins + 1)
        if path is None:
            raise _At(word[0], "The path of this import is not plain text.", _PLAIN)
        if path[2]:
            is_code = path[2] not in _DATA_FORMATS
        else:
            is_code = not path[1].endswith(_DATA) or _MAYBE_AS.match(text, path.end()) is not None
        found.append(_Import(path[1], word[0], is_code))
    return found[::-1]


class _Gaps:
    """What may stand between two words: white space and comments, each line of which is walked through once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [found.start() for found in re.finditer("\n", text)]
        self._known: dict[int, int] = {}

    def end(self, at: int) -> int:
        """Where the gap ends that begins here. Asked from the end of the text to its beginning, it is quick."""
        passed: list[int] = []
        while at not in self._known:
            passed.append(at)
            at = self._space(at)
            if not self._text.startswith("#", at):
                break
            line = bisect.bisect_left(self._newlines, at)
            at = self._newlines[line] + 1 if line < len(self._newlines) else len(self._text)
        end = self._known.get(at, at)
        self._known.update(dict.fromkeys(passed, end))
        return end

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at
