"""Local under the contract suite: real hosts, so these tests need a daemon."""

from __future__ import annotations

from tests.contract.provider_contract import Made, ProviderCase, Sample

NEEDS_HOSTS = True
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFub3RoZXIta2V5LWZvci10aGUtY29udHJhY3QtMDEyMzQ1 other"

CASE = ProviderCase(
    samples=(
        Sample("network", {"cidr": "10.213.7.0/24"}, replacing={"cidr": "10.213.8.0/24"}),
        Sample(
            "firewall",
            {"rules": [{"protocol": "tcp", "ports": "22", "description": "web “only”"}]},
            edit={"rules": [{"protocol": "tcp", "ports": "80-90"}, {"protocol": "icmp"}]},
        ),
        Sample("ssh_key", {}, replacing={"public_key": OTHER_KEY}),
        Sample(
            "server",
            {
                "image": "debian-12",
                "needs": {"cpu": 1, "memory": "512MiB", "disk": "5GiB"},
                "networks": [Made("network")],
                "firewalls": [Made("firewall")],
                "ssh_keys": [Made("ssh_key")],
                "user_data": "#!/bin/sh\necho 'naïve \"quotes\"'\n",
                "root_password": "secret://root",
            },
            edit={"needs": None, "size": "small", "firewalls": []},
            replacing={"user_data": "echo other\n"},
        ),
        Sample(
            "volume",
            {"size": "64MiB", "server": Made("server"), "mount": "/data"},
            edit={"size": "96MiB", "mount": None},
            replacing={"size": "32MiB"},
        ),
        Sample(
            "floating_ip",
            {"network": Made("network"), "server": Made("server")},
            edit={"server": None},
            replacing={"region": "local"},
        ),
    ),
)
