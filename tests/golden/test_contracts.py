"""The contracts of manifests are what the resource types say now: `make contracts` writes them anew."""

from __future__ import annotations

from engine.contracts import FOLDER
from reference.contracts import contract_files


def test_the_contracts_are_fresh() -> None:
    differing = [name for name, text in contract_files().items() if (FOLDER / name).read_text("utf-8") != text]
    assert differing == [], "run `make contracts`, and look at what it changed"
