"""The cloud's books: which objects there are, and who refers to whom. Every function runs inside a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from engine.model.resource import Observed
from engine.providers.demo.wishes import references_of, unset_inputs


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who signs in: the account, its default region, its quota by type and the workspace's public key."""

    account: str = "demo-account"
    region: str = "demo-1"
    public_key: str = ""
    quota: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class CloudObject:
    """One object: `inputs` as they were wished, `computed` as the cloud set them."""

    id: str
    type: str
    name: str
    key: str
    region: str
    inputs: dict[str, Any]
    computed: dict[str, Any] = field(default_factory=dict[str, Any])
    labels: dict[str, str] = field(default_factory=dict[str, str])

    def observed(self) -> Observed:
        """Every input, None where it is unset, and every computed value."""
        own = {"id": self.id, "name": self.name} | ({"region": self.region} if self.region else {})
        properties = {**unset_inputs(self.type), **self.inputs, **self.computed, **own}
        return Observed(self.type, self.id, properties, self.labels, self.key)

    def references(self) -> list[tuple[str, str, str]]:
        """(property, type it should name, id) of everything it refers to."""
        found: list[tuple[str, str, str]] = []
        for name, refers in references_of(self.type):
            value: Any = self.inputs.get(name)
            ids = cast("list[str]", value) if isinstance(value, list) else [value] if value else []
            found += [(name, refers, id) for id in ids]
        return found


class Inventory:
    """One tenant's view of the books."""

    def __init__(self, db: sqlite3.Connection, tenant: Tenant) -> None:
        self.db = db
        self.tenant = tenant

    def get(self, id: str, type: str = "") -> CloudObject | None:
        found = self._one("select * from object where account = ? and id = ?", id)
        return found if found and type in ("", found.type) else None

    def with_key(self, type: str, key: str) -> CloudObject | None:
        return self._one("select * from object where account = ? and type = ? and key = ?", type, key)

    def all(self, type: str) -> list[CloudObject]:
        """In the order they were made."""
        sought = "select * from object where account = ? and type = ? order by number"
        rows = self.db.execute(sought, (self.tenant.account, type))
        return [_from_row(row) for row in rows]

    def count(self, type: str) -> int:
        counted = "select count(*) from object where account = ? and type = ?"
        return self.db.execute(counted, (self.tenant.account, type)).fetchone()[0]

    def holders(self, target: str, type: str = "") -> Iterator[CloudObject]:
        """The objects that refer to the target."""
        holders = self.db.execute("select holder from link where target = ?", (target,)).fetchall()
        found = (self.get(holder, type) for (holder,) in holders)
        return (holder for holder in found if holder)

    def add(self, it: CloudObject) -> None:
        self.db.execute(
            "insert into object values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (it.id, self.tenant.account, it.type, it.name, it.key or None, it.region, *_texts(it)),
        )
        self._link(it)

    def save(self, it: CloudObject) -> None:
        self.db.execute("update object set inputs = ?, computed = ?, labels = ? where id = ?", (*_texts(it), it.id))
        self.db.execute("delete from link where holder = ?", (it.id,))
        self._link(it)

    def drop(self, id: str) -> None:
        """The object, its links, its addresses and its spans."""
        self.db.execute("delete from object where id = ?", (id,))
        self.db.execute("delete from link where holder = ?", (id,))
        self.db.execute("delete from address where holder = ?", (id,))
        self.db.execute("delete from span where holder = ?", (id,))

    def _one(self, query: str, *values: str) -> CloudObject | None:
        try:
            row = self.db.execute(query, (self.tenant.account, *values)).fetchone()
        except UnicodeEncodeError:  # half a surrogate pair, which no object has in its id or key
            return None
        return _from_row(row) if row else None

    def _link(self, it: CloudObject) -> None:
        targets = {id for _, _, id in it.references()}
        if targets:
            self.db.executemany("insert into link values (?, ?)", [(it.id, target) for target in sorted(targets)])


def _texts(it: CloudObject) -> tuple[str, str, str]:
    return json.dumps(it.inputs), json.dumps(it.computed), json.dumps(it.labels)


def _from_row(row: tuple[Any, ...]) -> CloudObject:
    _, id, _, type, name, key, region, inputs, computed, labels = row
    return CloudObject(id, type, name, key or "", region, json.loads(inputs), json.loads(computed), json.loads(labels))
