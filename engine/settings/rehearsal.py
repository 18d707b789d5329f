"""Rehearsal: what changes of settings would do to the files that hold them, and to the values in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.setting import Setting
from engine.settings.layer import LayerName
from engine.settings.merge import Keys
from engine.settings.target import Target


@dataclass(frozen=True, slots=True)
class LayerEdit:
    """One file. `before` is None where there is none yet; `changes` are by path, None takes a key out."""

    target: Target
    before: str | None
    after: str
    changes: Mapping[Keys, Any]

    @property
    def before_sha256(self) -> str:
        return "" if self.before is None else digest_of(self.before)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`before` and `after` are all settings in force, by key. `closed` are the files that hold what is not shown."""

    edits: tuple[LayerEdit, ...]
    before: Mapping[str, Setting]
    after: Mapping[str, Setting]
    closed: frozenset[LayerName]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
