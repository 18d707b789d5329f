"""Subject: a resource as the rules see it, and the resources around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.model.address import Address
from engine.model.request import Edit
from engine.model.resource import Recorded, Resource
from engine.model.resource_type import ResourceType
from engine.model.unknown import Unknown, is_list, is_mapping, unknowns

_OFFERED = 50
NOT_YET = Unknown("set by the provider")


@dataclass(frozen=True)
class Subject:
    """`resource` is as it is declared; `settled` holds properties whose references are filled in where they can be;
    `chosen` what the provider chose or computed for an object that exists."""

    resource: Resource
    type: ResourceType
    settled: Mapping[str, Any] = field(default_factory=dict[str, Any])
    chosen: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def address(self) -> Address:
        return self.resource.address

    def has(self, path: str) -> bool:
        """Its type knows the property."""
        return path.partition(".")[0] in self.type.properties

    def value(self, path: str) -> Any:
        """None for what is left out, `NOT_YET` for what only the provider will say."""
        name, *inner = path.split(".")
        found = self.settled.get(name, self.resource.properties.get(name))
        if found is None:
            found = self.chosen.get(name)
        if found is None and self.type.properties[name].computed:
            return NOT_YET
        for step in inner:
            found = _below(found, step)
        return found

    def edit(self, **properties: Any) -> Edit:
        """The edit of its declaration that sets these properties."""
        return Edit(op="set", address=str(self.address.declaration), value=as_written(properties))

    @cached_property
    def named(self) -> Mapping[Address, set[str]]:
        """The addresses that its properties refer to, each with the properties that do."""
        found: dict[Address, set[str]] = defaultdict(set)
        for name, value in self.resource.properties.items():
            for unknown in unknowns(value):
                for reference in unknown.references():
                    found[reference.address].add(name)
        return found

    def ids(self, type: str) -> Iterable[str]:
        """The provider's ids of that type which stand in its properties as plain text."""
        for name, kind in self.type.inputs.items():
            if kind.refers == type:
                value = self.settled.get(name, self.resource.properties.get(name))
                yield from (each for each in (value if is_list(value) else [value]) if isinstance(each, str))


class Subjects:
    """Everything that is judged together, with what refers to what."""

    def __init__(self, subjects: Iterable[Subject], recorded: Mapping[str, Recorded]) -> None:
        self.all = tuple(subjects)
        self._by_address = {each.address: each for each in self.all}
        self._by_id = {known.id: known.address for known in recorded.values()}
        self._of_type: dict[str, list[Subject]] = defaultdict(list)
        for each in self.all:
            self._of_type[each.address.type].append(each)
        self._referring: dict[Address, set[Address]] = defaultdict(set)
        for each in self.all:
            for target in self._targets(each):
                self._referring[target].add(each.address)

    def related(self, subject: Subject, type: str) -> list[Subject]:
        """Those of a type that it refers to, or that refer to it."""
        near = {*self._targets(subject), *self._referring[subject.address]}
        return [
            self._by_address[each] for each in sorted(near, key=str) if each.type == type and each in self._by_address
        ]

    def strangers(self, subject: Subject, type: str) -> list[str]:
        """Ids of a type in its properties that belong to nothing here."""
        return [each for each in subject.ids(type) if self._by_id.get(each) not in self._by_address]

    def some(self, type: str) -> list[Subject]:
        """Of a type, enough of them to find one that can be offered."""
        return self._of_type[type][:_OFFERED]

    def _targets(self, subject: Subject) -> set[Address]:
        refers = {kind.refers for kind in subject.type.inputs.values() if kind.refers}
        by_id = {self._by_id[each] for type_ in refers for each in subject.ids(type_) if each in self._by_id}
        return {*subject.named, *by_id}


def as_written(value: Any) -> Any:
    """A value as a manifest writes it."""
    if isinstance(value, Unknown):
        return value.expression
    if isinstance(value, str):
        return value.replace("${", "$${")
    if is_mapping(value):
        return {key: as_written(item) for key, item in value.items()}
    if is_list(value):
        return [as_written(item) for item in value]
    return value


def _below(value: Any, step: str) -> Any:
    """What is called so inside a value; of a list, everything that is called so in its items."""
    if isinstance(value, Unknown):
        return value
    if is_mapping(value):
        return value.get(step)
    if is_list(value):
        found = [_below(item, step) for item in value]
        return [item for each in found for item in (each if is_list(each) else [each]) if item is not None]
    return None
