"""Edits of TOML: the statements concerned are rewritten, all others stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from engine.notation.nodes import Keys, Path
from engine.notation.splice import Splice, line_end, line_start, lines_gone, newline, spliced
from engine.notation.toml_reader import Statement, TomlPlaces
from engine.notation.toml_text import dotted_text, inline_text, key_text, value_text


def merge_toml(text: str, path: Keys, changes: Mapping[str, Any]) -> str:
    """The text with the changes merged into the mapping at `path`, which is made where there is none.

    Raises `CannotEdit`.
    """
    statements = TomlPlaces(text).statements
    around = _inline_around(statements, path)
    if around:
        return spliced(text, [_inline_merged(text, around, path, changes)])
    splices = _merged(text, statements, path, changes)
    if not _of(statements, path) and not splices:
        splices = _added(text, statements, path, {})
    return spliced(text, splices)


def drop_toml(text: str, path: Keys) -> str:
    """The text without what stands at `path`, and without the tables that this leaves empty."""
    statements = TomlPlaces(text).statements
    gone = _of(statements, path)
    around = _inline_around(statements, path[:-1])
    if around:
        data = _value_at(text, around.path)
        inner = data
        for step in path[len(around.path) : -1]:
            inner = inner[step]
        del inner[path[-1]]
        left = {key: value for key, value in data.items() if value} if len(around.path) < len(path) - 1 else data
        if left:
            return spliced(text, [Splice(around.value, around.end, inline_text(left))])
        gone = [around]
    for outer in (path[:length] for length in range(len(path) - 1, 0, -1)):
        inside = _of(statements, outer)
        if all(each in gone or each.path == outer for each in inside):
            gone = inside
    return spliced(text, _removed(text, statements, gone))


def _of(statements: Sequence[Statement], path: Path) -> list[Statement]:
    return [each for each in statements if each.path[: len(path)] == path]


def _inline_around(statements: Sequence[Statement], path: Path) -> Statement | None:
    """The pair whose inline table holds the path."""
    return next((each for each in statements if not each.is_header and each.path == path[: len(each.path)]), None)


def _value_at(text: str, path: Path) -> dict[str, Any]:
    value: Any = tomllib.loads(text)
    for step in path:
        value = value[step]
    return value


def _inline_merged(text: str, around: Statement, path: Path, changes: Mapping[str, Any]) -> Splice:
    data = _value_at(text, around.path)
    body: dict[Any, Any] = data
    for step in path[len(around.path) :]:
        body = body.setdefault(step, {})
    body.update(changes)
    for key in [key for key, value in changes.items() if value is None]:
        del body[key]
    return Splice(around.value, around.end, inline_text(data))


def _merged(text: str, statements: Sequence[Statement], path: Path, changes: Mapping[str, Any]) -> list[Splice]:
    splices: list[Splice] = []
    added: dict[str, Any] = {}
    stays = list(statements)
    for key, value in changes.items():
        below = (*path, key)
        own = _of(statements, below)
        if isinstance(value, dict) and any(each.is_header and each.path == below for each in own):
            splices += _merged(
                text, statements, below, _difference(_value_at(text, below), cast(dict[str, Any], value))
            )
        elif value is not None and len(own) == 1 and own[0].path == below and not own[0].is_header:
            splices.append(Splice(own[0].value, own[0].end, value_text(value, newline(text))))
        else:
            splices += _removed(text, statements, own)
            stays = [each for each in stays if each not in own]
            added.update({} if value is None else {key: value})
    return [*splices, *(_added(text, stays, path, added) if added else [])]


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be set, and what is gone as None; 1, 1.0 and true differ."""
    gone: dict[str, Any] = dict.fromkeys(key for key in before if key not in after)
    moved = {key: value for key, value in after.items() if key not in before or repr(before[key]) != repr(value)}
    return {**gone, **moved}


def _added(text: str, statements: Sequence[Statement], path: Path, added: Mapping[str, Any]) -> list[Splice]:
    """New pairs below those that the table has, or under a header of its own."""
    header = next((each for each in statements if each.is_header and each.path == path), None)
    dotted = [each for each in _of(statements, path) if not each.is_header and len(each.table) < len(path)]
    lines = [f"{key_text(key)} = {value_text(value, newline(text))}" for key, value in added.items()]
    if not path:
        return [_at_the_top(text, statements, lines)]
    if header:
        last = [each for each in statements if each.table == path][-1]
        return [_inserted(text, last.end, lines)]
    if dotted:
        prefix = dotted_text(path[len(dotted[-1].table) :])
        return [_inserted(text, dotted[-1].end, [f"{prefix}.{line}" for line in lines])]
    lines = [f"[{dotted_text(path)}]", *lines]
    after = _section_end(statements, _of(statements, path) or _of(statements, path[:2]))
    if after is None:
        return [_at_the_end(text, lines)]
    return [_inserted(text, after, ["", *lines])]


def _section_end(statements: Sequence[Statement], of: Sequence[Statement]) -> int | None:
    """Where the section that holds the last of these ends; None for the end of the text."""
    if not of:
        return None
    rest = statements[statements.index(of[-1]) + 1 :]
    following = next((number for number, each in enumerate(rest) if each.is_header), None)
    if following is None:
        return (rest[-1] if rest else of[-1]).end
    return rest[following - 1].end if following else of[-1].end


def _inserted(text: str, after: int, lines: Sequence[str]) -> Splice:
    end = line_end(text, after)
    return Splice(end, end, "".join(newline(text) + line for line in lines))


def _at_the_top(text: str, statements: Sequence[Statement], lines: Sequence[str]) -> Splice:
    """Pairs of no table: below those that there are, or above the first header and the comments that belong to it."""
    pairs = [each for each in statements if not each.is_header and not each.table]
    if pairs:
        return _inserted(text, pairs[-1].end, lines)
    if not statements:
        gap = "" if not text or text.endswith("\n") else newline(text)
        return Splice(len(text), len(text), gap + "".join(line + newline(text) for line in lines))
    start = line_start(text, statements[0].start)
    while start and text[line_start(text, start - 1) : start].lstrip().startswith("#"):
        start = line_start(text, start - 1)
    return Splice(start, start, "".join(line + newline(text) for line in lines) + newline(text))


def _at_the_end(text: str, lines: Sequence[str]) -> Splice:
    gap = "" if not text or text.endswith("\n") else newline(text)
    blank = newline(text) if text.strip() else ""
    return Splice(len(text), len(text), gap + blank + "".join(line + newline(text) for line in lines))


def _removed(text: str, statements: Sequence[Statement], gone: Sequence[Statement]) -> list[Splice]:
    """Whole lines; what stands between two neighbours that go, goes with them."""
    starts = {each.start for each in gone}
    marked = groupby(statements, lambda each: each.start in starts)
    runs = [list(run) for is_gone, run in marked if is_gone]
    return [_lines_gone(text, run[0], run[-1]) for run in runs]


def _lines_gone(text: str, first: Statement, last: Statement) -> Splice:
    """From line to line, and a blank line before a header."""
    start, end = line_start(text, first.start), line_end(text, last.end)
    before = line_start(text, start - 1) if start else 0
    start = before if first.is_header and not text[before:start].strip() else start
    return lines_gone(text, start, end)
