"""The simulated cloud: each call is one transaction, so that a killed process never leaves half an object."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.model.errors import ObjectConflict, ObjectMissing, PropertiesInvalid, QuotaExceeded
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.demo.fittings import FITTINGS
from engine.providers.demo.inventory import CloudObject, Inventory, Tenant
from engine.providers.demo.sizes import nearest
from engine.providers.demo.tables import open_tables, transaction
from engine.providers.demo.wishes import checked_labels, checked_name, checked_properties, is_plain, offer_of

REGIONS = ("demo-1", "demo-2", "demo-3")
GLOBAL_TYPES = frozenset({"firewall", "ssh_key"})
PREFIXES = {
    "network": "net", "subnet": "sub", "firewall": "fw", "ssh_key": "key",
    "server": "srv", "volume": "vol", "floating_ip": "fip", "load_balancer": "lb",
}  # fmt: skip
# What can't go while something refers to it, and what something lets go of when it goes.
HELD_FAST = frozenset({"network", "firewall"})
LET_GO = frozenset({"server"})


def cloud_file(home: Path) -> Path:
    return home / "demo" / "cloud.db"


class Cloud:
    """One tenant's door to the cloud in a database file; raises what a cloud would answer, as `ProviderError`s.

    `tamper` and `remove` are what somebody does in the cloud's console behind the engine's back.
    """

    def __init__(self, file: Path, tenant: Tenant | None = None) -> None:
        self.db = open_tables(file)
        self._tenant = tenant or Tenant()
        self._books = Inventory(self.db, self._tenant)

    def close(self) -> None:
        self.db.close()

    def read(self, type: str, id: str) -> Observed | None:
        offer_of(type)
        found = self._books.get(id, type)
        return found.observed() if found else None

    def list(self, type: str) -> list[Observed]:
        offer_of(type)
        return [found.observed() for found in self._books.all(type)]

    def find(self, type: str, key: str) -> Observed | None:
        offer_of(type)
        found = self._books.with_key(type, key)
        return found.observed() if found else None

    def name_of(self, id: str) -> str:
        """The object's name, empty if it is absent."""
        found = self._books.get(id)
        return found.name if found else ""

    def create(self, wish: Wish) -> Observed:
        """The object with this key: the one that exists, or a new one."""
        inputs = checked_properties(wish.type, wish.properties)
        name, labels = checked_name(wish.name), checked_labels(wish.labels)
        if not is_plain(wish.key):
            raise PropertiesInvalid("An idempotency key has no control characters.", hint="Plan again for new keys.")
        with transaction(self.db):
            known = self._books.with_key(wish.type, wish.key)
            if known:
                return known.observed()
            self._require_quota(wish.type)
            id = f"{PREFIXES[wish.type]}-{secrets.token_hex(6)}"
            if wish.type == "ssh_key" and self._tenant.public_key:
                inputs.setdefault("public_key", self._tenant.public_key)
            it = CloudObject(id, wish.type, name, wish.key, self._region(wish.type, inputs), inputs, {}, labels)
            it = self._fitted(it)
            self._books.add(it)
        return it.observed()

    def update(self, type: str, id: str, properties: Mapping[str, Any], labels: Mapping[str, str]) -> Observed:
        """Raises `PropertiesInvalid` for what can't change on a living object."""
        inputs, kept = checked_properties(type, properties), checked_labels(labels)
        with transaction(self.db):
            it = self._require(id, type)
            inputs = _amended(it, inputs)
            if (inputs, kept) == (it.inputs, it.labels):
                return it.observed()
            it = self._fitted(replace(it, inputs=inputs, labels=kept), before=it)
            self._books.save(it)
        return it.observed()

    def delete(self, type: str, id: str) -> None:
        """An absent object is no error. Raises `ObjectConflict` while something needs it."""
        offer_of(type)
        with transaction(self.db):
            it = self._books.get(id, type)
            if it:
                self._release(it)
                self._books.drop(id)

    def tamper(self, id: str, **properties: Any) -> Observed:
        """Change inputs by the cloud's rules, immutable ones too, or overwrite computed values; None takes one away."""
        with transaction(self.db):
            it = self._require(id)
            offer = offer_of(it.type)
            inputs = checked_properties(
                it.type, it.inputs | {name: value for name, value in properties.items() if name in offer.inputs}
            )
            it = self._fitted(replace(it, inputs=inputs), before=it)
            overwritten = {name: value for name, value in properties.items() if name not in offer.inputs}
            it = replace(it, computed={**it.computed, **overwritten})
            self._books.save(it)
        return it.observed()

    def remove(self, id: str) -> None:
        """Raises `ObjectMissing`, or `ObjectConflict` while something needs it."""
        it = self._require(id)
        self.delete(it.type, id)

    def _require(self, id: str, type: str = "") -> CloudObject:
        found = self._books.get(id, type)
        if not found:
            raise ObjectMissing(f"Demo has no {type or 'object'} {id[:60]!r}.")
        return found

    def _require_quota(self, type: str) -> None:
        most = self._tenant.quota.get(type)
        if most is not None and self._books.count(type) >= most:
            raise QuotaExceeded(f"Account {self._tenant.account} may have {most} of {type} and has them.")

    def _region(self, type: str, inputs: Mapping[str, Any]) -> str:
        if type in GLOBAL_TYPES:
            return ""
        network = self._books.get(inputs["network"], "network") if type == "subnet" else None
        region = inputs.get("region") or (network.region if network else self._tenant.region)
        known = tuple(dict.fromkeys((*REGIONS, self._tenant.region)))
        if region not in known:
            raise PropertiesInvalid(f"region: {region[:60]!r} is no region of Demo; {nearest(region, known)}")
        return region

    def _fitted(self, it: CloudObject, *, before: CloudObject | None = None) -> CloudObject:
        """The object with its computed values, once everything it newly refers to is there and near enough."""
        known = set(before.references()) if before else set[tuple[str, str, str]]()
        references = it.references()
        if len(references) != len(set(references)):
            raise PropertiesInvalid(f"{it.type} {it.name}: the same object is named twice in one list.")
        for property, type, id in references:
            if (property, type, id) in known:
                continue
            target = self._books.get(id, type)
            if not target:
                raise ObjectMissing(f"{property}: Demo has no {type} {id[:60]!r}.")
            if target.region and target.region != it.region:
                raise PropertiesInvalid(
                    f"{property}: {type} {id} is in {target.region}, and this {it.type} in {it.region}.",
                    hint=f"Set region to {target.region} or name a {type} in {it.region}.",
                )
        return replace(it, computed=FITTINGS[it.type](self._books, it))

    def _release(self, it: CloudObject) -> None:
        if it.type in HELD_FAST:
            users = [f"{user.type} {user.name} ({user.id})" for user in self._books.holders(it.id)]
            if users:
                raise ObjectConflict(
                    f"{it.type} {it.name} ({it.id}) is in use by {', '.join(users[:5])}{', …' if users[5:] else ''}.",
                    hint="Delete or move what uses it first.",
                )
        for user in self._books.holders(it.id) if it.type in LET_GO else ():
            self._books.save(self._fitted(_without(user, it.id), before=user))


