"""Nothing heavy is imported before the first list of tools is answered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# rich is not among them: the SDK itself imports it for its log lines where it is installed.
HEAVY = (
    "sqlalchemy",
    "dbos",
    "docker",
    "asyncssh",
    "chromadb",
    "typer",
    "jinja2",
    "yaml",
    "ruamel",
    "tomlkit",
    "engine.facade",
)
SCRIPT = """
import asyncio, pathlib, sys
from server.app import Office, build_server
asyncio.run(build_server(Office(pathlib.Path(sys.argv[1]), {}), wake=False).list_tools())
print(" ".join(name for name in sys.argv[2:] if name in sys.modules))
"""


def test_building_the_server_imports_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), *HEAVY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
