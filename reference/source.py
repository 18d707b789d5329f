"""What only the source itself can tell: messages of errors, events of the audit log, variables of the environment."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reference.page import ROOT

ROOMS = ("engine", "groundplan", "rag", "server")
# Calls that make a problem or flaw: where the message stands and where its remedy.
_PLACES = {"Problem": (0, 1), "Flaw": (0, 1), "NotRead": (0, 1), "report": (2, 3), "problem": (1, 2)}
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Message:
    """What an error says, with `…` for what is filled in; `kind` is the class or function that was called."""

    kind: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Event:
    """An audit event as a call writes it; a name that ends in `*` has several endings."""

    name: str
    fields: tuple[str, ...]


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in files)


def messages(kinds: Collection[str]) -> Iterator[Message]:
    """Of every call of these classes or functions whose message stands there in words, each once."""
    seen = set[Message]()
    for _, tree in trees():
        for node in ast.walk(tree):
            found = _message(node, kinds) if isinstance(node, ast.Call) else _translated(node, kinds)
            if found and found not in seen:
                seen.add(found)
                yield found


def events() -> list[Event]:
    """By name; the fields of several calls for one event are put together."""
    found: dict[str, dict[str, None]] = {}
    for _, tree in trees():
        for names, fields in _events_of(tree):
            for name in names:
                found.setdefault(name, {}).update(dict.fromkeys(fields))
    return [Event(name, tuple(fields)) for name, fields in sorted(found.items())]


def variables() -> dict[str, list[str]]:
    """Names that are looked up in an environment, and the files that do."""
    found: dict[str, list[str]] = {}
    for path, tree in trees():
        shown = path.relative_to(ROOT).as_posix()
        for name in dict.fromkeys(_looked_up(tree)):
            found.setdefault(name, []).append(shown)
    return dict(sorted(found.items()))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _message(call: ast.Call, kinds: Collection[str]) -> Message | None:
    kind = _called(call)
    if kind not in kinds:
        return None
    at, hint_at = _PLACES.get(kind, (0, len(call.args)))
    text = words_of(call.args[at]) if len(call.args) > at else ""
    named = next((each.value for each in call.keywords if each.arg == "hint"), None)
    hint = named or (call.args[hint_at] if len(call.args) > hint_at else None)
    return Message(kind, text, words_of(hint) if hint else "") if len(text.replace("…", "").strip()) > 8 else None


def _translated(node: ast.AST, kinds: Collection[str]) -> Message | None:
    """A row of a table that turns what others say into an error of ours: (text, class, hint) or (class, text)."""
    match node:
        case ast.Tuple(elts=[ast.Constant() as said, ast.Name(id=kind), ast.Constant() as hint]) if kind in kinds:
            return Message(kind, f"The provider says “{words_of(said)}”", words_of(hint))
        case ast.Tuple(elts=[ast.Name(id=kind), ast.Constant(value=str()) as said]) if kind in kinds:
            return Message(kind, words_of(said), "")
        case _:
            return None


def words_of(node: ast.AST) -> str:
    """The text of a string, `…` for each value in it; empty for what is no string in words."""
    if isinstance(node, ast.Constant):
        return node.value[:_LONGEST] if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else "…" for each in node.values]
        return "".join(str(each) for each in parts)[:_LONGEST]
    return ""


def _events_of(tree: ast.AST) -> Iterator[tuple[list[str], list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "record" and node.args:
            yield _event_names(node.args[0]), ["by", *(name for each in node.keywords for name in _named(each, tree))]
        if isinstance(node, ast.Dict):
            keys = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if "event" in keys:
                yield _event_names(keys["event"]), [str(key) for key in keys if key != "event"]


def _named(keyword: ast.keyword, tree: ast.AST) -> list[str]:
    """The keyword's name; of `**facts` the keys of the dictionary that was given this name."""
    if keyword.arg:
        return [keyword.arg]
    given = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == ast.unparse(keyword.value)
    ]
    return [
        str(key.value)
        for value in given
        for each in ast.walk(value)
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant)
    ]


def _event_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_event_names(node.body), *_event_names(node.orelse)]
    text = words_of(node)
    return [text.replace("…", "*")] if "." in text else []


def _looked_up(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        key: ast.AST | None = None
        if isinstance(node, ast.Call) and _called(node) == "get" and node.args and _is_environment(node.func):
            key = node.args[0]
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environment(node):
            key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value


def _is_environment(node: ast.AST) -> bool:
    return "environ" in ast.unparse(node.value) if isinstance(node, ast.Attribute | ast.Subscript) else False
