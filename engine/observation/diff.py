"""The exact differences between what is wished and what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.change import PropertyDiff
from engine.model.resource_type import ResourceType
from engine.model.unknown import to_wire


def property_diffs(
    kind: ResourceType, before: Mapping[str, Any], after: Mapping[str, Any], recorded_inputs: Mapping[str, Any]
) -> tuple[PropertyDiff, ...]:
    """Inputs that differ. One that the manifest leaves to the provider differs only if it was set before."""
    found: list[PropertyDiff] = []
    for name in kind.inputs:
        wished = after.get(name)
        if wished is None and recorded_inputs.get(name) is None:
            continue
        there = before.get(name, to_wire(recorded_inputs.get(name)))
        if there != to_wire(wished):
            replaces = kind.forces_replace(name, there, wished)
            found.append(PropertyDiff(path=name, before=there, after=to_wire(wished), forces_replace=replaces))
    return tuple(found)


def label_diffs(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[PropertyDiff, ...]:
    return tuple(
        PropertyDiff(path=f"labels.{name}", before=before.get(name), after=after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )
