"""Build hook: a wheel holds one top-level package, with the repository's rooms under `groundplan/_app`."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOMS = ("engine", "knowledge", "prompts", "rag", "server")


class RoomsHook(BuildHookInterface[Any]):
    """Ships the rooms with a wheel; an editable install keeps them where they are edited."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        build_data["force_include"].update(
            {str(root / room): f"groundplan/_app/{room}" for room in ROOMS if (root / room).is_dir()}
        )
