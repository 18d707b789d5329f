"""`serve` and `run` over HTTP: what they print can be pasted, and lets a client in."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).resolve().parents[3]


@pytest.fixture
def running(home: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`groundplan run` on a free port, and what it printed once it listened."""
    command = [sys.executable, "-m", "server.cli", "--home", str(home), "run", "--port", "0", "--json"]
    process = subprocess.Popen(
        command, cwd=SOURCES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.rstrip() == "}":
            break
    try:
        yield process, json.loads("".join(lines))
    finally:
        process.kill()
        process.communicate()


def test_run_makes_a_demo_workspace_and_prints_what_lets_a_client_in(running, cli) -> None:
    process, told = running
    assert [each["name"] for each in json.loads(cli("workspaces", "--json").stdout)] == ["demo"]
    entry = told["clients"]["cursor"]["mcpServers"]["groundplan"]
    assert entry["url"] == told["url"]
    assert _status(told["url"], {}) == 401
    assert _status(told["url"], entry["headers"]) == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_a_port_that_is_taken_is_a_mistake_with_a_hint(home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        words = ["--home", str(home), "serve", "--port", str(other.getsockname()[1])]
        result = subprocess.run(
            [sys.executable, "-m", "server.cli", *words],
            cwd=SOURCES,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "--port" in result.stderr


def _status(url: str, headers: dict[str, str]) -> int:
    import httpx  # noqa: PLC0415 - its import is slow, and one test needs it

    body = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip
    accept = {"Accept": "application/json, text/event-stream"}
    return httpx.post(url, json=body, headers={**accept, **headers}).status_code
