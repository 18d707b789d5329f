"""Unknown: a value that an earlier step will produce, and the references that name it.

A manifest writes `${type.name.property}`, alone or inside text; `$${` is a literal `${`. Inside the engine a text
with references is an `Unknown`; nothing else is ever read as one, so provider text can't become a reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from engine.model.address import Address, parse_address
from engine.model.errors import Invalid

_NAMED = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_-]*(?:\[[^\]]*\])?"
_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
_PATH = re.compile(rf"\s*({_NAMED})\.([a-z][a-z0-9_]*)\s*")
WIRE_KEY = "$unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """`${server.web[0].address}`: the property of a resource."""

    address: Address
    property: str

    def __str__(self) -> str:
        return f"{self.address}.{self.property}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Text with at least one reference in it, kept as it was written."""

    expression: str

    def __str__(self) -> str:
        return f"(known after apply: {self.expression})"

    def references(self) -> tuple[Reference, ...]:
        return tuple(_reference(part[1]) for part in _REFERENCE.finditer(self.expression) if part[1] is not None)

    def fill(self, value_of: Callable[[Reference], Any]) -> Any:
        """The value, where `value_of` knows every reference; it raises for those it doesn't know.

        A text that is one reference and nothing else keeps the value's own shape (a list stays a list).
        """
        whole = _REFERENCE.fullmatch(self.expression)
        if whole and whole[1] is not None:
            return value_of(_reference(whole[1]))
        return _REFERENCE.sub(
            lambda part: "${" if part[1] is None else str(value_of(_reference(part[1]))), self.expression
        )


def _reference(text: str) -> Reference:
    found = _PATH.fullmatch(text)
    if not found:
        raise Invalid(
            f"${{{text[:80]}}} is not a reference.", hint="Write ${type.name.property}, such as ${network.private.id}."
        )
    return Reference(parse_address(found[1]), found[2])


def lift(value: Any) -> Any:
    """A value as a manifest writes it, with texts that hold references turned into `Unknown`, to any depth.

    Raises `Invalid` for a malformed reference.
    """
    if isinstance(value, str):
        if "${" not in value:
            return value
        found = [part[1] for part in _REFERENCE.finditer(value)]
        if not any(part is not None for part in found):
            return value.replace("$${", "${")
        unknown = Unknown(value)
        unknown.references()
        return unknown
    if is_mapping(value):
        return {key: lift(item) for key, item in value.items()}
    if is_list(value):
        return [lift(item) for item in value]
    return value


def unknowns(value: Any) -> Iterator[Unknown]:
    """Every `Unknown` inside a value."""
    if isinstance(value, Unknown):
        yield value
    elif is_mapping(value):
        for item in value.values():
            yield from unknowns(item)
    elif is_list(value):
        for item in value:
            yield from unknowns(item)


def settle(value: Any, value_of: Callable[[Reference], Any]) -> Any:
    """The value with each `Unknown` filled from `value_of`; one for which it raises `KeyError` stays as it is."""
    if isinstance(value, Unknown):
        try:
            return value.fill(value_of)
        except KeyError:
            return value
    if is_mapping(value):
        return {key: settle(item, value_of) for key, item in value.items()}
    if is_list(value):
        return [settle(item, value_of) for item in value]
    return value


def to_wire(value: Any) -> Any:
    """JSON-ready: an `Unknown` becomes `{"$unknown": expression}` (manifest keys never start with `$`)."""
    if isinstance(value, Unknown):
        return {WIRE_KEY: value.expression}
    if is_mapping(value):
        return {key: to_wire(item) for key, item in value.items()}
    if is_list(value):
        return [to_wire(item) for item in value]
    return value


def from_wire(value: Any) -> Any:
    """The inverse of `to_wire`."""
    if is_mapping(value):
        if value.keys() == {WIRE_KEY}:
            return Unknown(str(value[WIRE_KEY]))
        return {key: from_wire(item) for key, item in value.items()}
    if is_list(value):
        return [from_wire(item) for item in value]
    return value


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list | tuple)
