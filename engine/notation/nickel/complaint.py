"""Complaints: what Nickel's errors say, as flaws with a place in the workspace's files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engine.notation.document import Flaw
from engine.notation.nickel.places import Places
from engine.notation.problems import nearest

# Stands before the name of a file that we ship.
SHIPPED = "<shipped>/"
_MOST = 20
# How deep a resource lies in a manifest: `resources`, type, name.
_RESOURCE = 3
_LONGEST = 300
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = re.compile(r"^error: ", re.MULTILINE)
_PLACE = re.compile(r"^\s*┌─ (.*):(\d+):(\d+)$")
_SOURCE = re.compile(r"^\s*\d+ │ (.*)$")
_NOTE = re.compile(r"^\s*= (.*)$")
_EXTRA = re.compile(r"extra field `([^`]*)`")
_NO_FILE = re.compile(r"^import of (.*) failed: could not find import.*$")
# Advice on how to loosen a contract, which is seldom the user's own, on options that there are not, and on blame.
_SKIPPED = (
    "Have you misspelled a field?",
    "The record contract might also be too strict",
    "did you forget a --manifest-path",
    "This error comes from an explicit call to `std.fail_with`",
    "The provided message is blamed",
)


@dataclass(frozen=True)
class Sources:
    """The file that was evaluated, the texts of all files that it may read, and of those that are shipped.

    `contract` is the shipped one of a whole file.
    """

    file: str
    texts: Mapping[str, str]
    library: Mapping[str, str]
    contract: str = "Manifest"

    def known_beside(self, field: str, line: int, column: int) -> tuple[int, int, list[str]]:
        """Where that key stands, and the keys that our contract of its resource has."""
        places = Places(self.texts[self.file])
        found = places.key_after(field, line, column)
        if found is None:
            return line, column, []
        path = found[0]
        if len(path) > _RESOURCE and self.contract == "Manifest":
            kind, inner = re.sub(r"[^a-z0-9]", "", str(path[1]).lower()), path[_RESOURCE:-1]
        else:
            kind, inner = self.contract.lower(), path[:-1]
        known = [
            str(each[-1])
            for each in self._contracts
            if len(each) > len(inner) + 1
            and each[len(each) - len(inner) - 1 : -1] == inner
            and str(each[len(each) - len(inner) - 2]).lower() in (kind, "facts")
        ]
        return found[1], found[2], list(dict.fromkeys(known))

    @cached_property
    def _contracts(self) -> list[tuple[str | int, ...]]:
        return [path for text in self.library.values() for path in Places(text)]


@dataclass(frozen=True, slots=True)
class _Block:
    """One stretch of source as an error shows it; `is_main` where the error itself is marked in it."""

    file: str
    line: int
    column: int
    rows: Sequence[str]

    @property
    def is_main(self) -> bool:
        return any("^" in row for row in self.rows if not _SOURCE.match(row))


def complaints(text: str, sources: Sources) -> tuple[Flaw, ...]:
    """Every error in the text, at most twenty; never empty."""
    parts = _ERROR.split(_ANSI.sub("", text))[1:]
    found = [_flaw(part.splitlines(), sources) for part in parts[:_MOST]]
    return tuple(found) or (Flaw("It can't be evaluated.", "Check it with nickel export.", 1, 1),)


def _flaw(lines: Sequence[str], sources: Sources) -> Flaw:
    blocks, notes = _blocks(lines), list(_notes(lines))
    ours = [block for block in blocks if block.file in sources.texts]
    block = next((each for each in ours if each.is_main), ours[0] if ours else None)
    said = _said(lines)
    extra = _EXTRA.search(said)
    if block is None:
        return Flaw(_sentence(said), _hint(notes), 1, 1)
    file = block.file if block.file != sources.file else ""
    line, column = block.line, block.column
    if extra:
        beside = replace(sources, file=block.file)
        line, column, known = beside.known_beside(extra[1], line, column)
        notes = [_choose(extra[1], known)]
    elif said.count(": ") == 0 and (expected := _expected(blocks)):
        said = f"{said}: expected {expected}"
    return Flaw(_sentence(said), _hint(notes), line, column, file)


def _choose(field: str, known: Sequence[str]) -> str:
    return f"{field} is for resources of another provider" if field in known else nearest(field, known, "There are")


def _said(lines: Sequence[str]) -> str:
    """The headline and what is said below it, before any source is shown."""
    head = [lines[0]]
    for line in lines[1:]:
        if not line.startswith("       ") or "┌─" in line or "│" in line:
            break
        head.append(line.strip())
    missing = _NO_FILE.match(head[0])
    return f"import of {missing[1]} failed: the workspace has no such file" if missing else ": ".join(head)


def _blocks(lines: Sequence[str]) -> list[_Block]:
    starts = [(number, found) for number, line in enumerate(lines) if (found := _PLACE.match(line))]
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    return [
        _Block(found[1], int(found[2]), int(found[3]), lines[number + 1 : end])
        for (number, found), end in zip(starts, ends, strict=True)
    ]


def _notes(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        note = _NOTE.match(line)
        if note and not note[1].startswith(_SKIPPED):
            yield note[1].rstrip(".")


def _expected(blocks: Sequence[_Block]) -> str:
    """The contract as it is written where the error underlines it, empty where that can't be told."""
    for block in blocks:
        for number, row in enumerate(block.rows):
            at = row.find("expected type")
            marks = next(
                (each for each in reversed(block.rows[: number + 1]) if "-" in each and not _SOURCE.match(each)), ""
            )
            source = next((each for each in reversed(block.rows[:number]) if _SOURCE.match(each)), "")
            if at < 0 or not source:
                continue
            span = re.search(r"-+(?= expected type)", marks) or re.compile(r"-+").match(marks, at)
            return source[span.start() : span.end()].strip() if span else ""
    return ""


def _sentence(text: str) -> str:
    clean = "".join(char if char.isprintable() else " " for char in text)[:_LONGEST].strip().rstrip(".")
    return f"{clean[:1].upper()}{clean[1:]}{'' if clean.endswith('?') else '.'}"


def _hint(notes: Sequence[str]) -> str:
    return " ".join(_sentence(note) for note in notes[:3] if note)
