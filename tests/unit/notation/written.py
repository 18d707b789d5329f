"""Commented TOML and YAML files in the ways people write them, with the lines that each key takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Choose = Callable[[int], int]
Path = tuple[str, ...]
KEYS = ("size", "on", "a b", "übung", "dot.ted", "x-1", "2", "host")
TABLES = ("values", "planning", "deep", "q.q", "größe")
SCALARS = (
    "small",
    "",
    "a # b",
    'say "hi"',
    "tab\there",
    "zoë",
    "C:\\temp",
    3,
    -7,
    2.5,
    True,
    False,
    "{{ settings.values.size }}",
)


@dataclass
class Written:
    """`spans` has the lines of each key and header, from the first to the one behind the last."""

    lines: list[str] = field(default_factory=list)
    spans: list[tuple[Path, int, int]] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)

    def add(self, path: Path, *lines: str) -> None:
        self.spans.append((path, len(self.lines), len(self.lines) + len(lines)))
        self.lines += lines

    def text(self, choose: Choose) -> str:
        end = "\r\n" if not choose(3) else "\n"
        return end.join(self.lines) + (end if choose(3) else "")

    def lines_of(self, path: Path) -> set[int]:
        """Those of the path itself and of all below it, with what stands between them."""
        found, last = set[int](), None
        for each, start, end in self.spans:
            inside = each[: len(path)] == path
            found |= set(range(start if last is None else last, end)) if inside else set()
            last = end if inside else None
        return found


def remarks(written: Written, choose: Choose, indent: str = "") -> None:
    for _ in range(choose(3)):
        written.lines.append(("", f"{indent}# note — [not.a.table] = 1", f"{indent}# x: 1")[choose(3)])


def tail(choose: Choose) -> str:
    return ("", "  # why", "   #é")[choose(3)]


def as_toml(choose: Choose) -> Written:
    written = Written()
    remarks(written, choose)
    _pairs(written, (), "", choose, 2)
    for name in TABLES[: 1 + choose(len(TABLES))]:
        _table(written, (name,), choose, 2)
    if not choose(2):
        for number in range(1 + choose(2)):
            remarks(written, choose)
            written.add(("list", str(number)), f"[[ list ]]{tail(choose)}")
            _pairs(written, ("list", str(number)), "", choose, 2)
    remarks(written, choose)
    return written


def _table(written: Written, path: Path, choose: Choose, deeper: int) -> None:
    style = choose(4)
    remarks(written, choose)
    if style == 0:
        written.add(path, f"{dotted(path)} = {inline(choose)}{tail(choose)}") if len(path) == 1 and not _has_header(
            written
        ) else _headed(written, path, choose, deeper)
    elif style == 1 and not _has_header(written):
        written.tables.append(path)
        _pairs(written, path, f"{dotted(path)}.", choose, 3)
    else:
        _headed(written, path, choose, deeper)


def _has_header(written: Written) -> bool:
    return any(line.startswith("[") for line in written.lines)


def _headed(written: Written, path: Path, choose: Choose, deeper: int) -> None:
    written.tables.append(path)
    written.add(path, f"[{dotted(path)}]{tail(choose)}")
    remarks(written, choose)
    _pairs(written, path, "", choose, 3)
    if deeper and not choose(2):
        _headed(written, (*path, ("inner", "in.ner")[choose(2)]), choose, deeper - 1)


def _pairs(written: Written, path: Path, prefix: str, choose: Choose, most: int) -> None:
    for key in sorted(KEYS[choose(4) :][: choose(most + 1)], key=lambda _: choose(5)):
        indent = "  " * choose(2)
        first, *rest = toml_value(choose)
        written.add((*path, key), f"{indent}{prefix}{toml_key(key, choose)} = {first}", *rest)
        written.lines[-1] += tail(choose)
        if not choose(3):
            remarks(written, choose, indent)


def toml_key(key: str, choose: Choose) -> str:
    if key.isascii() and key.replace("-", "").isalnum() and choose(3):
        return key
    return f"'{key}'" if choose(2) else json.dumps(key, ensure_ascii=False)


def dotted(path: Path) -> str:
    return " . ".join(toml_key(each, lambda _: 1) for each in path)


def toml_value(choose: Choose) -> list[str]:
    scalar = SCALARS[choose(len(SCALARS))]
    style = choose(6)
    if style == 0:
        return ['"""', "# no comment", "[no.table]", f'x = 1 {choose(9)}"""']
    if style == 1:
        return ["[", "  1,  # one", "  2", "]"]
    if style == 2:
        return ["'''a", "  = ]b''''"]
    if style == 3:
        return [inline(choose)]
    return [json.dumps(scalar, ensure_ascii=False)]


def inline(choose: Choose) -> str:
    body = ", ".join(
        f"{toml_key(key, choose)} = {json.dumps(SCALARS[choose(len(SCALARS))], ensure_ascii=False)}"
        for key in KEYS[: choose(3)]
    )
    return f"{{ {body} }}" if body else "{}"


def as_yaml(choose: Choose) -> Written:
    written = Written()
    remarks(written, choose)
    _mapping(written, (), "", choose, (*TABLES[: 1 + choose(4)], *KEYS[: choose(4)]), 2)
    remarks(written, choose)
    return written


def _mapping(written: Written, path: Path, indent: str, choose: Choose, keys: tuple[str, ...], deeper: int) -> None:
    for key in sorted(keys, key=lambda _: choose(5)):
        below = (*path, key)
        shown = f"{indent}{yaml_key(key, choose)}:"
        if not choose(3):
            remarks(written, choose, indent)
        style = choose(7)
        if style == 0 and deeper:
            written.add(below, shown + tail(choose))
            written.tables.append(below)
            remarks(written, choose, indent + "  ")
            _mapping(
                written, below, indent + " " * (1 + choose(4)), choose, KEYS[choose(3) :][: 1 + choose(4)], deeper - 1
            )
        elif style == 1:
            written.add(
                below, f"{shown} |" + ("", "-", "+")[choose(3)], f"{indent}  # no comment", "", f"{indent}    x: 1"
            )
        elif style == 2:
            lead = indent + ("", "  ")[choose(2)]
            written.add(
                below,
                shown + tail(choose),
                f"{lead}- one{tail(choose)}",
                f"{lead}- a: 1",
                f"{lead}  b: 2{tail(choose)}",
            )
        elif style == 3:
            body = ", ".join(
                f"{yaml_key(each, choose)}: {json.dumps(SCALARS[choose(len(SCALARS))], ensure_ascii=False)}"
                for each in KEYS[: choose(3)]
            )
            written.add(below, f"{shown} {{{body}}}{tail(choose)}")
        elif style == 4:
            written.add(below, f"{shown} 'it''s", f"{indent}  long'{tail(choose)}")
        elif style == 5:
            written.add(below, f"{shown} plain", f"{indent}   and more{tail(choose)}")
        else:
            written.add(below, f"{shown} {json.dumps(SCALARS[choose(len(SCALARS))], ensure_ascii=False)}{tail(choose)}")


def yaml_key(key: str, choose: Choose) -> str:
    if key in ("on", "2") or not choose(3):
        return json.dumps(key, ensure_ascii=False)
    return key


def at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data
