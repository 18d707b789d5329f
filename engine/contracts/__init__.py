"""What manifests and settings may say, for Nickel and for editors: the files are generated from the models.

`make contracts` writes them anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

NICKEL = "groundplan.ncl"
SCHEMA = "manifest.schema.json"
FOLDER = Path(__file__).parent


@cache
def nickel_contracts() -> dict[str, str]:
    """What every Nickel file may import by its name alone."""
    return {NICKEL: (FOLDER / NICKEL).read_text("utf-8")}


def contract_files() -> dict[str, str]:
    """Both files, by their names."""
    return {name: (FOLDER / name).read_text("utf-8") for name in (SCHEMA, NICKEL)}
