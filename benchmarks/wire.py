"""A client on a stdio server's wire: JSON lines in and out, with as little of its own in the time as can be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from benchmarks.engine_process import ROOT

_REVISION = "2025-11-25"


class Wire:
    """One server process; `pid` is its id."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._in, self._out = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        self.pid = process.pid
        self._number = 0

    def greet(self) -> None:
        """The handshake that every session begins with."""
        client = {"name": "benchmarks", "version": "1"}
        self.ask("initialize", {"protocolVersion": _REVISION, "capabilities": {}, "clientInfo": client})
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer's result. Raises `RuntimeError` for an error, or when the server is gone."""
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        while True:
            line = self._out.readline()
            if not line:
                raise RuntimeError(f"the server closed the wire instead of answering {method}")
            message = json.loads(line)
            if message.get("id") == self._number and "method" not in message:
                break
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(f"{tool}: {result['content']}")
        return result

    def _send(self, message: dict[str, Any]) -> None:
        self._in.write(json.dumps(message).encode() + b"\n")
        self._in.flush()


@contextmanager
def stdio_server(home: Path) -> Generator[Wire]:
    """`groundplan stdio` on this home, until the block ends."""
    environment = {**os.environ, "GROUNDPLAN_HOME": str(home)}
    command = [sys.executable, "-m", "groundplan", "stdio"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield Wire(process)
        finally:
            cast("IO[bytes]", process.stdin).close()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
