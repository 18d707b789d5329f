"""The servers of a workspace, as its manifest declares them and as the last run left them, with size and price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.advice.sizing import fit_of
from engine.model.errors import GroundplanError
from engine.model.footprint import Footprint
from engine.model.resource import Declaration, Recorded
from engine.model.sizing import Fit, ServerSizing, Sizing
from engine.model.unknown import is_mapping, unknowns
from engine.providers.contract import OfferedSize, ProviderKind
from engine.registry.providers import provider_kind

RULE = "As declared; what the manifest no longer declares, as it is recorded."


def servers_of(declared: Iterable[Declaration], recorded: Sequence[Recorded]) -> list[ServerSizing]:
    """One for each declaration, by its name; `count` says how many."""
    found = {
        each.address.name: _described(each.address.name, each.provider, each.properties, _count(each))
        for each in declared
        if each.address.type == "server"
    }
    for each in recorded:
        name = each.address.name
        if each.address.type == "server" and name not in found:
            same = sum(other.address.type == "server" and other.address.name == name for other in recorded)
            found[name] = _described(name, each.provider, each.inputs, same, "recorded, declared no more")
    return list(found.values())


def as_they_are(servers: Sequence[ServerSizing]) -> Sizing:
    """Their sizes and what they cost together."""
    sums: dict[str, float] = {}
    unpriced = 0
    for each in servers:
        if each.declared is None or each.declared.monthly is None:
            unpriced += each.count
        else:
            key = each.declared.currency
            sums[key] = sums.get(key, 0.0) + each.declared.monthly * each.count
    totals = [f"{total:.2f} {currency} a month" for currency, total in sorted(sums.items())]
    totals += [f"{unpriced} not priced"] if unpriced else []
    return Sizing(tuple(servers), tuple(totals), RULE)


def _count(declaration: Declaration) -> int:
    if declaration.names is not None:
        return len(declaration.names)
    return 1 if declaration.count is None else declaration.count


def _described(name: str, provider: str, properties: Mapping[str, Any], count: int, note: str = "") -> ServerSizing:
    try:
        kind = provider_kind(provider)
    except GroundplanError:
        return ServerSizing(name, count=count, note=f"provider {provider} is not here")
    declared = _declared(kind, properties)
    if declared is None:
        note = note or "its size is not known before it is applied, or no size of the provider"
    return ServerSizing(name, declared=declared, count=count, note=note)


def _declared(kind: ProviderKind, properties: Mapping[str, Any]) -> Fit | None:
    """The size that it states, by name or by its needs; the provider's default where it states none."""
    size, needs = properties.get("size"), properties.get("needs")
    if any(True for _ in unknowns({"size": size, "needs": needs})):
        return None
    if is_mapping(needs):
        gives = Footprint(
            cpu=needs.get("cpu", 1), memory=needs.get("memory", "1GiB"), disk=needs.get("disk", "10GiB")
        )  # fmt: skip
        return fit_of(kind, {"needs": needs}, OfferedSize("as it needs", gives))
    offered = next((each for each in kind.sizes if each.name == size or (size is None and each.is_default)), None)
    return fit_of(kind, {"size": offered.name}, offered) if offered else None
