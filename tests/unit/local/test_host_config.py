from __future__ import annotations

from dataclasses import replace

from engine.providers.local.host_config import HostSpec, container_config, disk_config
from engine.providers.local.sizes import Limits

SPEC = HostSpec("groundplan-host:x", "web-0", "systemd", Limits(2, 1 << 30), {"groundplan.key": "k"}, "net", "10.0.0.2")


def test_a_host_with_systemd_asks_for_its_four_capabilities_and_never_for_privileged():
    host = container_config(SPEC)["HostConfig"]
    assert sorted(host["CapAdd"]) == ["NET_ADMIN", "SYS_ADMIN", "SYS_NICE", "SYS_PTRACE"]
    assert "Privileged" not in host
    assert host["CgroupnsMode"] == "private"
    assert host["Tmpfs"] == {"/run": "exec", "/run/lock": ""}
    assert host["DeviceCgroupRules"] == ["b 7:* rwm"]
    assert container_config(SPEC)["StopSignal"] == "SIGRTMIN+3"


def test_a_host_without_systemd_asks_for_nothing_beyond_docker_s_defaults():
    config = container_config(replace(SPEC, flavour="sshd"))
    assert config["HostConfig"].keys().isdisjoint({"CapAdd", "SecurityOpt", "DeviceCgroupRules", "Tmpfs"})
    assert config["Labels"]["groundplan.init"] == "sshd"


def test_ssh_is_published_on_loopback_alone_at_a_port_of_the_daemon_s_choice():
    assert container_config(SPEC)["HostConfig"]["PortBindings"] == {"22/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}


def test_limits_are_a_quota_and_memory_without_swap():
    host = container_config(SPEC)["HostConfig"]
    assert (host["CpuQuota"] / host["CpuPeriod"], host["Memory"], host["MemorySwap"]) == (2, 1 << 30, 1 << 30)


def test_a_host_has_its_fixed_address_and_answers_to_its_name():
    ends = container_config(SPEC)["NetworkingConfig"]["EndpointsConfig"]
    assert ends == {"net": {"IPAMConfig": {"IPv4Address": "10.0.0.2"}, "Aliases": ["web-0"]}}
    assert "NetworkingConfig" not in container_config(replace(SPEC, network="", address=""))


def test_a_volume_s_container_has_no_network_and_reaches_loop_devices_only():
    host = disk_config("groundplan-host:x", {})["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert host["DeviceCgroupRules"] == ["b 7:* rwm", "c 10:237 rwm"]
