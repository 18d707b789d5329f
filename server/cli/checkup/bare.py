"""The surroundings of a server that a desktop app starts: no shell, so no PATH of yours, no variables, no folder."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Mapping

from mcp import Client, StdioServerParameters, stdio_client

from server.cli.checkup.check import Check
from server.cli.clients.entry import Launch

_KEPT = ("HOME", "USER", "LOGNAME", "LANG", "TMPDIR")
_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
_PATIENCE = 60


def bare_environment(environment: Mapping[str, str], launch: Launch) -> dict[str, str]:
    """What a desktop app hands on, and what the client's file names."""
    return {**{name: environment[name] for name in _KEPT if name in environment}, "PATH": _PATH, **launch.environment}


def examine_bare(launch: Launch, environment: Mapping[str, str]) -> list[Check]:
    """Run doctor again in such surroundings. `launch` is the command line of that doctor."""
    answer = subprocess.run(  # noqa: S603 - our own command
        launch.line, env=bare_environment(environment, launch), cwd=tempfile.gettempdir(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=_PATIENCE, check=False,
    )  # fmt: skip
    try:
        found = json.loads(answer.stdout)
        return [Check(f"{each['name']} (as a client)", each["verdict"], each["text"], each["remedy"]) for each in found]
    except (ValueError, TypeError, KeyError):
        last = (answer.stderr.strip() or answer.stdout.strip() or "no output").splitlines()[-1]
        return [
            Check(
                "start (as a client)",
                "fail",
                f"exit code {answer.returncode}: {last}",
                "Install Groundplan again, then retry.",
            )
        ]


async def try_session(launch: Launch, environment: Mapping[str, str]) -> Check:
    """Start the stdio server as a client would and ask for its tools."""
    parameters = StdioServerParameters(
        command=launch.command,
        args=list(launch.arguments),
        env=bare_environment(environment, launch),
        cwd=tempfile.gettempdir(),
    )
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        async with Client(stdio_client(parameters, errlog=errors)) as client:
            tools = (await client.list_tools()).tools
    return Check("stdio session (as a client)", "ok", f"{len(tools)} tools after {time.monotonic() - started:.1f} s")
