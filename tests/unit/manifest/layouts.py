"""The same data written down in many ways, with comments, as people do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_BARE = re.compile(r"(?!null|true|false)[a-z_-]{2,}[0-9]*")
Choose = Callable[[int], int]
Manifest = dict[str, Any]


def as_yaml(manifest: Manifest, choose: Choose) -> str:
    """Block style with comments; below it a random mix of block and flow."""
    step = " " * (choose(3) + 1)
    lines = ["# head", *_yaml_lines(manifest, step, choose), "# tail"]
    return "\n".join(lines) + ("\n" if choose(2) else "")


def _yaml_lines(mapping: dict[str, Any], step: str, choose: Choose) -> list[str]:
    lines: list[str] = []
    for number, (key, value) in enumerate(mapping.items()):
        if not choose(4):
            lines.append(f"# note {number}" if choose(2) else "")
        written_key = key if _BARE.fullmatch(key) and choose(2) else _json(key)
        remark = "  # remark" if not choose(3) else ""
        if isinstance(value, dict) and value and choose(4):
            lines += [
                f"{written_key}:{remark}",
                *(step + line if line else "" for line in _yaml_lines(value, step, choose)),
            ]
        elif isinstance(value, list) and value and choose(2):
            lead = step if choose(2) else ""
            lines += [f"{written_key}:{remark}", *(f"{lead}- {_json(item)}" for item in value)]
        else:
            gap = " " * (choose(3) + 1)
            lines.append(f"{written_key}:{gap}{_json(value)}{remark}")
    return lines


def as_toml(manifest: Manifest, choose: Choose) -> str:
    lines = ["# head"]
    if "provider" in manifest:
        lines.append(f"provider = {_json(manifest['provider'])}")
    layout = choose(3)
    for kind, named in manifest.get("resources", {}).items():
        if layout == 1:
            lines += ["", f"[resources.{kind}]  # {kind}"]
        for name, body in named.items():
            lines += _toml_resource(kind, name, body, layout, choose)
    return "\n".join([*lines, "# tail"]) + ("\n" if choose(2) else "")


def _toml_resource(kind: str, name: str, body: dict[str, Any], layout: int, choose: Choose) -> list[str]:
    if layout == 1:
        return [f"{name} = {_toml(body)}  # remark"]
    if layout == 2 and body:
        return [f"resources.{kind}.{name}.{key} = {_toml(value)}  # remark" for key, value in body.items()]
    if layout == 2:
        return [f"resources.{kind}.{name} = {{}}"]
    tables = {key: value for key, value in body.items() if isinstance(value, dict) and choose(2)}
    lines = ["", "# note", f"[resources.{kind}.{name}]"]
    lines += [f"{key} = {_toml(value)}  # remark" for key, value in body.items() if key not in tables]
    for key, table in tables.items():
        lines += [
            f"[resources.{kind}.{name}.{key}]",
            *(f"{_json(inner)} = {_toml(value)}" for inner, value in table.items()),
        ]
    return lines


def as_json(manifest: Manifest, choose: Choose) -> str:
    return json.dumps(manifest, indent=(None, 1, 2, 4)[choose(4)], ensure_ascii=bool(choose(2)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return _json(value)
