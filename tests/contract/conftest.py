from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.provider_contract import Bench, needs_hosts, provider_names


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that asks for a provider's bench is tried on every provider there is."""
    if "bench" in metafunc.fixturenames:
        marked = [pytest.param(name, marks=[pytest.mark.hosts] * needs_hosts(name)) for name in provider_names()]
        metafunc.parametrize("bench", marked, indirect=True)


@pytest.fixture
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """The provider in a fresh home; a provider without a case fails here."""
    found = Bench(request.param, tmp_path)
    yield found
    await found.clear()
