"""Edits of YAML: the lines concerned are rewritten, all others stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.manifest.flow_editor import FlowStyle, merge_flow
from engine.manifest.nodes import Node, NodeTree
from engine.manifest.splice import CannotEdit, Splice, line_end, line_start, newline, spliced
from engine.manifest.yaml_reader import compose
from engine.manifest.yaml_text import block_lines, flow_text, scalar_text

_FLOW = FlowStyle(lambda value, _: flow_text(value), scalar_text)


def merge_yaml(text: str, where: tuple[str, str], changes: Mapping[str, Any]) -> str:
    """The text with the changes merged into the resource, which is made where there is none.

    Raises `CannotEdit`.
    """
    tree = compose(text)
    path = ("resources", *where)
    node, nested = tree.root, changes
    for number, step in enumerate(path):
        pair = tree.pair(node, step) if node else None
        if pair and pair[1].pairs:
            node = pair[1]
            continue
        if pair and pair[1].kind == "alias":
            raise CannotEdit
        nested = {key: value for key, value in changes.items() if value is not None}
        for key in reversed(path[number:]):
            nested = {key: nested}
        break
    step = _step(tree)
    if node is None or (node is tree.root and node.kind != "map"):
        return _appended(text, nested, step)
    return spliced(text, _merge(text, tree, node, nested, step))


def drop_yaml(text: str, where: tuple[str, str]) -> str:
    """The text without the resource, and without the mappings that this leaves empty.

    Raises `CannotEdit`.
    """
    tree = compose(text)
    node, chain = tree.root, list[tuple[Node, Node, Node]]()
    for step in ("resources", *where):
        pair = tree.pair(node, step) if node else None
        if node is None or pair is None:
            return text
        chain = [*chain, (node, *pair)] if len(node.pairs) == 1 and chain else [(node, *pair)]
        node = pair[1]
    parent, key, value = chain[0]
    if parent.flow:
        return spliced(text, merge_flow(text, parent, {key.text: None}, _FLOW))
    return spliced(text, _lines_gone(text, chain) if len(chain) > 1 else [_line_gone(text, parent, key, value)])


def _merge(text: str, tree: NodeTree, mapping: Node, changes: Mapping[str, Any], step: int) -> list[Splice]:
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
            splices.append(_line_gone(text, mapping, *pair))
        elif pair:
            splices.append(_replaced(text, *pair, value, step))
    indent, end = _indent(text, mapping), line_end(text, _real_end(text, *mapping.pairs[-1]))
    lines = [indent + line if line else "" for key, value in added for line in block_lines(key, value, step)]
    return [*splices, Splice(end, end, "".join(newline(text) + line for line in lines))]


def _replaced(text: str, key: Node, old: Node, value: Any, step: int) -> Splice:
    lines = block_lines(scalar_text(key.text), value, step)
    one_line = len(lines) == 1 and old.kind != "alias" and not old.block and (old.flow or old.kind in ("plain", "text"))
    if one_line:
        written = flow_text(value)
        return Splice(old.start, old.end, written if text[old.start - 1].isspace() else f" {written}")
    lead = text[line_start(text, key.start) : key.start]
    below = [(lead if lead.isspace() else "") + line if line else "" for line in block_lines("k", value, step)[1:]]
    first = block_lines("k", value, step)[0].removeprefix("k")
    return Splice(key.end, _real_end(text, key, old), newline(text).join([first, *below]))


def _line_gone(text: str, mapping: Node, key: Node, value: Node) -> Splice:
    """Whole lines, with the newline after them, or before them at the end of a text that has none."""
    start, end = line_start(text, key.start), line_end(text, _real_end(text, key, value))
    if text[start : key.start].strip():
        raise CannotEdit
    if end == len(text):
        return Splice(max(start - len(newline(text)), 0), end, "")
    return Splice(start, text.index("\n", end) + 1, "")


def _lines_gone(text: str, chain: list[tuple[Node, Node, Node]]) -> list[Splice]:
    """The key lines of mappings that become empty, and the resource; comments between them stay."""
    parent, key, value = chain[-1]
    if parent.flow:
        parent, key, _ = chain[0]
        return [_line_gone(text, *chain[0])]
    splices = [_line_gone(text, parent, key, value)]
    for outer, outer_key, inner in chain[:-1]:
        if inner.flow:
            return [_line_gone(text, *chain[0])]
        splices.append(_line_gone(text, outer, outer_key, Node("plain", outer_key.end, outer_key.end, 0, 0)))
    return splices


def _appended(text: str, nested: Mapping[str, Any], step: int) -> str:
    lines = [line for key, value in nested.items() for line in block_lines(key, value, step)]
    gap = "" if not text or text.endswith("\n") else newline(text)
    return text + gap + "".join(line + newline(text) for line in lines)


def _indent(text: str, mapping: Node) -> str:
    key = mapping.pairs[0][0]
    lead = text[line_start(text, key.start) : key.start]
    if lead.strip():
        raise CannotEdit
    return lead


def _step(tree: NodeTree) -> int:
    """How far a nested mapping is indented here."""
    pair = tree.pair(tree.root, "resources") if tree.root else None
    if pair and pair[1].kind == "map" and not pair[1].flow and pair[1].pairs:
        return max(pair[1].pairs[0][0].column - pair[0].column, 1)
    return 2


def _real_end(text: str, key: Node, value: Node) -> int:
    """Where the last character of a pair stands; what follows are comments and blank lines."""
    while not value.flow and (value.pairs or value.items):
        key, value = value.pairs[-1] if value.pairs else (value.items[-1], value.items[-1])
    if value.block:
        return value.start + len(text[value.start : value.end].rstrip())
    return max(key.end, value.end) if value.kind in ("plain", "text") and value.start == value.end else value.end
