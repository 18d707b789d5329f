"""YAML by its 1.2 core schema: only null, true, false, numbers and text; no tags, no merges, aliases in moderation."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from engine.notation.depth import place_of
from engine.notation.document import MOST_DEPTH, MOST_VALUES, Flaw, Unreadable
from engine.notation.nodes import Node, NodeTree

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_MOST_DIGITS = 40
_UNFIT = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(text: str) -> tuple[Any, NodeTree]:
    """The data, and where it stands.

    Raises `Unreadable` with every flaw.
    """
    tree = compose(text)
    reader = _Reader()
    data = reader.value(tree.root) if tree.root else None
    if reader.flaws:
        raise Unreadable(*reader.flaws)
    return data, tree


def compose(text: str) -> NodeTree:
    """Raises `Unreadable` where the text is no YAML, or has tags or several documents."""
    try:
        composer = _Composer(text)
        return NodeTree(composer.document())
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = " ".join(part for part in (wrong.context, wrong.problem) if part)
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Unreadable(
            Flaw(f"This is not YAML: {said}.", "Check indentation, colons and quotes there.", *place)
        ) from None
    except yaml.YAMLError:
        found = _UNFIT.search(text)
        what = f"the character U+{ord(found[0]):04X} can't stand here" if found else "a character can't stand here"
        place = place_of(text, found.start()) if found else (1, 1)
        raise Unreadable(Flaw(f"This is not YAML: {what}.", "Take unprintable characters out.", *place)) from None


def plain_value(text: str) -> Any:
    """What a scalar without quotes means; infinities and NaN stay text here and are refused elsewhere."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-." and len(text) <= _MOST_DIGITS:
        if _INTEGER.fullmatch(text):
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


class _Composer:
    """Builds nodes from libyaml's events: nesting is bounded before anything recurses."""

    def __init__(self, text: str) -> None:
        self._events = yaml.CLoader(text)
        self._anchors: dict[str, Node] = {}

    def document(self) -> Node | None:
        next_event = self._events.get_event
        next_event()
        if isinstance(next_event(), yaml.StreamEndEvent):
            return None
        root = self._node(next_event(), 0)
        next_event()
        more = next_event()
        if not isinstance(more, yaml.StreamEndEvent):
            raise Unreadable(_flaw(more, "There is more than one document in this file.", "Make it several files."))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None:
            raise Unreadable(_flaw(event, "Tags (!…) are not read.", "Take the tag out; put quotes around text."))
        mark: yaml.Mark = event.start_mark
        node = Node("map", mark.index, event.end_mark.index, mark.line + 1, mark.column + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if isinstance(event, yaml.ScalarEvent):
            node.kind = "plain" if event.implicit[0] else "text"
            node.text, node.block = event.value, event.style in ("|", ">")
            return node
        if depth >= MOST_DEPTH:
            raise Unreadable(_flaw(event, f"This is nested deeper than {MOST_DEPTH} levels.", "Flatten it."))
        node.flow = event.flow_style
        if isinstance(event, yaml.MappingStartEvent):
            self._pairs(node, depth)
        else:
            self._items(node, depth)
        return node

    def _pairs(self, node: Node, depth: int) -> None:
        pairs: list[tuple[Node, Node]] = []
        next_event: Callable[[], Any] = self._events.get_event
        while not isinstance(event := next_event(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            pairs.append((key, self._node(next_event(), depth + 1)))
        node.pairs, node.end = pairs, _end(event)

    def _items(self, node: Node, depth: int) -> None:
        items: list[Node] = []
        node.kind = "list"
        next_event: Callable[[], Any] = self._events.get_event
        while not isinstance(event := next_event(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        node.items, node.end = items, _end(event)

    def _alias(self, event: Any) -> Node:
        mark = event.start_mark
        target = self._anchors.get(event.anchor)
        if target is None:
            raise Unreadable(
                _flaw(event, f"The alias *{event.anchor[:60]} has no anchor before it.", "Write the value out.")
            )
        return Node("alias", mark.index, event.end_mark.index, mark.line + 1, mark.column + 1, target=target)


class _Reader:
    """Turns nodes into data, following aliases; each value that aliases repeat counts again."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self._count = 0
        self._open: set[int] = set()

    def value(self, node: Node, depth: int = 0) -> Any:
        self._count += 1
        if self._count > MOST_VALUES:
            raise Unreadable(Flaw(
                f"It holds more than {MOST_VALUES:,} values, those that aliases repeat counted.", "Split it.",
                node.line, node.column,
            ))  # fmt: skip
        if node.kind == "plain":
            return self._plain(node)
        if node.kind == "text":
            return node.text
        if node.kind == "alias":
            return self._through_alias(node, depth)
        if depth >= MOST_DEPTH:
            raise Unreadable(
                Flaw(f"This is nested deeper than {MOST_DEPTH} levels.", "Flatten it.", node.line, node.column)
            )
        self._open.add(id(node))
        value = (
            self._mapping(node, depth) if node.kind == "map" else [self.value(item, depth + 1) for item in node.items]
        )
        self._open.discard(id(node))
        return value

    def _plain(self, node: Node) -> Any:
        if _NOT_FINITE.fullmatch(node.text):
            self._flaw(node, f"{node.text} is not a number that can be used here.", "Put quotes around text.")
        return plain_value(node.text)

    def _through_alias(self, node: Node, depth: int) -> Any:
        if node.target is None or id(node.target) in self._open:
            self._flaw(node, "This alias stands inside what it repeats.", "Write the value out.")
            return None
        return self.value(node.target, depth)

    def _mapping(self, node: Node, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.pairs:
            key = self._key(key_node)
            value = self.value(value_node, depth + 1)
            if key is None:
                continue
            if key in found:
                self._flaw(key_node, f"The key {key[:60]!r} is there twice.", "Keep one of them.")
            found[key] = value
        return found

    def _key(self, node: Node) -> str | None:
        node = node.target if node.kind == "alias" and node.target else node
        if node.kind == "text":
            return node.text
        if node.kind != "plain" or not isinstance(plain_value(node.text), str):
            self._flaw(node, "This key is no text.", "Put quotes around it.")
            return None
        if node.text == "<<":
            self._flaw(node, "Merge keys (<<) are not read.", "Write the properties out.")
            return None
        return node.text

    def _flaw(self, node: Node, message: str, hint: str) -> None:
        self.flaws.append(Flaw(message, hint, node.line, node.column))


def _flaw(event: Any, message: str, hint: str) -> Flaw:
    return Flaw(message, hint, event.start_mark.line + 1, event.start_mark.column + 1)


def _end(event: Any) -> int:
    return event.end_mark.index
