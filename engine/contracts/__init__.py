"""What manifests and settings may say, for Nickel and for editors: the files are generated from the models.

`make contracts` writes them anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

NICKEL = "groundplan.ncl"
SCHEMA = "manifest.schema.json"
WORKSPACE_SCHEMA, DEFAULTS_SCHEMA = "workspace.schema.json", "defaults.schema.json"
CONFIG_SCHEMA = "config.schema.json"
FOLDER = Path(__file__).parent


@cache
def nickel_contracts() -> dict[str, str]:
    """What every Nickel file may import by its name alone."""
    return {NICKEL: (FOLDER / NICKEL).read_text("utf-8")}


def contract_files() -> dict[str, str]:
    """Every file, by its name."""
    names = (SCHEMA, WORKSPACE_SCHEMA, DEFAULTS_SCHEMA, CONFIG_SCHEMA, NICKEL)
    return {name: (FOLDER / name).read_text("utf-8") for name in names}
