"""Drift: recorded differs from observed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.change import PropertyDiff
from engine.model.finding import Finding
from engine.model.resource import Observed, Recorded
from engine.model.resource_type import ResourceType


def find_drift(
    recorded: Iterable[Recorded],
    observed: Mapping[str, Observed | None],
    offers: Mapping[str, Mapping[str, ResourceType]],
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for known in recorded:
        address, seen = str(known.address), observed.get(str(known.address))
        if seen is None:
            found.append(Finding(address=address, kind="missing", text=f"object {known.id} is gone"))
            continue
        diffs = _differences(offers[known.provider][known.address.type], known, seen)
        if diffs:
            text = f"{', '.join(each.path for each in diffs)} changed outside Groundplan"
            found.append(Finding(address=address, kind="changed", text=text, diff=diffs))
    return tuple(found)


def _differences(kind: ResourceType, known: Recorded, seen: Observed) -> tuple[PropertyDiff, ...]:
    inputs = tuple(
        PropertyDiff(path=name, before=known.properties.get(name), after=seen.properties.get(name))
        for name in kind.inputs
        if known.properties.get(name) != seen.properties.get(name)
    )
    labels = tuple(
        PropertyDiff(path=f"labels.{name}", before=known.labels.get(name), after=seen.labels.get(name))
        for name in sorted({*known.labels, *seen.labels})
        if known.labels.get(name) != seen.labels.get(name)
    )
    return inputs + labels
