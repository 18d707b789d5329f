"""Edits of YAML: the lines concerned are rewritten, all others stay as they are."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.notation.flow_editor import FlowStyle, merge_flow
from engine.notation.nodes import Keys, Node, NodeTree
from engine.notation.splice import CannotEdit, Splice, line_end, line_start, lines_gone, newline, spliced
from engine.notation.yaml_reader import compose, read_yaml
from engine.notation.yaml_text import block_lines, flow_text, scalar_text

# Blocks of text, which take in the comments and empty lines below what goes.
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_FLOW = FlowStyle(lambda value, _: flow_text(value), scalar_text)


def merge_yaml(text: str, path: Keys, changes: Mapping[str, Any]) -> str:
    """The text with the changes merged into the mapping at `path`, which is made where there is none.

    Raises `CannotEdit`.
    """
    tree = compose(text)
    node, depth = _deepest(tree, path)
    nested = changes
    if depth < len(path):
        nested = {key: value for key, value in changes.items() if value is not None}
    for key in reversed(path[depth:]):
        nested = {key: nested}
    shape = _Shape(_step(tree), len(path) - depth)
    if node is None or node.kind != "map":
        return _appended(text, nested, shape)
    after = spliced(text, _merge(text, tree, node, nested, shape))
    if _BLOCK.search(text) and (read_yaml(after)[0] or {}) != _with(read_yaml(text)[0], path, changes):
        raise CannotEdit
    return after


def _with(data: Any, path: Keys, changes: Mapping[str, Any]) -> Any:
    """The data as it is to be, null taken out."""
    wanted = below = copy.deepcopy(data)
    for step in path:
        below[step] = below.get(step) or {}
        below = below[step]
    below.update(changes)
    for key in [key for key, value in changes.items() if value is None]:
        del below[key]
    return wanted


@dataclass(frozen=True, slots=True)
class _Shape:
    """How far nested lines are indented here, and how many levels of what is new take lines of their own."""

    step: int
    opened: int

    def lines(self, key: str, value: Any) -> list[str]:
        return block_lines(key, value, self.step, self.opened)


def _deepest(tree: NodeTree, path: Keys) -> tuple[Node | None, int]:
    """The last mapping on the path that holds anything, and how many steps lead there."""
    node = tree.root
    for depth, step in enumerate(path):
        pair = tree.pair(node, step) if node else None
        if pair and pair[1].kind == "alias":
            raise CannotEdit
        if pair is None or not pair[1].pairs:
            return node, depth
        node = pair[1]
    return node, len(path)


def drop_yaml(text: str, path: Keys) -> str:
    """The text without what stands at `path`, and without the mappings that this leaves empty.

    Raises `CannotEdit`.
    """
    tree = compose(text)
    node, chain = tree.root, list[tuple[Node, Node, Node]]()
    for step in path:
        pair = tree.pair(node, step) if node else None
        if node is None or pair is None:
            return text
        chain = [*chain, (node, *pair)] if len(node.pairs) == 1 and chain else [(node, *pair)]
        node = pair[1]
    parent, key, value = chain[0]
    if parent.flow:
        return spliced(text, merge_flow(text, parent, {key.text: None}, _FLOW))
    whole = [_line_gone(text, key, value)]
    after = spliced(text, _lines_gone(text, chain) if len(chain) > 1 else whole)
    if not _BLOCK.search(text):
        return after
    left = _without(read_yaml(text)[0], [each.text for _, each, _ in chain], path)
    for each in (after, spliced(text, whole)):
        if (read_yaml(each)[0] or {}) == left:
            return each
    raise CannotEdit


def _without(data: Any, doomed: list[str], path: Keys) -> Any:
    """The data without the first doomed key, which stands `len(doomed)` steps above the end of the path."""
    left = copy.deepcopy(data)
    below = left
    for step in path[: len(path) - len(doomed)]:
        below = below[step]
    del below[doomed[0]]
    return left


def _merge(text: str, tree: NodeTree, mapping: Node, changes: Mapping[str, Any], shape: _Shape) -> list[Splice]:
    if mapping.flow:
        return merge_flow(text, mapping, changes, _FLOW)
    left = [key for key, _ in mapping.pairs if changes.get(key.text, ...) is not None]
    added = [(key, value) for key, value in changes.items() if value is not None and not tree.pair(mapping, key)]
    if not left and not added:
        return [Splice(mapping.pairs[0][0].start, _real_end(text, *mapping.pairs[-1]), "{}")]
    splices: list[Splice] = []
    for key, value in changes.items():
        pair = tree.pair(mapping, key)
        if pair and value is None:
            splices.append(_line_gone(text, *pair, last=not added))
        elif pair:
            splices += _replaced(text, *pair, value, shape)
    indent = _lead(text, mapping.pairs[0][0])
    lines = [indent + line if line else "" for key, value in added for line in shape.lines(key, value)]
    if lines and _ends_open(text, *mapping.pairs[-1]):
        raise CannotEdit
    return [*splices, *_inserted(text, _real_end(text, *mapping.pairs[-1]), lines)]


def _replaced(text: str, key: Node, old: Node, value: Any, shape: _Shape) -> list[Splice]:
    first, *rest = shape.lines("k", value)
    if not rest and not old.block and old.start < old.end and (old.flow or old.kind in ("plain", "text")):
        return [Splice(old.start, old.end, first.removeprefix("k: "))]
    end = _real_end(text, key, old)
    indent = _lead(text, key) if rest else ""
    return [
        Splice(key.end, end, first.removeprefix("k")),
        *_inserted(text, end, [indent + line if line else "" for line in rest]),
    ]


def _inserted(text: str, after: int, lines: list[str]) -> list[Splice]:
    """The lines, below the one that holds the character at `after`."""
    end = line_end(text, after)
    return [Splice(end, end, "".join(newline(text) + line for line in lines))] if lines else []


def _line_gone(text: str, key: Node, value: Node, *, last: bool = True) -> Splice:
    """`last` where nothing is put in below: then what stands above keeps its line break, which may be part of it."""
    start, end = line_start(text, key.start), line_end(text, _real_end(text, key, value))
    if text[start : key.start].strip():
        raise CannotEdit
    return Splice(start, end, "") if last and end == len(text) else lines_gone(text, start, end)


def _lines_gone(text: str, chain: list[tuple[Node, Node, Node]]) -> list[Splice]:
    """The key lines of mappings that become empty, and the resource; comments between them stay."""
    if any(parent.flow for parent, _, _ in chain):
        return [_line_gone(text, *chain[0][1:])]
    keys = [_line_gone(text, key, Node("plain", key.end, key.end, 0, 0)) for _, key, _ in chain[:-1]]
    return [*keys, _line_gone(text, *chain[-1][1:])]


def _appended(text: str, nested: Mapping[str, Any], shape: _Shape) -> str:
    lines = [line for key, value in nested.items() for line in shape.lines(key, value)]
    gap = "" if not text or text.endswith("\n") else newline(text)
    return text + gap + "".join(line + newline(text) for line in lines)


def _lead(text: str, key: Node) -> str:
    """What stands before a key that has a line of its own."""
    lead = text[line_start(text, key.start) : key.start]
    if lead.strip(" "):
        raise CannotEdit
    return lead


def _step(tree: NodeTree) -> int:
    """How far a nested mapping is indented here."""
    pair = tree.pair(tree.root, "resources") if tree.root else None
    if pair and pair[1].kind == "map" and not pair[1].flow and pair[1].pairs:
        return max(pair[1].pairs[0][0].column - pair[0].column, 1)
    return 2


def _ends_open(text: str, key: Node, value: Node) -> bool:
    """Whether the text ends inside a block of the pair: its value would gain a line break by what is put below it."""
    return _last(key, value)[1].block and line_end(text, _real_end(text, key, value)) == len(text)


def _last(key: Node, value: Node) -> tuple[Node, Node]:
    while not value.flow and (value.pairs or value.items):
        key, value = value.pairs[-1] if value.pairs else (value.items[-1], value.items[-1])
    return key, value


def _real_end(text: str, key: Node, value: Node) -> int:
    """Where the last character of a pair stands; what follows are comments and blank lines."""
    key, value = _last(key, value)
    if value.block:
        block = text[value.start : value.end]
        if "+" in block.partition("\n")[0].partition("#")[0]:  # the empty lines below are its own
            return value.start + len(block.removesuffix("\n").removesuffix("\r"))
        return value.start + len(block.rstrip())
    return max(key.end, value.end) if value.kind in ("plain", "text") and value.start == value.end else value.end
