"""Demo under the contract suite: every type, and every failure it can be asked for."""

from __future__ import annotations

from tests.contract.provider_contract import Made, ProviderCase, Sample

OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFub3RoZXIta2V5LWZvci10aGUtY29udHJhY3QtMDEyMzQ1 other"
ERRORS = ("auth", "quota", "rate_limit", "capacity", "not_found", "conflict", "invalid", "transient")

CASE = ProviderCase(
    samples=(
        Sample("network", {"cidr": "10.20.0.0/16"}, replacing={"cidr": "10.21.0.0/16"}),
        Sample(
            "subnet",
            {"network": Made("network"), "cidr": "10.20.1.0/24"},
            replacing={"cidr": "10.20.2.0/24"},
        ),
        Sample(
            "firewall",
            {"rules": [{"protocol": "tcp", "ports": "443", "description": "web “only”"}]},
            edit={"rules": [{"protocol": "tcp", "ports": "80"}, {"protocol": "icmp"}]},
        ),
        Sample("ssh_key", {}, replacing={"public_key": OTHER_KEY}),
        Sample(
            "server",
            {
                "image": "debian-12",
                "needs": {"cpu": 2, "memory": "4096MiB", "disk": "40GiB"},
                "networks": [Made("network")],
                "firewalls": [Made("firewall")],
                "ssh_keys": [Made("ssh_key")],
                "user_data": "#!/bin/sh\necho 'naïve \"quotes\"'\n",
                "root_password": "secret://root",
            },
            edit={"needs": None, "size": "large", "public": True},
            replacing={"image": "debian-13"},
        ),
        Sample(
            "volume",
            {"size": "10GiB", "server": Made("server"), "mount": "/data"},
            edit={"size": "20GiB"},
            replacing={"size": "5GiB"},
        ),
        Sample("floating_ip", {"server": Made("server")}, edit={"server": None}, replacing={"region": "demo-2"}),
        Sample(
            "load_balancer",
            {
                "listeners": [{"port": 80, "target_port": 8080}],
                "servers": [Made("server")],
                "network": Made("network"),
            },
            edit={"listeners": [{"port": 443, "target_port": 8443}], "servers": []},
            replacing={"region": "demo-2"},
        ),
    ),
    lost_create={"faults": [{"on": "create", "after_effect": True}]},
    breakages={error: {"faults": [{"on": "create", "error": error}]} for error in ERRORS},
)
