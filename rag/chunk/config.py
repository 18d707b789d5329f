"""Configuration as blocks: a section for each top-level key, table or list item of YAML, TOML, JSON and Nickel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.chunk.block import LONGEST_HEADING, Block, heading
from rag.chunk.plain import paragraph
from rag.model.document import Format

_YAML_KEY = re.compile(r"""(["']?)([^\s#'"\-\[\]{},&*!|>%@`][^:]*?)\1\s*:(?:\s|$)""")
_TOML_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_JSON_KEY = re.compile(r"""\s*(?:"([^"\\]+)"|([A-Za-z_][\w'-]*))\s*[:=]""")
_NICKEL_LET = re.compile(r"let\s+(?:rec\s+)?([A-Za-z_][\w'-]*)\s*=")
_BRACKETS = re.compile(r'["{}\[\]]|\\.')
_COMMENT_SIGNS = ("#", "//")

Titles = Callable[[Sequence[str]], Iterator[tuple[int, str]]]


def config_blocks(lines: Sequence[str], notation: Format) -> Iterator[Block]:
    """The line that names a section is its body's first, after what leads to it right above."""
    begin = 0
    for number, title in _TITLES[notation](lines):
        start = _above(lines, begin, number)
        yield from _body(lines, begin, start)
        yield heading(start, (), 1, title)
        begin = start
    yield from _body(lines, begin, len(lines))


def _body(lines: Sequence[str], begin: int, end: int) -> Iterator[Block]:
    """Paragraphs between blank lines."""
    for number in range(begin, end):
        if not lines[number].strip():
            yield from paragraph(lines, begin, number)
            begin = number + 1
    yield from paragraph(lines, begin, end)


def _above(lines: Sequence[str], begin: int, number: int) -> int:
    """Where the section begins: with its comment, and with the bracket that opens it."""
    while number > begin and _leads(lines[number - 1].strip()):
        number -= 1
    return number


def _leads(line: str) -> bool:
    return line.startswith(_COMMENT_SIGNS) or line in {"{", "[", "---"}


def _yaml_titles(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        if line[:1].strip() and (found := _YAML_KEY.match(line[:LONGEST_HEADING])) is not None:
            yield number, found[2]


def _toml_titles(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        if (found := _TOML_TABLE.match(line[:LONGEST_HEADING])) is not None:
            yield number, found[1]


def _record_titles(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Keys one bracket deep, and Nickel's top-level names."""
    depth, in_string = 0, False
    for number, line in enumerate(lines):
        start = line[:LONGEST_HEADING]
        if depth == 1 and not in_string and (found := _JSON_KEY.match(start)) is not None:
            yield number, found[1] or found[2]
        elif depth == 0 and (found := _NICKEL_LET.match(start)) is not None:
            yield number, found[1]
        depth, in_string = _depth_after(line, depth, in_string=in_string)


def _depth_after(line: str, depth: int, *, in_string: bool) -> tuple[int, bool]:
    for sign in _BRACKETS.finditer(line):
        if sign[0] == '"':
            in_string = not in_string
        elif not in_string and sign[0] in "{[":
            depth += 1
        elif not in_string and sign[0] in "}]":
            depth -= 1
    return depth, in_string


_TITLES: dict[Format, Titles] = {
    Format.YAML: _yaml_titles,
    Format.TOML: _toml_titles,
    Format.JSON: _record_titles,
    Format.NICKEL: _record_titles,
}
