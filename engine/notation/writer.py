"""Writes into a document by its file's ending: only what was asked for changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.notation.flow_editor import drop_json, merge_json
from engine.notation.nodes import Keys
from engine.notation.toml_editor import drop_toml, merge_toml
from engine.notation.yaml_editor import drop_yaml, merge_yaml


@dataclass(frozen=True, slots=True)
class Writer:
    """`merge` makes what is not there yet and takes out what is null; both raise `CannotEdit` or `Unreadable`."""

    merge: Callable[[str, Keys, Mapping[str, Any]], str]
    drop: Callable[[str, Keys], str]


_YAML = Writer(merge_yaml, drop_yaml)
_WRITERS = {"yaml": _YAML, "yml": _YAML, "json": Writer(merge_json, drop_json), "toml": Writer(merge_toml, drop_toml)}


def writer_of(file: str) -> Writer:
    return _WRITERS[file.rpartition(".")[2]]
