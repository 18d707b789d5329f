"""Edits of mappings in braces: JSON, and YAML's flow style."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.notation.json_reader import scan_json
from engine.notation.nodes import Keys, Node
from engine.notation.splice import Splice, line_start, newline, spliced

_COMMA = re.compile(r"\s*,")
_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class FlowStyle:
    """`value` writes a value whose lines after the first begin with the given indentation, `key` a key."""

    value: Callable[[Any, str], str]
    key: Callable[[str], str]


def merge_flow(text: str, mapping: Node, changes: Mapping[str, Any], style: FlowStyle) -> list[Splice]:
    """Set each key to its value; None takes the key out."""
    pairs = {key.text: (key, value) for key, value in mapping.pairs}
    kept = [pair for pair in mapping.pairs if changes.get(pair[0].text, ...) is not None]
    added = {key: value for key, value in changes.items() if value is not None and key not in pairs}
    if not kept:
        return [_rewritten(text, mapping, added, style)]
    splices = [
        Splice(pairs[key][1].start, pairs[key][1].end, _new_value(text, *pairs[key], value, style))
        for key, value in changes.items()
        if value is not None and key in pairs
    ]
    splices += _removals(text, mapping, changes)
    if added:
        last = kept[-1][1].end
        parts = [
            f",{_gap(text, kept[-1][0])}{_pair(text, kept[-1][0], key, value, style)}" for key, value in added.items()
        ]
        splices.append(Splice(last, last, "".join(parts)))
    return splices


def _new_value(text: str, key: Node, old: Node, value: Any, style: FlowStyle) -> str:
    written = style.value(value, _indent(text, key.start))
    if old.start > key.end and ":" in text[key.end : old.start]:
        return written if old.start < old.end or text[old.start - 1] == " " else f" {written}"
    return f": {written}"


def _removals(text: str, mapping: Node, changes: Mapping[str, Any]) -> list[Splice]:
    """Each gone pair with the comma after it, or, after the last kept one, with the comma before it."""
    gone = [changes.get(key.text, ...) is None for key, _ in mapping.pairs]
    last_kept = max(number for number, is_gone in enumerate(gone) if not is_gone)
    splices: list[Splice] = []
    for number, (key, _) in enumerate(mapping.pairs):
        if gone[number] and number < last_kept:
            splices.append(Splice(key.start, mapping.pairs[number + 1][0].start, ""))
    if last_kept < len(gone) - 1:
        splices.append(Splice(mapping.pairs[last_kept][1].end, mapping.pairs[-1][1].end, ""))
    return splices


def _rewritten(text: str, mapping: Node, added: Mapping[str, Any], style: FlowStyle) -> Splice:
    return Splice(mapping.start, mapping.end, style.value(dict(added), _indent(text, mapping.start)))


def _gap(text: str, key: Node) -> str:
    """What stands before a key: a new line with its indentation, or a space."""
    start = line_start(text, key.start)
    return newline(text) + text[start : key.start] if text[start : key.start].isspace() else " "


def _pair(text: str, sibling: Node, key: str, value: Any, style: FlowStyle) -> str:
    return f"{style.key(key)}: {style.value(value, _indent(text, sibling.start))}"


def _indent(text: str, at: int) -> str:
    found = _INDENT.match(text, line_start(text, at))
    return found[0] if found else ""


def merge_json(text: str, path: Keys, changes: Mapping[str, Any]) -> str:
    """The text with the changes merged into the mapping at `path`, which is made where there is none."""
    tree, style = scan_json(text), json_style(text)
    node, nested = tree.root, changes
    for number, step in enumerate(path):
        pair = tree.pair(node, step) if node else None
        if pair and pair[1].kind == "map":
            node = pair[1]
            continue
        nested = {key: value for key, value in changes.items() if value is not None}
        for key in reversed(path[number:]):
            nested = {key: nested}
        break
    return spliced(text, merge_flow(text, node, nested, style)) if node else text


def drop_json(text: str, path: Keys) -> str:
    """The text without what stands at `path`, and without the mappings that this leaves empty."""
    tree = scan_json(text)
    node, doomed = tree.root, None
    for step in path:
        pair = tree.pair(node, step) if node else None
        if node is None or pair is None:
            return text
        doomed = (node, step) if doomed is None or len(node.pairs) > 1 else doomed
        node = pair[1]
    return spliced(text, merge_flow(text, doomed[0], {doomed[1]: None}, json_style(text))) if doomed else text


def json_style(text: str) -> FlowStyle:
    found = re.search(r"\n([ \t]+)\S", text)
    step: str | None = found[1] if found else (None if "\n" not in text.strip() and text.strip() != "{}" else "  ")

    def value(value: Any, indent: str) -> str:
        flat = json.dumps(value, ensure_ascii=False)
        if (
            step is None
            or not value
            or not isinstance(value, dict | list)
            or (isinstance(value, list) and len(flat) < 80)
        ):
            return flat
        return json.dumps(value, ensure_ascii=False, indent=step).replace("\n", newline(text) + indent)

    return FlowStyle(value, lambda key: json.dumps(key, ensure_ascii=False))
