"""Kept: objects that are nothing but a record in the home, such as keys and firewalls."""

from __future__ import annotations

from engine.model.resource import Observed
from engine.providers.local.site import Site, recorded


class Kept:
    """Reads the records of one type."""

    def __init__(self, site: Site, type: str) -> None:
        self._site = site
        self._type = type

    def read(self, id: str) -> Observed | None:
        record = self._site.records.get(self._type, id)
        return recorded(record) if record else None

    def list(self) -> list[Observed]:
        return [recorded(record) for record in self._site.records.all(self._type)]

    def find(self, key: str) -> Observed | None:
        record = self._site.records.with_key(self._type, key)
        return recorded(record) if record else None
