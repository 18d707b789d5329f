"""Build hook: a wheel holds one top-level package, with the repository's rooms under `groundplan/_app`.

It ships the index of the knowledge pages too, which takes the model a minute to make the first time; what did not
change since is taken over from `.cache`.
"""

import subprocess
import sys
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
        index = root / ".cache" / "index"
        subprocess.run([sys.executable, "-m", "rag.prebuild"], cwd=root, check=True, timeout=1800)
        (built,) = index.glob("*.sqlite")
        build_data["force_include"][str(built)] = f"groundplan/_app/rag/index/prebuilt/{built.name}"
