"""Each protocol revision by its own words on the wire, without a client library in between."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.app import Office
from tests.scenario.mcp.doors import ROOT, STDIO

MODERN = "2026-07-28"
READING = (
    "list_workspaces",
    "get_workspace",
    "find_resources",
    "describe",
    "check_drift",
    "get_settings",
    "list_plans",
    "list_runs",
    "plan_change",
)


class Wire:
    """One process and its pipe; every request in one revision's form."""

    def __init__(self, home: Path, revision: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", STDIO, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._revision, self._count = revision, 0
        if revision != MODERN:
            hello = {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "wire", "version": "1"}}
            assert self.ask("initialize", **hello)["protocolVersion"] == revision
            self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        if self._revision == MODERN:
            prefix = "io.modelcontextprotocol/"
            params["_meta"] = {f"{prefix}protocolVersion": MODERN, f"{prefix}clientCapabilities": {}}
        self._write({"jsonrpc": "2.0", "id": self._count, "method": method, "params": params})
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        while message := json.loads(self._process.stdout.readline()):
            if message.get("id") == self._count:
                assert "error" not in message, message
                return message["result"]
        raise AssertionError("the server ended")


@pytest.fixture(params=["2025-06-18", "2025-11-25", MODERN])
def wire(request: pytest.FixtureRequest, office: Office) -> Iterator[Wire]:
    opened = Wire(office.home, request.param)
    yield opened
    opened.close()


def test_the_tools_answer_in_each_revision(wire: Wire) -> None:
    assert len(wire.ask("tools/list")["tools"]) == 23
    for name in READING:
        result = wire.ask("tools/call", name=name, arguments={})
        assert not result.get("isError"), result
        assert result["structuredContent"]["workspace"] == "demo"


def test_an_argument_that_no_schema_names_is_refused(wire: Wire) -> None:
    proposed = wire.ask("tools/call", name="plan_change", arguments={})["structuredContent"]
    result = wire.ask("tools/call", name="apply_plan", arguments={"plan_id": proposed["plan_id"], "confirm": True})
    assert result["isError"]
    assert not wire.ask("tools/call", name="list_runs", arguments={})["structuredContent"]["runs"]
