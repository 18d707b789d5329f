"""Register: a workspace's recorded resources in memory, brought up to the store's mark before every answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Any

from engine.model.address import parse_address
from engine.model.resource_type import ResourceType
from engine.model.unified import UNIFIED
from engine.model.unknown import is_list
from engine.model.workspace import Workspace
from engine.state.inquiries import Inquiries

_KEPT = 2
# What names other objects, by type: (property, the type it names).
REFERS: dict[str, tuple[tuple[str, str], ...]] = {
    name: tuple((each.name, each.refers) for each in ResourceType(name, model).properties.values() if each.refers)
    for name, model in UNIFIED.items()
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One recorded resource; `needs` are the addresses it depends on, named or by reference."""

    address: str
    type: str
    name: str
    slug: str
    provider: str
    id: str
    properties: dict[str, Any]
    labels: dict[str, str]
    needs: tuple[str, ...]
    updated_at: float
    lineage: str
    serial: int

    def text(self, field: str) -> str:
        """A property as text; empty where it has no value or is no single one."""
        value = self.properties.get(field)
        return "" if value is None or isinstance(value, dict | list) else str(value)


@dataclass(frozen=True, slots=True)
class Tie:
    """`source` names `target` in its `field`."""

    source: str
    field: str
    target: str


class Register:
    """One state of one workspace's resources, with what is derived from it when it is first asked for."""

    def __init__(self, things: Iterable[Thing], mark: tuple[str, int], entry: int) -> None:
        self.things = {each.address: each for each in sorted(things, key=_natural)}
        self.mark, self.entry = mark, entry
        self._indexes: dict[str, dict[str, list[Thing]]] = {}

    def index(self, field: str) -> dict[str, list[Thing]]:
        """Things by the value of a field in lower case, "" for those without one; `label tier` is a field too."""
        known = self._indexes.get(field)
        if known is None:
            known = self._indexes[field] = _grouped((self.value(each, field), each) for each in self.things.values())
        return known

    def value(self, thing: Thing, field: str) -> str:
        """The value that `index` has the thing under."""
        match field:
            case "provider" | "name" | "type" | "id" | "lineage":
                return str(getattr(thing, field)).lower()
            case "size":
                return (thing.text("size") or thing.text("size_name")).lower()
            case _ if field.startswith("label "):
                return thing.labels.get(field[6:], "").lower()
            case _:
                return thing.text(field).lower()

    @cached_property
    def order(self) -> dict[str, int]:
        return {address: number for number, address in enumerate(self.things)}

    @cached_property
    def tied_types(self) -> dict[str, set[str]]:
        """By address, the types of what it names and of what names it."""
        found: dict[str, set[str]] = {}
        for ties in self.ties_from.values():
            for tie in ties:
                found.setdefault(tie.source, set()).add(self.things[tie.target].type)
                found.setdefault(tie.target, set()).add(self.things[tie.source].type)
        return found

    @cached_property
    def by_type(self) -> dict[str, list[Thing]]:
        return _grouped((each.type, each) for each in self.things.values())

    @cached_property
    def by_name(self) -> dict[str, list[Thing]]:
        """By declared name, by the slug a cloud knows (`web-0`), and by declaration (`server.web`), in lower case."""
        found: dict[str, list[Thing]] = {}
        for each in self.things.values():
            for name in dict.fromkeys((each.name, each.slug, f"{each.type}.{each.name}", each.address.lower())):
                found.setdefault(name.lower(), []).append(each)
        return found

    @cached_property
    def by_id(self) -> dict[str, Thing]:
        return {each.id.lower(): each for each in self.things.values() if each.id}

    @cached_property
    def by_ip(self) -> dict[str, list[tuple[Thing, str]]]:
        """Things by an address of theirs, with the property it stands in."""
        return _grouped((ip, (each, field)) for each in self.things.values() for ip, field in _ips(each))

    @cached_property
    def label_values(self) -> dict[str, dict[str, int]]:
        """By label key, its values with how often each is set."""
        found: dict[str, dict[str, int]] = {}
        for each in self.things.values():
            for key, value in each.labels.items():
                counted = found.setdefault(key, {})
                counted[value] = counted.get(value, 0) + 1
        return found

    @cached_property
    def values(self) -> dict[str, set[str]]:
        """By a property's value in lower case, the properties that have it: what a bare word may mean."""
        found: dict[str, set[str]] = {}
        for each in self.things.values():
            for field in ("region", "size", "size_name", "image", "status", "filesystem"):
                if value := each.text(field):
                    found.setdefault(value.lower(), set()).add(field)
        return found

    @cached_property
    def regions(self) -> frozenset[str]:
        return frozenset(value for value, fields in self.values.items() if "region" in fields)

    @cached_property
    def images(self) -> frozenset[str]:
        return frozenset(value for value, fields in self.values.items() if "image" in fields)

    @cached_property
    def providers(self) -> frozenset[str]:
        return frozenset(each.provider for each in self.things.values())

    @cached_property
    def ties_from(self) -> dict[str, list[Tie]]:
        return _grouped((tie.source, tie) for tie in self._ties())

    @cached_property
    def ties_to(self) -> dict[str, list[Tie]]:
        return _grouped((tie.target, tie) for tie in self._ties())

    @cached_property
    def needed_by(self) -> dict[str, list[str]]:
        return _grouped((target, each.address) for each in self.things.values() for target in each.needs)

    def reach(self, starts: Iterable[str], *, forward: bool) -> dict[str, int]:
        """Everything the starts need (forward) or that needs them, with the number of relations between."""
        hops: dict[str, int] = {}
        edge, depth, seen = list(starts), 0, set(starts)
        while edge:
            depth += 1
            following: list[str] = []
            for address in edge:
                known = self.things.get(address)
                onward = (known.needs if known else ()) if forward else self.needed_by.get(address, ())
                for other in onward:
                    if other not in seen:
                        seen.add(other)
                        hops[other] = depth
                        following.append(other)
            edge = following
        return hops

    def _ties(self) -> Iterator[Tie]:
        for each in self.things.values():
            for field, _ in REFERS.get(each.type, ()):
                value: Any = each.properties.get(field)
                for id_ in value if is_list(value) else [value]:
                    target = self.by_id.get(str(id_).lower()) if id_ else None
                    if target is not None:
                        yield Tie(each.address, field, target.address)


