"""Declarations to resources: counts and names spelled out, defaults filled in, dependencies collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph.order import in_order
from engine.model.address import Address
from engine.model.resource import Declaration, Resource
from engine.model.resource_type import ResourceType
from engine.model.unknown import Reference, Unknown, is_list, settle, unknowns
from engine.registry.providers import Offers

Instances = Mapping[Address, Sequence[Address]]


def unfold(declarations: Sequence[Declaration], offers: Offers, public_key: str) -> dict[str, Resource]:
    """Every desired resource by address, each after what it needs.

    Raises `Invalid` for a circle of references.
    """
    instances = {each.address: _instances(each) for each in declarations}
    resources: dict[Address, Resource] = {}
    for each in declarations:
        resources.update(_spelled_out(each, offers[each.provider][each.address.type], instances, public_key))
    ordered = in_order({address: resource.depends_on for address, resource in resources.items()})
    return {str(address): resources[address] for address in ordered if address in resources}


def _instances(declaration: Declaration) -> list[Address]:
    type_, name = declaration.address.type, declaration.address.name
    if declaration.names is not None:
        return [Address(type_, name, key) for key in declaration.names]
    if declaration.count is not None:
        return [Address(type_, name, number) for number in range(declaration.count)]
    return [declaration.address]


def _spelled_out(
    declaration: Declaration, kind: ResourceType, instances: Instances, public_key: str
) -> dict[Address, Resource]:
    properties = _with_defaults(declaration.properties, kind, public_key)
    properties = {name: _spread(value, instances) for name, value in properties.items()}
    needs = dict.fromkeys(
        target
        for wanted in [*_referred(properties), *declaration.depends_on]
        for target in instances.get(wanted, [wanted])
    )
    return {
        address: Resource(
            address=address, provider=declaration.provider, properties=properties, depends_on=tuple(needs),
            labels=declaration.labels, lifecycle=declaration.lifecycle, place=declaration.place,
        )
        for address in instances[declaration.address]
    }  # fmt: skip


def _with_defaults(properties: Mapping[str, Any], kind: ResourceType, public_key: str) -> dict[str, Any]:
    filled = {name: field.default for name, field in kind.inputs.items() if field.default is not None}
    filled.update({name: value for name, value in properties.items() if value is not None})
    if kind.name == "ssh_key":
        filled.setdefault("public_key", public_key)
    return filled


def _referred(value: Any) -> list[Address]:
    return [reference.address for unknown in unknowns(value) for reference in unknown.references()]


def _spread(value: Any, instances: Instances) -> Any:
    """A reference to a counted declaration as a whole becomes the list of its instances' values."""

    def instead(reference: Reference) -> Any:
        several = instances.get(reference.address, ())
        if reference.address.key is not None or not several or several[0].key is None:
            raise KeyError(reference)
        return [Unknown(f"${{{address}.{reference.property}}}") for address in several]

    spread = settle(value, instead)
    if not (is_list(spread) and is_list(value)):
        return spread
    return [item for each in spread for item in (each if is_list(each) else [each])]
