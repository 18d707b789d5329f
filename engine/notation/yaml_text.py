"""YAML text for a value: nothing in a value can become anything but that value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from engine.notation.yaml_reader import plain_value

_SAFE = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./@+=-]*(?: [A-Za-z0-9_./@+=-]+)*")
_OTHERS_READ_AS_MORE = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|nan|inf)|[0-9_.:+-]*[eE]?[0-9_.:+-]+|0[xo].*|[.].*"
)
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LONGEST_LINE = 100


def flow_text(value: Any) -> str:
    """The value on one line."""
    if isinstance(value, dict):
        pairs = cast(Mapping[str, Any], value).items()
        return "{" + ", ".join(f"{scalar_text(key)}: {flow_text(item)}" for key, item in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(item) for item in cast(list[Any], value)) + "]"
    return scalar_text(value)


def scalar_text(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    text = str(value)
    plain = _SAFE.fullmatch(text) and not _OTHERS_READ_AS_MORE.fullmatch(text) and isinstance(plain_value(text), str)
    return text if plain else '"' + "".join(_escaped(character) for character in text) + '"'


def block_lines(key: str, value: Any, step: int, opened: int = 0) -> list[str]:
    """`key: value` as lines without their common indentation.

    Long lists and mappings, and the first `opened` levels of mappings, take lines of their own.
    """
    lead = f"{scalar_text(key)}:"
    if isinstance(value, str) and _fits_literal(value):
        lines = value.removesuffix("\n").split("\n")
        return [
            f"{lead} |" + ("" if value.endswith("\n") else "-"),
            *(" " * step + line if line else "" for line in lines),
        ]
    inline = f"{lead} {flow_text(value)}"
    if not isinstance(value, dict | list) or not value or (not opened and _is_short(inline, value)):  # pyright: ignore[reportUnknownArgumentType]
        return [inline]
    return [lead, *(" " * step + line for line in _below(value, step, opened))]  # pyright: ignore[reportUnknownArgumentType]


def _below(value: dict[str, Any] | list[Any], step: int, opened: int) -> list[str]:
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in block_lines(key, item, step, max(opened - 1, 0))]
    return [f"- {flow_text(item)}" for item in value]


def _is_short(inline: str, value: dict[str, Any] | list[Any]) -> bool:
    items = list(value.values()) if isinstance(value, dict) else value
    flat = not any(isinstance(item, dict | list) for item in items)
    return flat and len(inline) <= _LONGEST_LINE


def _fits_literal(text: str) -> bool:
    """Whether a | block holds the text exactly, and reads well."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and all(line.isprintable() and line == line.rstrip() for line in lines)
        and lines[0] != "" and lines[-1] != "" and not lines[0].startswith(" ")
    )  # fmt: skip


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
