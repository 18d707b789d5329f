from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.demo.cloud import Cloud, cloud_file
from engine.providers.demo.inventory import Tenant

PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvci10aGUtZGVtby10ZXN0cy1vbmx5LTAxMjM0NTY3ODlh demo"
Make = Callable[..., Observed]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    found = Cloud(cloud_file(tmp_path), Tenant(public_key=PUBLIC_KEY))
    yield found
    found.close()


@pytest.fixture
def make(cloud: Cloud) -> Make:
    """Make an object: `make("volume", size="10GiB")`; what the test leaves out is filled in."""
    defaults: dict[str, dict[str, Any]] = {
        "network": {"cidr": "10.20.0.0/16"},
        "server": {"image": "debian-12"},
        "volume": {"size": "10GiB"},
        "load_balancer": {"listeners": [{"port": 80, "target_port": 80}]},
    }

    def made(type: str, name: str = "it", **properties: Any) -> Observed:
        return cloud.create(Wish(type, name, {**defaults.get(type, {}), **properties}, key=""))

    return made
