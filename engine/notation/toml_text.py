"""TOML text for a value: nothing in a value can become anything but that value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from engine.notation.splice import CannotEdit

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def key_text(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def dotted_text(path: Sequence[str | int]) -> str:
    return ".".join(key_text(str(step)) for step in path)


def inline_text(value: Any) -> str:
    """The value on one line.

    Raises `CannotEdit` for null, which TOML does not have.
    """
    if value is None:
        raise CannotEdit
    if isinstance(value, dict):
        pairs = cast(Mapping[str, Any], value).items()
        return "{" + ", ".join(f"{key_text(key)} = {inline_text(item)}" for key, item in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline_text(item) for item in cast(list[Any], value)) + "]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def value_text(value: Any, newline: str) -> str:
    """The value of a key that has a line of its own: text of several lines is written as such where that is exact."""
    if isinstance(value, str) and _fits_lines(value):
        return f'"""{newline}{value.replace(chr(10), newline)}"""'
    return inline_text(value)


def _fits_lines(text: str) -> bool:
    printable = all(line.isprintable() for line in text.split("\n"))
    return "\n" in text and printable and "\\" not in text and '"""' not in text and not text.endswith('"')


def _string(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
