from __future__ import annotations

import pytest

from engine.manifest.parser import Offers
from engine.model.resource_type import ResourceType
from engine.model.unified import UNIFIED


@pytest.fixture(scope="session")
def offers() -> Offers:
    demo = {name: ResourceType(name, model) for name, model in UNIFIED.items()}
    local = {name: kind for name, kind in demo.items() if name != "load_balancer"}
    return {"demo": demo, "local": local}
