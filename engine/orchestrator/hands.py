"""Hands: what the steps of a run act with: signed-in providers, and what is known of every resource so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.model.address import Address, parse_address
from engine.model.change import Change
from engine.model.errors import PropertiesInvalid
from engine.model.plan import Plan
from engine.model.resource import Lineage, Observed, Recorded
from engine.model.resource_type import ResourceType
from engine.model.unknown import Reference, from_wire, settle, unknowns
from engine.providers.contract import Provider, Wish
from engine.registry.providers import Offers


@dataclass
class Hands:
    """One run's; `recorded` follows the run, so that later steps see what earlier ones made.

    `holds_lease` is asked right before every act; `apply_home` carries out effects on the home itself.
    """

    plan: Plan
    serial: int
    folder: Path
    providers: Mapping[str, Provider]
    offers: Offers
    recorded: dict[str, Recorded]
    holds_lease: Callable[[], bool]
    apply_home: Callable[[Change], None]
    changes: Mapping[str, Change] = field(init=False)

    def __post_init__(self) -> None:
        self.changes = self.plan.by_address

    def kind(self, change: Change) -> ResourceType:
        return self.offers[change.provider][parse_address(change.address).type]

    def wish(self, change: Change) -> Wish:
        """The change's desired object with every reference filled in.

        Raises `PropertiesInvalid` for a reference that names nothing, or a value that does not fit.
        """
        address = parse_address(change.address)
        properties = settle(from_wire(change.after or {}), self._value)
        open_ones = [str(unknown.expression) for unknown in unknowns(properties)]
        if open_ones:
            raise PropertiesInvalid(f"{', '.join(open_ones)} has no value.", address=change.address)
        checked = {name: self._checked(change, name, value) for name, value in properties.items() if value is not None}
        return Wish(type=address.type, name=address.slug, properties=checked, key=change.key, labels=change.labels)

    def record(self, change: Change, observed: Observed, lineage: Lineage) -> Recorded:
        """The resource as state shall keep it after a step."""
        made = Recorded(
            address=parse_address(change.address), provider=change.provider, id=observed.id,
            inputs=from_wire({**(change.after or {}), **change.references}), properties=observed.properties,
            labels=observed.labels, depends_on=_addresses(change), lineage=lineage,
            prevent_destroy=change.prevent_destroy, serial=self.serial,
        )  # fmt: skip
        self.recorded[change.address] = made
        return made

    def _checked(self, change: Change, name: str, value: Any) -> Any:
        field_ = self.kind(change).properties[name]
        try:
            return field_.normal(value)
        except ValidationError as wrong:
            raise PropertiesInvalid(f"{name}: {wrong.errors()[0]['msg']}.", address=change.address) from None

    def _value(self, reference: Reference) -> Any:
        known = self.recorded[str(reference.address)]
        return known.id if reference.property == "id" else known.properties[reference.property]


def _addresses(change: Change) -> tuple[Address, ...]:
    return tuple(parse_address(text) for text in change.depends_on)
