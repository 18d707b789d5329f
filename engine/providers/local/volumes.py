"""Volumes: an image file and its loop device, kept by a container that runs only to set them up or take them down.

That container is the volume: it carries the labels, and its anonymous Docker volume holds the image file, so nothing
is needed on the machine itself, and the same works where the daemon lives in another machine.
"""

from __future__ import annotations

import uuid
from typing import Any

from engine.model.errors import CapacityExhausted, ObjectConflict, ObjectMissing, PropertiesInvalid, ProviderError
from engine.model.quantity import size_in_bytes, size_text
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.daemon import PlacedFile
from engine.providers.local.guest import find_guest, require_guest
from engine.providers.local.host_config import disk_config
from engine.providers.local.naming import KEY, labels_of, short_key
from engine.providers.local.records import record_of
from engine.providers.local.site import Site, check_key, labels_in
from engine.providers.local.translation import quoted

_TYPE = "volume"
_FOLDER = "/disk"
_SPACE = uuid.UUID("a6a9a1c4-0b0e-5d0c-9f5e-5b8f6f1f7a11")


class Volumes:
    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self, id: str) -> Observed | None:
        seen = self._site.container(_TYPE, id)
        return self._observe(id, labels_in(seen)) if seen else None

    def list(self) -> list[Observed]:
        found = ((str(seen["Names"][0]).lstrip("/"), labels_in(seen)) for seen in self._site.containers(_TYPE))
        return [self._observe(name, labels) for name, labels in found]

    def find(self, key: str) -> Observed | None:
        name = self._site.container_with(_TYPE, key)
        return self.read(name) if name else None

    def create(self, wish: Wish) -> Observed:
        name = self._site.name_of(wish)
        if wish.properties.get("server"):
            require_guest(self._site, wish.properties["server"]).require("volumes")
        with self._site.records.lock(name):
            if self._site.daemon.inspect(name) is None:
                self._site.records.remove(_TYPE, name)
                config = disk_config(self._site.host_image(), labels_of(self._site.workspace, wish))
                try:
                    self._site.daemon.create_container(name, config)
                except ObjectConflict:
                    if self._site.daemon.inspect(name) is None:
                        raise
            seen = self._require(name)
            check_key(name, labels_in(seen), wish)
            # What has been updated since was made to its end, and must not fall back to what it was first.
            if self._site.records.get(_TYPE, name) is None:
                self._bring_about(name, wish.key, wish.properties)
        return self._observe(name, labels_in(seen))

    def update(self, before: Observed, wish: Wish) -> Observed:
        """Taken out of its host where it moves or grows, for both need it unmounted."""
        name = before.id
        with self._site.records.lock(name):
            seen = self._require(name)
            key = labels_in(seen).get(KEY, "")
            properties, _ = self._site.wished(_TYPE, name, labels_in(seen))
            holder, wanted = properties.get("server"), wish.properties.get("server")
            grows = size_in_bytes(wish.properties["size"]) > self._bytes(name)
            if holder and (holder != wanted or grows):
                self._leave(holder, key)
            self._bring_about(name, key, wish.properties)
            self._site.records.put(record_of(name, self._site.workspace, wish))
        return self._observe(name, labels_in(seen))

    def delete(self, id: str) -> None:
        with self._site.records.lock(id):
            seen = self._site.container(_TYPE, id)
            if seen:
                properties, _ = self._site.wished(_TYPE, id, labels_in(seen))
                self._leave(str(properties.get("server") or ""), labels_in(seen).get(KEY, ""))
                self.set_up(id, labels_in(seen).get(KEY, ""), properties, "absent")
                self._site.daemon.remove_container(id)
            self._site.records.remove(_TYPE, id)

    def _bring_about(self, name: str, key: str, properties: dict[str, Any]) -> None:
        server = properties.get("server")
        guest = require_guest(self._site, server) if server else None
        self.set_up(name, key, properties, "attached" if guest else "detached")
        if guest:
            filesystem = properties.get("filesystem") or "ext4"
            guest.set_volume(short_key(key), f"{file_system_mark(key)} {filesystem} {properties.get('mount') or '-'}\n")

    def _leave(self, server: str, key: str) -> None:
        guest = find_guest(self._site, server)
        if guest:
            guest.set_volume(short_key(key), "")

    def set_up(self, name: str, key: str, properties: dict[str, Any], state: str) -> None:
        daemon = self._site.daemon
        filesystem = properties.get("filesystem") or "ext4"
        wish = f"{size_in_bytes(properties['size'])} {filesystem} {file_system_mark(key)} {state}\n"
        daemon.put(name, _FOLDER, [PlacedFile("wish", wish.encode())])
        daemon.start(name)
        if daemon.wait(name):
            said = daemon.get(name, f"{_FOLDER}/error") or b"no reason was given"
            raise _refusal(name, said.decode("utf-8", "replace"))

    def _require(self, name: str) -> dict[str, Any]:
        seen = self._site.container(_TYPE, name)
        if seen is None:
            raise ObjectMissing(f"There is no volume {name[:80]!r} on this machine.")
        return seen

    def _bytes(self, name: str) -> int:
        """0 for one that was not finished."""
        words = (self._site.daemon.get(name, f"{_FOLDER}/report") or b"").split()
        return int(words[0]) if words and words[0].isdigit() else 0

    def _observe(self, name: str, tags: dict[str, str]) -> Observed:
        wished, labels = self._site.wished(_TYPE, name, tags)
        key = tags.get(KEY, "")
        size = self._bytes(name)
        real: dict[str, Any] = {"id": name, "status": "detached" if size else "incomplete"}
        if size:
            real["size"] = size_text(size)
        properties = wished | real | self._attachment(wished, short_key(key))
        return Observed(
            _TYPE, name, {field: value for field, value in properties.items() if value is not None}, labels, key
        )

    def _attachment(self, wished: dict[str, Any], tag: str) -> dict[str, Any]:
        """What the host says of it; a host that is stopped keeps what it was told."""
        server = wished.get("server")
        guest = find_guest(self._site, server) if server else None
        if guest is None:
            return {"server": None, "mount": None} if server else {}
        device = f"/dev/disk/by-id/local-{tag}"
        if not guest.runs:
            return {"status": "host stopped", "device": device}
        volumes = guest.facts().volumes
        if tag not in volumes:
            return {"server": None, "mount": None}
        return {"status": "attached", "device": device, "mount": volumes[tag] or None}


def file_system_mark(key: str) -> uuid.UUID:
    """The file system's own mark, by which a host finds the volume among all loop devices."""
    return uuid.uuid5(_SPACE, key)


def _refusal(name: str, said: str) -> ProviderError:
    kinds = (("busy", ObjectConflict), ("no space", CapacityExhausted))
    kind = next((kind for word, kind in kinds if word in said.lower()), PropertiesInvalid)
    return kind(f"Volume {name} could not be set up: {quoted(said)}.")
