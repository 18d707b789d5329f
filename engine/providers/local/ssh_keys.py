"""SSH keys: public keys kept in the home, for hosts to be created with."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from engine.model.errors import ObjectMissing, PropertiesInvalid
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.kept import Kept
from engine.providers.local.records import record_of
from engine.providers.local.site import Site, recorded

_TYPE = "ssh_key"


class SshKeys(Kept):
    def __init__(self, site: Site) -> None:
        super().__init__(site, _TYPE)

    def create(self, wish: Wish) -> Observed:
        return self._keep(self._site.name_of(wish), wish)

    def update(self, before: Observed, wish: Wish) -> Observed:
        """Labels alone can change."""
        if self._site.records.get(_TYPE, before.id) is None:
            raise ObjectMissing(f"There is no SSH key {before.id[:80]!r}.")
        return self._keep(before.id, wish)

    def delete(self, id: str) -> None:
        self._site.records.remove(_TYPE, id)

    def _keep(self, id: str, wish: Wish) -> Observed:
        record = record_of(
            id,
            self._site.workspace,
            wish,
            status="active",
            fingerprint=fingerprint(public_line(self._site, wish.properties)),
        )
        self._site.records.put(record)
        return recorded(record)


def public_line(site: Site, properties: Mapping[str, Any]) -> str:
    """The key as `authorized_keys` wants it: the workspace's own where none is named."""
    return str(properties.get("public_key") or site.public_key).strip()


def fingerprint(line: str) -> str:
    """As `ssh-keygen -l` prints it. Raises `PropertiesInvalid` for what is no public key."""
    try:
        blob = base64.b64decode(line.split()[1], validate=True)
    except (IndexError, binascii.Error):
        raise PropertiesInvalid(
            "public_key is not a public key in OpenSSH form.", hint="Paste the line of a .pub file."
        ) from None
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
