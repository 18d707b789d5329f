"""What Demo refuses, as a real cloud would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import ObjectConflict, ObjectMissing, PropertiesInvalid, QuotaExceeded
from engine.model.unknown import Unknown
from engine.providers.contract import Wish
from engine.providers.demo.cloud import Cloud, cloud_file
from engine.providers.demo.inventory import Tenant
from tests.unit.demo.conftest import Make


def test_a_quota_is_kept_for_its_account_alone(tmp_path: Path) -> None:
    tight = Cloud(cloud_file(tmp_path), Tenant(account="tight", quota={"network": 1}))
    wide = Cloud(cloud_file(tmp_path), Tenant(account="wide"))
    tight.create(Wish("network", "one", {"cidr": "10.0.0.0/16"}, "a"))
    with pytest.raises(QuotaExceeded, match="may have 1 of network"):
        tight.create(Wish("network", "two", {"cidr": "10.1.0.0/16"}, "b"))
    assert tight.create(Wish("network", "one", {"cidr": "10.0.0.0/16"}, "a")).key == "a"
    wide.create(Wish("network", "two", {"cidr": "10.1.0.0/16"}, "b"))
    assert (len(tight.list("network")), len(wide.list("network"))) == (1, 1)
    tight.close()
    wide.close()


@pytest.mark.parametrize(
    ("type", "properties"),
    [
        ("server", {"networks": ["{net}"]}),
        ("subnet", {"network": "{net}", "cidr": "10.20.1.0/24"}),
        ("floating_ip", {"network": "{net}"}),
        ("load_balancer", {"network": "{net}"}),
    ],
)
def test_a_network_in_use_cannot_be_deleted(cloud: Cloud, make: Make, type: str, properties: dict[str, Any]) -> None:
    network = make("network")
    filled = {
        name: [network.id] if value == ["{net}"] else network.id if value == "{net}" else value
        for name, value in properties.items()
    }
    user = make(type, "user", **filled)
    with pytest.raises(ObjectConflict, match=f"in use by {type} user"):
        cloud.delete("network", network.id)
    cloud.delete(type, user.id)
    cloud.delete("network", network.id)
    assert cloud.list("network") == []


def test_a_firewall_in_use_cannot_be_deleted(cloud: Cloud, make: Make) -> None:
    firewall = make("firewall")
    make("server", firewalls=[firewall.id])
    with pytest.raises(ObjectConflict):
        cloud.delete("firewall", firewall.id)


def test_a_deleted_server_lets_go_of_volume_address_and_balancer(cloud: Cloud, make: Make) -> None:
    server, other = make("server", "a"), make("server", "b")
    volume = make("volume", server=server.id, mount="/data")
    address = make("floating_ip", server=server.id)
    balancer = make("load_balancer", servers=[server.id, other.id])
    assert volume.properties["device"] == "/dev/vdb"
    cloud.delete("server", server.id)
    left = cloud.read("volume", volume.id)
    assert left
    assert (left.properties["server"], left.properties["mount"], left.properties["status"]) == (None, None, "available")
    assert "device" not in left.properties
    free = cloud.read("floating_ip", address.id)
    assert free
    assert (free.properties["server"], free.properties["status"]) == (None, "free")
    assert free.properties["address"] == address.properties["address"]
    spread = cloud.read("load_balancer", balancer.id)
    assert spread
    assert spread.properties["servers"] == [other.id]


def test_a_server_can_be_changed_after_a_key_it_was_made_with_is_deleted(cloud: Cloud, make: Make) -> None:
    key = make("ssh_key")
    server = make("server", ssh_keys=[key.id])
    cloud.delete("ssh_key", key.id)
    wanted = {"image": "debian-12", "size": "large", "ssh_keys": [key.id]}
    assert cloud.update("server", server.id, wanted, {}).properties["cpu"] == 4


def test_a_volume_grows_while_attached_and_refuses_to_shrink(cloud: Cloud, make: Make) -> None:
    server = make("server")
    volume = make("volume", size="10GiB", server=server.id)
    wanted = {"size": "20GiB", "server": server.id}
    grown = cloud.update("volume", volume.id, wanted, {})
    assert (grown.properties["size"], grown.properties["device"]) == ("20GiB", "/dev/vdb")
    with pytest.raises(PropertiesInvalid, match="can't go from '20GiB' to '5GiB'"):
        cloud.update("volume", volume.id, wanted | {"size": "5GiB"}, {})
    assert cloud.read("volume", volume.id) == grown


def test_each_volume_of_a_server_has_a_device_of_its_own_up_to_the_limit(cloud: Cloud, make: Make) -> None:
    server = make("server")
    devices = [make("volume", f"v{n}", server=server.id).properties["device"] for n in range(16)]
    assert len(set(devices)) == 16
    with pytest.raises(ObjectConflict, match="16 volumes already"):
        make("volume", "more", server=server.id)


@pytest.mark.parametrize("cidr", ["10.21.0.0/24", "10.0.0.0/8", "fd00::/64"])
def test_a_subnet_outside_its_network_is_refused(make: Make, cidr: str) -> None:
    network = make("network")
    with pytest.raises(PropertiesInvalid, match="does not lie inside"):
        make("subnet", network=network.id, cidr=cidr)


def test_subnets_of_a_network_do_not_overlap_and_a_deleted_one_frees_its_range(cloud: Cloud, make: Make) -> None:
    network, elsewhere = make("network", "a"), make("network", "b")
    wide = make("subnet", network=network.id, cidr="10.20.0.0/20")
    with pytest.raises(ObjectConflict, match=f"overlaps subnet {wide.id}"):
        make("subnet", network=network.id, cidr="10.20.3.0/24")
    make("subnet", network=elsewhere.id, cidr="10.20.3.0/24")
    cloud.delete("subnet", wide.id)
    make("subnet", network=network.id, cidr="10.20.3.0/24")


@pytest.mark.parametrize("cidr", ["8.8.8.0/24", "10.0.0.0/30", "fd00::/64"])
def test_a_network_is_a_private_range_of_a_useful_size(make: Make, cidr: str) -> None:
    with pytest.raises(PropertiesInvalid, match="private IPv4 range"):
        make("network", cidr=cidr)


@pytest.mark.parametrize(
    ("properties", "answer"),
    [
        ({"image": "debain-12"}, "did you mean debian-12?"),
        ({"image": "windows"}, "there are debian-12"),
        ({"size": "mediun"}, "did you mean medium?"),
        ({"size": "small", "needs": {"cpu": 1}}, "exclude each other"),
        ({"needs": {"cpu": 64}}, "the largest is 4xlarge"),
        ({"region": "demo-11"}, "did you mean demo-1?"),
        ({"public": False}, "name a network too"),
        ({"imgae": "debian-12"}, "did you mean image?"),
        ({"image": None}, "image: it is required"),
        ({"user_data": Unknown("${network.a.id}")}, "has no value yet"),
        ({"address": "10.0.0.9"}, "'address': no such property"),
    ],
)
def test_what_is_wrong_with_a_server_is_named_with_the_remedy(
    cloud: Cloud, make: Make, properties: dict[str, Any], answer: str
) -> None:
    with pytest.raises(PropertiesInvalid) as refused:
        make("server", **properties)
    assert answer in str(refused.value)
    assert cloud.list("server") == []


def test_an_object_of_another_type_is_no_such_object(make: Make) -> None:
    network = make("network")
    with pytest.raises(ObjectMissing, match=f"server: Demo has no server '{network.id}'"):
        make("volume", server=network.id)


def test_the_same_network_twice_is_refused(make: Make) -> None:
    network = make("network")
    with pytest.raises(PropertiesInvalid, match="named twice"):
        make("server", networks=[network.id, network.id])


def test_a_server_does_not_join_overlapping_networks(make: Make) -> None:
    one, other = make("network", cidr="10.0.0.0/8"), make("network", cidr="10.20.0.0/16")
    with pytest.raises(ObjectConflict, match="overlap"):
        make("server", networks=[one.id, other.id])


def test_what_belongs_together_is_in_one_region(make: Make) -> None:
    network = make("network", region="demo-2")
    assert make("subnet", network=network.id, cidr="10.20.1.0/24").properties["region"] == "demo-2"
    with pytest.raises(PropertiesInvalid, match="is in demo-2, and this server in demo-1") as refused:
        make("server", networks=[network.id])
    assert "Set region to demo-2" in refused.value.hint


def test_naming_the_region_an_object_is_in_is_no_change(cloud: Cloud, make: Make) -> None:
    network = make("network")
    wanted = {"cidr": "10.20.0.0/16", "region": "demo-1"}
    assert cloud.update("network", network.id, wanted, {}).properties["region"] == "demo-1"
    with pytest.raises(PropertiesInvalid, match="region: network"):
        cloud.update("network", network.id, wanted | {"region": "demo-2"}, {})


def test_a_balancer_reaches_only_members_of_its_network(make: Make) -> None:
    network, outsider = make("network"), make("server")
    with pytest.raises(ObjectConflict, match="is not in network"):
        make("load_balancer", network=network.id, servers=[outsider.id])


def test_each_listener_has_a_port_of_its_own(make: Make) -> None:
    listener = {"port": 80, "target_port": 80}
    with pytest.raises(PropertiesInvalid, match="port of its own"):
        make("load_balancer", listeners=[listener, listener])


@pytest.mark.parametrize("size", ["512MiB", "17TiB"])
def test_a_volume_has_whole_gib_up_to_the_limit(make: Make, size: str) -> None:
    with pytest.raises(PropertiesInvalid, match="whole GiB"):
        make("volume", size=size)


def test_a_key_that_is_none_is_refused(make: Make) -> None:
    with pytest.raises(PropertiesInvalid, match="not a public key"):
        make("ssh_key", public_key="ssh-ed25519 not*base64 me")


def test_an_unknown_type_is_refused(cloud: Cloud) -> None:
    with pytest.raises(PropertiesInvalid, match="did you mean server"):
        cloud.list("servr")
