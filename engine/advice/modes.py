"""The modes that Groundplan runs in, read from `modes.yaml` when they are first asked for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from engine.model.errors import NotFound
from engine.model.mode_defaults import ModeDefaults


@cache
def modes() -> Mapping[str, ModeDefaults]:
    """By name, the smallest first."""
    text = (files("engine") / "advice" / "modes.yaml").read_text(encoding="utf-8")
    found = (ModeDefaults.model_validate(each) for each in yaml.safe_load(text)["modes"])
    return MappingProxyType({each.name: each for each in found})


def mode_of(name: str) -> ModeDefaults:
    """Raises `NotFound` with the modes that there are."""
    known = modes().get(name)
    if known is None:
        near = difflib.get_close_matches(name[:60], modes(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(modes())}."
        raise NotFound(f"There is no mode {name[:60]!r}.", hint=hint)
    return known
