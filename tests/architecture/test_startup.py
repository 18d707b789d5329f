"""What is imported before a client gets its first answer: several clients give up after about three seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT

# `rich` is not in this list: the SDK's MCPServer imports it where it is installed.
HEAVY = (
    "asyncssh", "chromadb", "dbos", "docker", "engine.facade", "jinja2", "nickel", "numpy", "onnxruntime", "pathspec", "psycopg",
    "rag.library", "sqlalchemy", "tiktoken", "tokenizers", "torch", "typer", "yaml",
)  # fmt: skip
_BUILD = """
import asyncio, json, sys
from pathlib import Path
from server.app import Office, build_server
assert asyncio.run(build_server(Office(Path(sys.argv[1]), {}), wake=False).list_tools())
print(json.dumps(sorted(sys.modules)))
"""
_LAUNCH = """
import json, sys
import groundplan.launcher
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.promise("START-1")
def test_tools_are_listed_without_importing_anything_heavy(tmp_path: Path) -> None:
    loaded = _modules_after(_BUILD, str(tmp_path))
    assert [name for name in HEAVY if name in loaded] == []


def test_the_launcher_imports_nothing_but_the_standard_library() -> None:
    loaded = {name.partition(".")[0] for name in _modules_after(_LAUNCH)}
    assert loaded & {"mcp", "pydantic", "typer", "rich", "engine", "server"} == set()


def _modules_after(program: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))