class Registers:
    """The registers of the workspaces asked about last."""

    def __init__(self, inquiries: Inquiries) -> None:
        self._inquiries = inquiries
        self._known: OrderedDict[str, Register] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, place: Workspace) -> Register:
        """As the store is now: what moved since the last question is read again.

        Kept by uid: a name may be another workspace's by now.
        """
        with self._lock:
            known, mark = self._known.get(place.uid), self._inquiries.mark(place.name)
            if known is None or known.mark != mark:
                known = self._read(place.name, mark) if known is None else self._caught_up(place.name, known, mark)
                self._known[place.uid] = known
            self._known.move_to_end(place.uid)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return known

    def _read(self, workspace: str, mark: tuple[str, int]) -> Register:
        # The mark and the last entry are read before the rest: what is written in between is read again next time.
        entry = self._inquiries.last_entry(workspace)
        return Register(self._things(workspace, None), mark, entry)

    def _caught_up(self, workspace: str, known: Register, mark: tuple[str, int]) -> Register:
        entry, moved = self._inquiries.moved(workspace, known.entry)
        if len(moved) > len(known.things) // 2:
            return self._read(workspace, mark)
        kept = [each for address, each in known.things.items() if address not in moved]
        return Register([*kept, *self._things(workspace, moved)], mark, entry)

    def _things(self, workspace: str, addresses: set[str] | None) -> Iterator[Thing]:
        needs: dict[str, list[str]] = {}
        for row in self._inquiries.relations(workspace, addresses):
            needs.setdefault(row.source, []).append(row.target)
        shared: dict[str, str] = {}
        for row in self._inquiries.nodes(workspace, addresses):
            address = parse_address(row.address)
            yield Thing(
                address=row.address, type=intern(row.type), name=intern(address.name), slug=address.slug,
                provider=intern(row.provider), id=row.object_id, properties=_lean(row.properties, shared),
                labels=row.labels, needs=tuple(sorted(needs.get(row.address, ()))), updated_at=row.updated_at,
                lineage=intern(row.lineage), serial=row.serial,
            )  # fmt: skip


def _lean(properties: dict[str, Any], shared: dict[str, str]) -> dict[str, Any]:
    """Without what has no value, and with equal texts kept once: first-boot scripts are long and mostly the same."""
    return {
        intern(name): shared.setdefault(value, value) if isinstance(value, str) else value
        for name, value in properties.items()
        if value is not None and value not in ([], {})
    }


def _natural(thing: Thing) -> tuple[str, str, int, str]:
    """`server.web[10]` after `server.web[9]`."""
    _, _, key = thing.address.partition("[")
    number = key.rstrip("]")
    return thing.type, thing.name, int(number) if number.isdigit() else -1, key


def _ips(thing: Thing) -> Iterator[tuple[str, str]]:
    for field in ("address", "public_address", "private_address", "gateway"):
        if value := thing.text(field):
            yield value.lower(), field
    several: Any = thing.properties.get("addresses")
    if isinstance(several, dict):
        known = {thing.text("address").lower()}
        for value in several.values():  # pyright: ignore[reportUnknownVariableType]
            if str(value).lower() not in known:  # pyright: ignore[reportUnknownArgumentType]
                yield str(value).lower(), "addresses"  # pyright: ignore[reportUnknownArgumentType]


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
