"""A workspace of its own on the real daemon; whatever a test leaves is found and fails it, then is removed."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import docker
import pytest

from engine.model.resource import Observed
from engine.providers.contract import Surroundings, Wish
from engine.providers.local import KIND
from engine.providers.local.endpoint import find_endpoint
from engine.providers.local.naming import WORKSPACE
from engine.providers.local.provider import Local

PASSWORD = "correct-horse-battery"


@dataclass
class Lab:
    """One workspace on Local, with a way into its hosts and a raw view of the daemon."""

    provider: Local
    surroundings: Surroundings
    key: asyncssh.SSHKey
    daemon: Any
    cidr: str
    made: list[tuple[str, str]] = field(default_factory=list)

    def wish(self, type: str, name: str, /, **properties: Any) -> Wish:
        return Wish(type, name, properties, key=f"{self.surroundings.workspace}/{type}.{name}")

    async def create(self, type: str, name: str, **properties: Any) -> Observed:
        seen = await self.provider.create(self.wish(type, name, **properties))
        self.made.append((type, seen.id))
        return seen

    async def server(self, name: str, **properties: Any) -> Observed:
        return await self.create("server", name, image="debian-12", **properties)

    async def ssh(self, server: Observed, command: str) -> str:
        seen = await self.provider.read("server", server.id)
        assert seen is not None
        host, port = str(seen.properties["ssh"]).split(":")
        async with asyncssh.connect(host, int(port), username="root", client_keys=[self.key], known_hosts=None) as line:
            done = await line.run(command, check=True)
        return str(done.stdout).strip()

    def inside(self, server: Observed, command: str) -> tuple[int, str]:
        code, said = self.daemon.containers.get(server.id).exec_run(["sh", "-c", command])
        return code, said.decode().strip()

    async def delete_all(self) -> None:
        order = ("volume", "floating_ip", "server", "firewall", "ssh_key", "network")
        for type, id in sorted(self.made, key=lambda each: order.index(each[0])):
            await self.provider.delete(type, id)

    def leftovers(self) -> list[str]:
        """Everything of this workspace that is still there: containers, networks, loop devices, files."""
        mine = {"label": f"{WORKSPACE}={self.surroundings.workspace}"}
        found = [each.name for each in self.daemon.containers.list(all=True, filters=mine)]
        found += [each.name for each in self.daemon.networks.list(filters=mine)]
        return found + [str(path) for path in self.surroundings.home.rglob("*") if path.is_file()]


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    """Fails where no daemon answers: on real hosts there is nothing to skip to."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "id").write_bytes(key.export_private_key())
    around = Surroundings(
        workspace=f"t{secrets.token_hex(4)}", home=tmp_path / "home", settings={}, environment=dict(os.environ),
        public_key=key.export_public_key().decode(), secret=lambda reference: PASSWORD,
    )  # fmt: skip
    missing = KIND.available(around)
    if missing:
        pytest.fail(missing)
    return around


@pytest.fixture
async def lab(surroundings: Surroundings, tmp_path: Path) -> AsyncIterator[Lab]:
    provider = Local(surroundings)
    daemon = docker.DockerClient(base_url=find_endpoint(surroundings))
    volumes = {str(each.id) for each in daemon.volumes.list()}
    found = Lab(provider, surroundings, asyncssh.read_private_key(tmp_path / "id"), daemon, free_range(daemon))
    yield found
    await found.delete_all()
    left = found.leftovers() + sorted(mine_among(daemon, volumes))
    await provider.close()
    daemon.close()
    assert left == []


def mine_among(daemon: Any, before: set[str]) -> set[str]:
    """Volumes without a container that were not there before."""
    unused = daemon.volumes.list(filters={"dangling": True})
    return {each.id for each in unused} - before


def free_range(daemon: Any) -> str:
    taken = [
        ipaddress.ip_network(each["Subnet"])
        for network in daemon.networks.list()
        for each in (network.attrs["IPAM"]["Config"] or [])
    ]
    candidates = (
        ipaddress.ip_network(f"10.{secrets.randbelow(100) + 100}.{secrets.randbelow(256)}.0/24") for _ in range(99)
    )
    return str(next(each for each in candidates if not any(each.overlaps(other) for other in taken)))
