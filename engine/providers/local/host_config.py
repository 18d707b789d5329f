"""What a host's container is created with: the rights systemd needs, limits, ports and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.providers.local.sizes import PERIOD, Limits

Flavour = Literal["systemd", "sshd"]
INIT_LABEL = "groundplan.init"
# Podman does not tell the address of a host that has not started yet.
ADDRESS_LABEL = "groundplan.address"
# systemd exits without SYS_ADMIN; redis and others die of ProtectProc without SYS_PTRACE; SYS_NICE is for scheduling
# in units; NET_ADMIN is for floating addresses and the firewall. `--privileged` asks for more than some daemons have.
CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE")


@dataclass(frozen=True, slots=True)
class HostSpec:
    """`network` and `address` are empty for a host on Docker's default network."""

    image: str
    hostname: str
    flavour: Flavour
    limits: Limits
    labels: Mapping[str, str]
    network: str = ""
    address: str = ""


def container_config(spec: HostSpec) -> dict[str, Any]:
    """The body of Docker's create call. SSH is published on a loopback port that the daemon chooses."""
    config: dict[str, Any] = {
        "Image": spec.image,
        "Hostname": spec.hostname[:63],
        "Env": ["container=docker"],
        "Labels": {**spec.labels, INIT_LABEL: spec.flavour, ADDRESS_LABEL: spec.address},
        "ExposedPorts": {"22/tcp": {}},
        "HostConfig": _limits(spec.limits) | {
            "PortBindings": {"22/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
            "RestartPolicy": {"Name": "unless-stopped"},
        },
    }  # fmt: skip
    if spec.network:
        endpoint = {"IPAMConfig": {"IPv4Address": spec.address}, "Aliases": [spec.hostname[:63]]}
        config["HostConfig"]["NetworkMode"] = spec.network
        config["NetworkingConfig"] = {"EndpointsConfig": {spec.network: endpoint}}
    if spec.flavour == "systemd":
        _allow_systemd(config)
    else:
        # sshd collects orphaned processes itself, so no further init is needed.
        config["Cmd"] = ["/usr/lib/groundplan/sshd"]
    return config


def _limits(limits: Limits) -> dict[str, Any]:
    # Quotas, not NanoCpus: Docker refuses to change one where the other was set.
    return {
        "CpuPeriod": PERIOD, "CpuQuota": limits.cpu * PERIOD, "Memory": limits.memory, "MemorySwap": limits.memory,
    }  # fmt: skip


def _allow_systemd(config: dict[str, Any]) -> None:
    config |= {"Cmd": ["/usr/local/sbin/init"], "StopSignal": "SIGRTMIN+3", "StopTimeout": 20}
    config["HostConfig"] |= {
        "CapAdd": list(CAPABILITIES),
        "SecurityOpt": ["apparmor=unconfined"],
        "CgroupnsMode": "private",
        "Tmpfs": {"/run": "exec", "/run/lock": ""},
        # Loop devices (major 7): volumes are attached while the host runs.
        "DeviceCgroupRules": ["b 7:* rwm"],
    }


def disk_config(image: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """A container that keeps one volume's image file and runs only while its loop device is set up or taken down."""
    return {
        "Image": image,
        "Cmd": ["/usr/lib/groundplan/disk"],
        "Labels": dict(labels),
        "Volumes": {"/disk": {}},
        "HostConfig": {
            "NetworkMode": "none",
            "CapAdd": ["SYS_ADMIN"],
            "SecurityOpt": ["apparmor=unconfined"],
            "DeviceCgroupRules": ["b 7:* rwm", "c 10:237 rwm"],
        },
    }
