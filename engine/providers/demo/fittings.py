"""How each type is fitted into the cloud: what Demo computes for it, and what it refuses where it stands.

A fitting runs when an object is made and after each change; what the object holds already it keeps.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from collections.abc import Callable
from itertools import combinations
from string import ascii_lowercase
from typing import Any

from engine.model.errors import ObjectConflict, PropertiesInvalid
from engine.providers.demo import addresses
from engine.providers.demo.inventory import CloudObject, Inventory
from engine.providers.demo.offers import VOLUMES_A_SERVER
from engine.providers.demo.sizes import size_for

Fitting = Callable[[Inventory, CloudObject], dict[str, Any]]


def fit_network(books: Inventory, it: CloudObject) -> dict[str, Any]:
    return {"gateway": addresses.gateway_of(it.inputs["cidr"]), "status": "ready"}


def fit_subnet(books: Inventory, it: CloudObject) -> dict[str, Any]:
    network, range = books.get(it.inputs["network"], "network"), ipaddress.ip_network(it.inputs["cidr"])
    outer = ipaddress.ip_network(network.inputs["cidr"]) if network else range
    if range.version != outer.version or not range.subnet_of(outer):  # pyright: ignore[reportArgumentType]
        raise PropertiesInvalid(f"cidr: {range} does not lie inside {outer}, its network's range.")
    bounds = (int(range[0]), int(range[-1]))
    other = books.db.execute(
        "select holder from span where network = ? and first <= ? and last >= ? and holder <> ?",
        (it.inputs["network"], bounds[1], bounds[0], it.id),
    ).fetchone()
    if other:
        raise ObjectConflict(
            f"cidr: {range} overlaps subnet {other[0]} of the same network.", hint="Choose a free range and plan again."
        )
    books.db.execute("insert or replace into span values (?, ?, ?, ?)", (it.inputs["network"], *bounds, it.id))
    return {"status": "ready"}


def fit_firewall(books: Inventory, it: CloudObject) -> dict[str, Any]:
    return {"status": "ready"}


def fit_ssh_key(books: Inventory, it: CloudObject) -> dict[str, Any]:
    words = it.inputs.get("public_key", "").split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, ValueError):
        raise PropertiesInvalid(
            "public_key: this is not a public key in OpenSSH form.",
            hint="Write one line such as `ssh-ed25519 AAAA… name`.",
        ) from None
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {"fingerprint": f"SHA256:{digest}", "status": "ready"}


def fit_server(books: Inventory, it: CloudObject) -> dict[str, Any]:
    size = size_for(it.inputs)
    private = _joined(books, it, it.inputs["networks"])
    public = _public(books, it) if it.inputs.get("public") or not private else None
    if public is None:
        addresses.give_back(books.db, addresses.PUBLIC_POOL, it.id)
    first = next(iter(private.values()), public)
    facts: dict[str, Any] = {"size_name": size.name, "cpu": size.cpu, "memory": size.memory, "disk": size.disk}
    facts |= {"address": first, "addresses": private, "ssh": f"{public or first}:22", "status": "running"}
    return facts | ({"public_address": public} if public else {})


def fit_volume(books: Inventory, it: CloudObject) -> dict[str, Any]:
    server = it.inputs.get("server")
    if not server:
        return {"status": "available"}
    taken = {other.computed.get("device") for other in books.holders(server, "volume") if other.id != it.id}
    free = [f"/dev/vd{letter}" for letter in ascii_lowercase[1 : VOLUMES_A_SERVER + 1]]
    free = [device for device in [it.computed.get("device"), *free] if device and device not in taken]
    if len(taken) >= VOLUMES_A_SERVER:
        raise ObjectConflict(
            f"Server {server} has {VOLUMES_A_SERVER} volumes already.", hint="Attach this volume to another server."
        )
    return {"device": free[0], "status": "attached"}


def fit_floating_ip(books: Inventory, it: CloudObject) -> dict[str, Any]:
    network, server = it.inputs.get("network"), it.inputs.get("server")
    if network:
        _require_members(books, network, [server] if server else [])
    address = _joined(books, it, [network])[network] if network else _public(books, it)
    return {"address": address, "status": "assigned" if server else "free"}


def fit_load_balancer(books: Inventory, it: CloudObject) -> dict[str, Any]:
    network = it.inputs.get("network")
    facts: dict[str, Any] = {"address": _public(books, it), "status": "running"}
    if not network:
        return facts
    _require_members(books, network, it.inputs["servers"])
    return facts | {"private_address": _joined(books, it, [network])[network]}


FITTINGS: dict[str, Fitting] = {
    "network": fit_network,
    "subnet": fit_subnet,
    "firewall": fit_firewall,
    "ssh_key": fit_ssh_key,
    "server": fit_server,
    "volume": fit_volume,
    "floating_ip": fit_floating_ip,
    "load_balancer": fit_load_balancer,
}


def _public(books: Inventory, it: CloudObject) -> str:
    held = addresses.held(books.db, it.id).get(addresses.PUBLIC_POOL)
    return held or addresses.public_address(books.db, it.id)


def _joined(books: Inventory, it: CloudObject, networks: list[str]) -> dict[str, str]:
    """Its address in each of these networks; addresses in others it gives back."""
    found = {id: network.inputs["cidr"] for id in networks if (network := books.get(id, "network"))}
    for (one, range), (other, second) in combinations(found.items(), 2):
        if ipaddress.ip_network(range).overlaps(ipaddress.ip_network(second)):
            raise ObjectConflict(
                f"networks: {one} ({range}) and {other} ({second}) overlap.", hint="Join networks with separate ranges."
            )
    held = addresses.held(books.db, it.id)
    for left in held.keys() - found.keys() - {addresses.PUBLIC_POOL}:
        addresses.give_back(books.db, left, it.id)
    return {id: held.get(id) or addresses.private_address(books.db, id, cidr, it.id) for id, cidr in found.items()}


def _require_members(books: Inventory, network: str, servers: list[str]) -> None:
    for id in servers:
        server = books.get(id, "server")
        if server and network not in server.inputs["networks"]:
            raise ObjectConflict(
                f"Server {id} is not in network {network}.", hint="Let it join the network first, then plan again."
            )
