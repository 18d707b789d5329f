"""From a created container to a host that answers: its files, its start, its first SSH banner, its password."""

from __future__ import annotations

import socket
import time
from typing import Any

from engine.model.errors import (
    AuthFailed,
    ObjectConflict,
    ObjectMissing,
    PropertiesInvalid,
    ProviderError,
    TransientFailure,
)  # fmt: skip
from engine.providers.contract import Wish
from engine.providers.local.daemon import PlacedFile
from engine.providers.local.guest import Guest
from engine.providers.local.host_config import CAPABILITIES, INIT_LABEL
from engine.providers.local.host_view import loopback_port
from engine.providers.local.site import Site, labels_in
from engine.providers.local.ssh_keys import public_line

_PATIENCE = 90.0
_PAUSE = 0.05
_REFUSALS = (
    "capabilit",
    "operation not permitted",
    "privileged",
    "authorization denied",
    "apparmor",
    "cgroupns",
    "not allowed",
)


class SystemdRefused(Exception):
    """The daemon does not grant what systemd needs, or systemd gave up at once."""


def create_container(site: Site, name: str, config: dict[str, Any]) -> None:
    """Raises `SystemdRefused` where the answer is about rights."""
    try:
        site.daemon.create_container(name, config)
    except (AuthFailed, PropertiesInvalid, TransientFailure) as refused:
        raise _judged(refused, config["Labels"]) from refused


def start(site: Site, name: str) -> None:
    try:
        site.daemon.start(name)
    except (AuthFailed, PropertiesInvalid, TransientFailure) as refused:
        seen = site.daemon.inspect(name)
        raise _judged(refused, labels_in(seen) if seen else {}) from refused


def _judged(refused: ProviderError, labels: dict[str, str]) -> Exception:
    about_rights = any(word in refused.message.lower() for word in _REFUSALS)
    systemd = labels.get(INIT_LABEL) == "systemd"
    return SystemdRefused("it refused to grant them") if about_rights and systemd else refused


def place_files(site: Site, name: str, wish: Wish) -> None:
    """Before the first start: who may log in, and the script to run once."""
    others: list[str] = wish.properties.get("ssh_keys") or []
    lines = [site.public_key.strip(), *(key_line(site, id) for id in others)]
    keys = "".join(f"{line}\n" for line in dict.fromkeys(lines) if line)
    site.daemon.put(name, "/root/.ssh", [PlacedFile("authorized_keys", keys.encode())])
    script = wish.properties.get("user_data")
    if script:
        site.daemon.put(name, "/var/lib/groundplan", [PlacedFile("user-data.script", script.encode(), 0o700)])


def key_line(site: Site, id: str) -> str:
    """Raises `ObjectMissing` where there is no such key."""
    record = site.records.get("ssh_key", id)
    if record is None:
        raise ObjectMissing(f"There is no SSH key {id[:80]!r}.")
    return public_line(site, record.properties)


def wait_until_ready(site: Site, name: str, *, guarded: bool) -> None:
    """Until SSH answers: read its banner on the published port, or ask inside where that port can't be reached.

    Raises `SystemdRefused` when systemd ended by itself, `TransientFailure` after a minute and a half.
    """
    port_tells = site.daemon.is_local and not guarded
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        seen = site.container("server", name)
        if seen is None:
            raise ObjectMissing(f"The server {name} vanished while it started.")
        if _has_died(seen):
            raise _died(name, seen)
        if has_banner("127.0.0.1", loopback_port(seen)) if port_tells else _listens(site, name, seen):
            return
        time.sleep(_PAUSE)
    raise TransientFailure(f"SSH on {name} did not answer within {_PATIENCE:.0f} seconds.", effect_unknown=True)


def _listens(site: Site, name: str, seen: dict[str, Any]) -> bool:
    try:
        return Guest(site.daemon, name, seen).is_ready()
    except (ObjectConflict, ObjectMissing, TransientFailure):
        # It stopped or started anew between our look and the question; the next look says so.
        return False


def has_banner(host: str, port: int) -> bool:
    """Docker's port accepts connections before anyone listens behind it, so only the banner counts."""
    try:
        with socket.create_connection((host, port), 1) as connection:
            connection.settimeout(2)
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _has_died(seen: dict[str, Any]) -> bool:
    """A host that its daemon starts again and again counts as dead, though Docker calls it running in between."""
    state = seen["State"]
    return not state["Running"] or bool(state.get("Restarting")) or int(seen.get("RestartCount") or 0) > 2


def _died(name: str, seen: dict[str, Any]) -> Exception:
    code = seen["State"].get("ExitCode")
    if labels_in(seen).get(INIT_LABEL) == "systemd":
        return SystemdRefused(f"systemd ended with code {code}; it asks for {', '.join(CAPABILITIES)}")
    return TransientFailure(f"The server {name} stopped while it started (code {code}).")


def set_password(site: Site, name: str, properties: dict[str, Any]) -> None:
    """The value goes through standard input alone: it is in no argument list, environment or label."""
    reference = properties.get("root_password")
    if not reference:
        return
    value = site.secret(reference)
    if "\n" in value or not value:
        raise PropertiesInvalid(f"{reference} can't be a password: it is empty or has more than one line.")
    if site.daemon.feed(name, ["chpasswd"], f"root:{value}\n".encode()):
        raise PropertiesInvalid(f"{name} did not accept {reference} as its password.")