def _amended(it: CloudObject, inputs: dict[str, Any]) -> dict[str, Any]:
    """The new inputs, where a living object can take them; an immutable one left out stays what it is."""
    offer, amended = offer_of(it.type), dict(inputs)
    for name in sorted(it.inputs.keys() | inputs.keys()):
        before, after = it.inputs.get(name, it.region if name == "region" else None), inputs.get(name)
        if after is None and offer.inputs[name].immutable and name in it.inputs:
            amended[name] = before
        elif before != after and offer.forces_replace(name, before, after):
            raise PropertiesInvalid(
                f"{name}: {it.type} {it.name} ({it.id}) can't go from {before!r:.80} to {after!r:.80} while it lives.",
                hint=f"Put {name} back, or replace the {it.type}.",
            )
    return amended


def _without(it: CloudObject, target: str) -> CloudObject:
    """The object once the target is gone: a list loses it, and a lone reference and what hangs on it goes."""
    inputs: dict[str, Any] = {}
    for name, value in it.inputs.items():
        if isinstance(value, list):
            inputs[name] = [item for item in value if item != target]  # pyright: ignore[reportUnknownVariableType]
        elif value != target and not (name == "mount" and it.inputs.get("server") == target):
            inputs[name] = value
    return replace(it, inputs=inputs)
