"""Nodes: a YAML or JSON document as a tree that knows where each part stands in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
Keys = tuple[str, ...]
Kind = Literal["map", "list", "plain", "text", "alias"]


@dataclass(slots=True, eq=False)
class Node:
    """`start` and `end` are offsets in characters; `line` and `column` count from 1.

    A "plain" scalar stands without quotes, a "text" is any other scalar, an "alias" points to `target`. `flow` marks
    collections in brackets, `block` scalars that begin with | or >. The `end` of a block collection is not exact.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    text: str = ""
    flow: bool = False
    block: bool = False
    target: Node | None = None
    pairs: Sequence[tuple[Node, Node]] = ()
    items: Sequence[Node] = ()


class NodeTree:
    """Finds nodes by path; mappings are indexed when they are first walked through."""

    def __init__(self, root: Node | None) -> None:
        self.root = root
        self._indexes: dict[int, dict[str, tuple[Node, Node]]] = {}

    def pair(self, mapping: Node, key: str) -> tuple[Node, Node] | None:
        index = self._indexes.get(id(mapping))
        if index is None:
            index = self._indexes[id(mapping)] = {pair[0].text: pair for pair in mapping.pairs}
        return index.get(key)

    def locate(self, path: Path) -> tuple[int, int]:
        """Line and column of the path, or of as much of it as there is."""
        node = self.root
        place = (node.line, node.column) if node else (1, 1)
        for step in path:
            node = node.target if node and node.kind == "alias" else node
            if node is None:
                break
            pair = self.pair(node, step) if isinstance(step, str) else None
            if pair:
                place, node = (pair[0].line, pair[0].column), pair[1]
            elif isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                place = (node.line, node.column)
            else:
                break
        return place
