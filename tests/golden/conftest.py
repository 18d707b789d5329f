"""`--update-golden` writes the golden files anew instead of comparing with them."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", default=False, help="Write golden files anew.")


@pytest.fixture
def updating(request: pytest.FixtureRequest) -> bool:
    # With a default: this file is not read early enough to add its option where the whole suite runs.
    return bool(request.config.getoption("--update-golden", default=False))
