"""Addresses: unique, inside their range, kept while held and given back."""

from __future__ import annotations

import ipaddress

import pytest

from engine.model.errors import CapacityExhausted
from engine.providers.demo.addresses import PUBLIC_RANGES
from engine.providers.demo.cloud import Cloud
from tests.unit.demo.conftest import Make


def test_servers_get_one_address_after_the_other_behind_the_gateway(make: Make) -> None:
    network = make("network")
    assert network.properties["gateway"] == "10.20.0.1"
    found = [make("server", f"s{n}", networks=[network.id]).properties["address"] for n in range(3)]
    assert found == ["10.20.0.2", "10.20.0.3", "10.20.0.4"]


def test_a_server_in_no_network_has_a_public_address_that_is_nobodys(make: Make) -> None:
    server = make("server")
    address = ipaddress.ip_address(server.properties["public_address"])
    assert any(address in range for range in PUBLIC_RANGES)
    assert server.properties["address"] == str(address)
    assert server.properties["ssh"] == f"{address}:22"


def test_a_server_keeps_its_address_while_it_joins_and_leaves_other_networks(cloud: Cloud, make: Make) -> None:
    one, other = make("network", cidr="10.1.0.0/24"), make("network", cidr="10.2.0.0/24")
    server = make("server", networks=[one.id])
    wanted = {"image": "debian-12", "networks": [other.id, one.id], "public": True}
    joined = cloud.update("server", server.id, wanted, {}).properties
    assert joined["addresses"] == {other.id: "10.2.0.2", one.id: "10.1.0.2"}
    assert joined["address"] == "10.2.0.2"
    assert joined["public_address"]
    left = cloud.update("server", server.id, wanted | {"networks": [one.id], "public": None}, {}).properties
    assert left["addresses"] == {one.id: "10.1.0.2"}
    assert "public_address" not in left
    cloud.delete("network", other.id)


def test_a_full_network_is_exhausted_until_an_address_comes_back(cloud: Cloud, make: Make) -> None:
    network = make("network", cidr="192.168.7.0/29")
    servers = [make("server", f"s{n}", networks=[network.id]) for n in range(5)]
    with pytest.raises(CapacityExhausted, match="no free address"):
        make("server", "more", networks=[network.id])
    cloud.delete("server", servers[2].id)
    again = make("server", "more", networks=[network.id])
    assert again.properties["address"] == servers[2].properties["address"] == "192.168.7.4"


def test_public_addresses_go_on_in_the_next_range(make: Make) -> None:
    found = [make("floating_ip", f"f{n}").properties["address"] for n in range(256)]
    assert len(set(found)) == 256
    assert (found[0], found[254]) == ("192.0.2.1", "198.51.100.1")


def test_a_floating_address_stays_the_same_when_it_moves(cloud: Cloud, make: Make) -> None:
    one, other = make("server", "a"), make("server", "b")
    floating = make("floating_ip", server=one.id)
    moved = cloud.update("floating_ip", floating.id, {"server": other.id}, {})
    assert moved.properties["server"] == other.id
    assert moved.properties["address"] == floating.properties["address"]


def test_a_floating_address_in_a_network_is_one_of_its_addresses(make: Make) -> None:
    network = make("network")
    server = make("server", networks=[network.id])
    floating = make("floating_ip", network=network.id, server=server.id)
    assert floating.properties["address"] == "10.20.0.3"


def test_a_balancer_has_a_public_address_and_one_in_its_network(make: Make) -> None:
    network = make("network")
    balancer = make("load_balancer", network=network.id)
    assert balancer.properties["private_address"] == "10.20.0.2"
    assert balancer.properties["address"] == "192.0.2.1"
