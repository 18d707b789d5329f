"""The home's `[providers.local]` table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import Invalid
from engine.providers.contract import Surroundings
from engine.providers.local.endpoint import find_endpoint


def _around(settings: dict[str, Any]) -> Surroundings:
    environment = {"DOCKER_HOST": "tcp://127.0.0.1:2375"}
    return Surroundings(
        workspace="w", home=Path("/nonexistent"), settings=settings, environment=environment, public_key="", secret=str
    )


def test_what_the_home_names_comes_before_the_environment() -> None:
    assert find_endpoint(_around({"endpoint": "unix:///run/x.sock"})) == "unix:///run/x.sock"
    assert find_endpoint(_around({})) == "tcp://127.0.0.1:2375"


def test_a_misspelt_setting_is_named_instead_of_overlooked() -> None:
    with pytest.raises(Invalid, match=r"\[providers\.local\].*endpont: extra inputs"):
        find_endpoint(_around({"endpont": "unix:///run/x.sock"}))
