"""What a client program is told: how to start Groundplan, or where it listens."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "groundplan"
_SOURCES = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Launch:
    """A command line with absolute paths, and the few variables it needs: a desktop app has no shell to ask."""

    command: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def line(self) -> tuple[str, ...]:
        return (self.command, *self.arguments)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where `groundplan serve` answers, and the token this client shows there."""

    url: str
    token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def own_command() -> Launch:
    """How this very installation is started from anywhere, without a PATH."""
    script = Path(sys.executable).parent / NAME
    if script.is_file():
        return Launch(str(script), ())
    return Launch(sys.executable, ("-m", "server.cli"), {"PYTHONPATH": str(_SOURCES)})


def stdio_launch(home: Path, workspace: str, own: Launch) -> Launch:
    """The command that a client starts for a stdio session."""
    arguments = (*own.arguments, "--home", str(home), "--workspace", workspace, "stdio")
    return Launch(own.command, arguments, own.environment)


def claude_code_line(target: Launch | Listening) -> str:
    """The shell line that tells Claude Code, ready to paste."""
    head = ["claude", "mcp", "add", "--scope", "user"]
    if isinstance(target, Listening):
        words = [*head, "--transport", "http", NAME, target.url, "--header", f"Authorization: Bearer {target.token}"]
        return shlex.join(words)
    variables = [word for name, value in target.environment.items() for word in ("--env", f"{name}={value}")]
    return shlex.join([*head, NAME, *variables, "--", *target.line])


def as_json(target: Launch | Listening, *, typed: bool) -> dict[str, Any]:
    """The entry as the clients' files hold it; `typed` clients want the transport named."""
    if isinstance(target, Listening):
        return {**({"type": "http"} if typed else {}), "url": target.url, "headers": target.headers}
    entry: dict[str, Any] = {"type": "stdio"} if typed else {}
    entry |= {"command": target.command, "args": list(target.arguments)}
    return entry | ({"env": target.environment} if target.environment else {})
