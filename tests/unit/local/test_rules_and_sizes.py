from __future__ import annotations

import pytest

from engine.model.errors import CapacityExhausted, PropertiesInvalid
from engine.providers.contract import Wish
from engine.providers.local.addresses import free_address, gateway_of
from engine.providers.local.firewalls import nft_table
from engine.providers.local.guest import parse_facts
from engine.providers.local.sizes import Limits, check_fits, seen_limits, seen_size, wished_limits
from engine.providers.local.wishes import checked

SERVER = Wish("server", "web", {"image": "debian-12"}, "k")


def test_a_firewall_s_table_drops_what_no_rule_names():
    table = nft_table([{"protocol": "tcp", "ports": "80-90", "sources": ["10.0.0.0/8", "::/0"]}, {"protocol": "icmp"}])
    assert "policy drop" in table
    assert "ip saddr 10.0.0.0/8 tcp dport 80-90 accept" in table
    assert "ip6 saddr ::/0 tcp dport 80-90 accept" in table
    assert "ip6 saddr ::/0 meta l4proto icmpv6 accept" in table
    assert "flush ruleset" not in table


def test_addresses_are_chosen_from_the_bottom_for_hosts_and_from_the_top_to_float():
    assert gateway_of("10.0.0.0/24") == "10.0.0.1"
    assert free_address("10.0.0.0/24", {"10.0.0.2"}) == "10.0.0.3"
    assert free_address("10.0.0.0/24", set(), from_top=True) == "10.0.0.254"
    with pytest.raises(CapacityExhausted, match="is taken"):
        free_address("10.0.0.0/29", {f"10.0.0.{number}" for number in range(2, 7)})


@pytest.mark.parametrize("cidr", ["10.0.0.0/30", "fd00::/64"])
def test_a_range_no_bridge_can_use_is_refused(cidr):
    with pytest.raises(PropertiesInvalid, match="can't make a network"):
        gateway_of(cidr)


def test_a_size_that_does_not_exist_is_met_with_the_nearest():
    with pytest.raises(PropertiesInvalid, match="Did you mean 'medium'"):
        wished_limits({"size": "mediun"})


def test_an_image_or_region_or_property_local_lacks_is_refused_before_anything_is_made():
    for properties, words in (
        ({"image": "debian-11"}, "did you mean 'debian-12'"),
        ({"image": "debian-12", "region": "moon"}, "one region"),
        ({"image": "debian-12", "flavour": "sshd", "firewalls": ["x"]}, "flavour sshd"),
        ({"image": "debian-12", "imgae": 1}, "Did you mean 'image'"),
        ({}, "image: it is required"),
    ):
        with pytest.raises(PropertiesInvalid, match=words):
            checked(Wish("server", "web", properties, "k"))
    assert checked(SERVER).properties["flavour"] == "systemd"


def test_limits_that_agree_leave_the_wish_and_others_show():
    small = {"CpuQuota": 100_000, "CpuPeriod": 100_000, "Memory": 1 << 30}
    assert seen_size({"size": "small"}, seen_limits(small)) == {}
    assert seen_size({}, seen_limits(small)) == {}
    assert seen_size({"size": "small"}, Limits(2, 2 << 30)) == {"size": "medium"}
    assert seen_size({"size": "small"}, Limits(1, 3 << 30)) == {"size": "1 cpu, 3GiB"}
    assert seen_size({"needs": {"cpu": 1, "memory": "1GiB", "disk": "9GiB"}}, Limits(1, 2 << 30)) == {
        "needs": {"cpu": 1, "memory": "2GiB", "disk": "9GiB"}
    }


def test_a_host_larger_than_its_machine_is_refused():
    with pytest.raises(PropertiesInvalid, match="4 cpu"):
        check_fits(Limits(4, 1 << 30), cpus=2, memory=8 << 30)


def test_facts_are_read_and_anything_else_a_host_says_is_left_out():
    facts = parse_facts("volume a1 /data\nvolume b2 -\naddress 10.0.0.9\nfirewall kept\nrm -rf /\nvolume\n")
    assert (facts.volumes, facts.addresses, facts.firewall_kept) == ({"a1": "/data", "b2": ""}, {"10.0.0.9"}, True)
