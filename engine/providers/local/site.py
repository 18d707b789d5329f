"""What every kind of object works with: one workspace's view of one daemon, and the small rules they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from engine.model.errors import ObjectConflict
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.daemon import Daemon
from engine.providers.local.image.build import ensure_image
from engine.providers.local.image.tag import image_tag
from engine.providers.local.naming import KEY, TYPE, object_name, wished_in
from engine.providers.local.records import Record, Records


class Shelf(Protocol):
    """All objects of one type, with blocking calls; they mean what `Provider`'s mean."""

    def read(self, id: str) -> Observed | None: ...
    def list(self) -> list[Observed]: ...
    def find(self, key: str) -> Observed | None: ...
    def create(self, wish: Wish) -> Observed: ...
    def update(self, before: Observed, wish: Wish) -> Observed: ...
    def delete(self, id: str) -> None: ...


@dataclass
class Site:
    """The daemon, the records of its objects, and the workspace that acts."""

    workspace: str
    daemon: Daemon
    records: Records
    public_key: str
    secret: Callable[[str], str] = field(repr=False)
    image: str = field(default_factory=image_tag)

    @cached_property
    def machine(self) -> dict[str, Any]:
        return self.daemon.info()

    def name_of(self, wish: Wish) -> str:
        return object_name(self.workspace, wish)

    def host_image(self) -> str:
        """The tag of the host image, built first if need be; one process builds, others wait for it."""
        if not self.daemon.has_image(self.image):
            with self.records.lock("image"):
                ensure_image(self.daemon, self.image)
        return self.image

    def containers(self, type: str) -> list[dict[str, Any]]:
        return self.daemon.containers({TYPE: type})

    def container(self, type: str, id: str) -> dict[str, Any] | None:
        """The container of one of our objects; a foreign container of that name is not it."""
        seen = self.daemon.inspect(id)
        return seen if seen and labels_in(seen).get(TYPE) == type else None

    def container_with(self, type: str, key: str) -> str:
        """The name of the container made with this key, or an empty text."""
        found = self.daemon.containers({TYPE: type, KEY: key})
        return str(found[0]["Names"][0]).lstrip("/") if found else ""

    def wished(self, type: str, id: str, labels: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """Properties and labels as last wished: of the record where an update left one, else as created."""
        record = self.records.get(type, id)
        if record is not None and record.key == labels.get(KEY, ""):
            return record.properties, record.labels
        return wished_in(labels)


def labels_in(seen: dict[str, Any]) -> dict[str, str]:
    """Labels of an inspected container or network."""
    return dict((seen.get("Config") or seen).get("Labels") or {})


def check_key(name: str, labels: dict[str, str], wish: Wish) -> None:
    """Raises `ObjectConflict` where something else has the name that this wish's object would have."""
    if labels.get(KEY) != wish.key:
        raise ObjectConflict(f"{name} exists on this machine and was not made for this resource.")


def recorded(record: Record, **now: Any) -> Observed:
    """An object that lives in its record alone; `now` is what was found to differ."""
    properties = {**record.properties, **record.outputs, "id": record.id, **now}
    kept = {name: value for name, value in properties.items() if value is not None}
    return Observed(record.type, record.id, kept, record.labels, record.key)
