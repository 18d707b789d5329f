"""What is recorded of a workspace, row by row as a bundle holds it; checked, for a stranger may have written it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from engine.model.address import parse_address
from engine.model.errors import GroundplanError
from engine.model.resource_type import ResourceType
from engine.model.secret_ref import SECRET_PATTERN
from engine.model.unknown import from_wire

_REFERENCE = re.compile(SECRET_PATTERN)
Values = dict[str, JsonValue]
Offers = Mapping[str, Mapping[str, ResourceType]]


def _address(text: str) -> str:
    try:
        return str(parse_address(text))
    except GroundplanError as wrong:
        raise ValueError(wrong.message) from None


def _wire(values: Values) -> Values:
    try:
        from_wire(values)
    except GroundplanError as wrong:
        raise ValueError(wrong.message) from None
    return values


Address = Annotated[str, Field(max_length=200), AfterValidator(_address)]
Wire = Annotated[Values, AfterValidator(_wire)]
Name = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Serial = Annotated[int, Field(ge=0, le=1 << 31)]
Time = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Node(_Row):
    address: Address
    type: Name
    provider: Name
    object_id: Text
    inputs: Wire
    properties: Values
    labels: dict[str, str]
    lineage: Literal["created", "adopted"]
    prevent_destroy: bool
    serial: Serial
    updated_at: Time


class Edge(_Row):
    source: Address
    target: Address


class Snapshot(_Row):
    provider: Name
    id: Text
    inputs: Wire
    properties: Values
    labels: dict[str, str]
    depends_on: list[Address]
    prevent_destroy: bool


class History(_Row):
    address: Address
    serial: Serial
    action: Name
    run_id: Name
    at: Time
    snapshot: Snapshot | None


class SerialRow(_Row):
    number: Serial
    run_id: Name
    at: Time


class LooseEnd(_Row):
    key: Name
    address: Address
    provider: Name
    type: Name


class Rows(_Row):
    """By table, without the workspace's name: what was renamed on the way is put in anew."""

    node: tuple[Node, ...]
    edge: tuple[Edge, ...]
    history: tuple[History, ...]
    serial: tuple[SerialRow, ...]
    loose_end: tuple[LooseEnd, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = {each.address for each in self.node}
        if len(known) != len(self.node) or any(each.type != _type_of(each.address) for each in self.node):
            raise ValueError("a resource is there twice, or of another type than its address says")
        relations = {(each.source, each.target) for each in self.edge}
        if len(relations) != len(self.edge) or any(not known.issuperset(each) for each in relations):
            raise ValueError("a relation is there twice, or leads to no resource")
        if len({each.number for each in self.serial}) != len(self.serial):
            raise ValueError("a serial is there twice")
        if len({each.key for each in self.loose_end}) != len(self.loose_end):
            raise ValueError("a loose end is there twice")
        return self

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """As plain rows. Raises `ValueError` for a number that no database keeps."""
        plain = self.model_dump(mode="json")
        json.dumps(plain, allow_nan=False)
        return plain


def without_secrets(tables: Mapping[str, list[dict[str, Any]]], offers: Offers) -> dict[str, list[dict[str, Any]]]:
    """The rows with no value in a secret property, wherever one stands that is no reference."""
    told = dict(tables)
    told["node"] = [_bare(row, offers) for row in tables["node"]]
    told["history"] = [
        {**row, "snapshot": _bare(row["snapshot"], offers, _type_of(row["address"]))} if row["snapshot"] else row
        for row in tables["history"]
    ]
    return told


def _bare(row: dict[str, Any], offers: Offers, type_: str = "") -> dict[str, Any]:
    kind = offers.get(row["provider"], {}).get(type_ or row["type"])
    secret = {name for name, field in kind.properties.items() if field.secret} if kind else set[str]()
    return {**row, **{part: _told(row[part], secret) for part in ("inputs", "properties")}}


def _told(values: dict[str, Any], secret: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in secret or _is_reference(value)}


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None


def _type_of(address: str) -> str:
    return address.partition(".")[0]
