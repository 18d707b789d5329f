"""JSON: values by the standard library, places by a scan of the same text."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from engine.notation.depth import place_of, too_deep
from engine.notation.document import MOST_DEPTH, MOST_VALUES, Flaw, Unreadable
from engine.notation.nodes import Node, NodeTree

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')

_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_LONGEST_NUMBER = 4000


def read_json(text: str) -> tuple[Any, NodeTree]:
    """The data, and where it stands.

    Raises `Unreadable` with every flaw.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as wrong:
        raise Unreadable(
            Flaw(
                f"This is not JSON: {wrong.msg}.", "Check commas, quotes and brackets there.", wrong.lineno, wrong.colno
            )
        ) from None
    except RecursionError:
        raise Unreadable(too_deep(text)) from None
    except ValueError as wrong:
        said, place = str(wrong)[:120], _place_of_number(text)
        raise Unreadable(Flaw(f"This is not JSON: {said}.", "Write a plain number or text.", *place)) from None
    scan = _Scan(text)
    tree = NodeTree(scan.node(0))
    if scan.flaws:
        raise Unreadable(*scan.flaws)
    return data, tree


def _place_of_number(text: str) -> tuple[int, int]:
    """Of the first token that Python takes for a number and JSON does not, or that is too long for one."""
    tokens = (
        token
        for token in _TOKEN.finditer(text)
        if token[0] in _CONSTANTS or (len(token[0].strip("-0123456789")) == 0 and len(token[0]) > _LONGEST_NUMBER)
    )
    found = next(tokens, None)
    return place_of(text, found.start()) if found else (1, 1)


def scan_json(text: str) -> NodeTree:
    """The nodes of a text that is known to be JSON."""
    return NodeTree(_Scan(text).node(0))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


class _Scan:
    def __init__(self, text: str) -> None:
        self.flaws: list[Flaw] = []
        self._tokens = _TOKEN.finditer(text)
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._count = 0

    def node(self, depth: int) -> Node:
        return self._node(next(self._tokens), depth)

    def _node(self, token: re.Match[str], depth: int) -> Node:
        self._count += 1
        node = self._at(token)
        if depth > MOST_DEPTH or self._count > MOST_VALUES:
            what = (
                f"nested deeper than {MOST_DEPTH} levels" if depth > MOST_DEPTH else f"more than {MOST_VALUES:,} values"
            )
            raise Unreadable(Flaw(f"This is {what}.", "Flatten or split it.", node.line, node.column))
        if token[0] == "{":
            node.kind, node.flow = "map", True
            node.pairs, node.end = self._pairs(depth)
        elif token[0] == "[":
            node.kind, node.flow = "list", True
            node.items, node.end = self._items(depth)
        return node

    def _pairs(self, depth: int) -> tuple[Sequence[tuple[Node, Node]], int]:
        pairs: list[tuple[Node, Node]] = []
        seen: set[str] = set()
        while (token := next(self._tokens))[0] != "}":
            if token[0] == ",":
                continue
            key = self._at(token)
            if key.text in seen:
                self.flaws.append(
                    Flaw(f"The key {key.text[:60]!r} is there twice.", "Keep one of them.", key.line, key.column)
                )
            seen.add(key.text)
            next(self._tokens)
            pairs.append((key, self.node(depth + 1)))
        return pairs, token.end()

    def _items(self, depth: int) -> tuple[Sequence[Node], int]:
        items: list[Node] = []
        while (token := next(self._tokens))[0] != "]":
            if token[0] != ",":
                items.append(self._node(token, depth + 1))
        return items, token.end()

    def _at(self, token: re.Match[str]) -> Node:
        line = bisect.bisect_right(self._lines, token.start())
        column = token.start() - self._lines[line - 1] + 1
        text = token[0]
        if text[0] != '"':
            return Node("plain", token.start(), token.end(), line, column, text)
        return Node("text", token.start(), token.end(), line, column, json.loads(text) if "\\" in text else text[1:-1])
