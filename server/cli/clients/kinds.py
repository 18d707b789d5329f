"""Which client programs are known: where each keeps its servers, and in what shape."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.model.errors import Invalid
from server.cli.clients.entry import NAME, Launch, Listening, as_json

ClientName = Literal["claude-desktop", "claude-code", "vscode", "cursor"]


@dataclass(frozen=True, slots=True)
class ClientKind:
    """One client: `table` is the key of its file that holds the servers, `typed` whether entries name a transport."""

    name: ClientName
    title: str
    table: str
    typed: bool
    after: str

    def document(self, target: Launch | Listening) -> dict[str, Any]:
        """The whole file, with this one server in it."""
        return {self.table: {NAME: as_json(target, typed=self.typed)}}


KINDS: dict[ClientName, ClientKind] = {
    kind.name: kind
    for kind in (
        ClientKind("claude-desktop", "Claude Desktop", "mcpServers", False, "Quit Claude Desktop and start it again."),
        ClientKind(
            "claude-code", "Claude Code", "mcpServers", True, "Start claude in this folder; /mcp lists the server."
        ),
        ClientKind("vscode", "VS Code", "servers", True, "Run “MCP: List Servers” in VS Code and start groundplan."),
        ClientKind("cursor", "Cursor", "mcpServers", False, "Open Cursor's settings, MCP, and switch groundplan on."),
    )
}


@dataclass(frozen=True, slots=True)
class Desktop:
    """Where a person's programs keep their files: `system` is what `platform.system()` says."""

    system: str
    home: Path
    folder: Path

    def settings(self) -> Path:
        """The folder of per-user settings."""
        if self.system == "Darwin":
            return self.home / "Library" / "Application Support"
        if self.system == "Windows":
            return self.home / "AppData" / "Roaming"
        return self.home / ".config"


def settings_file(kind: ClientKind, desktop: Desktop, *, http: bool) -> Path:
    """The file that `--write` merges into.

    Raises `Invalid` where a client can't be told by file: Claude Desktop starts its servers itself, and a token does
    not belong into a file that is meant for git.
    """
    if kind.name == "claude-desktop":
        if http:
            raise Invalid(
                "Claude Desktop's file only names servers that it starts itself.",
                hint="Leave --http out: over stdio it needs no token.",
            )
        return desktop.settings() / "Claude" / "claude_desktop_config.json"
    if kind.name == "cursor":
        return desktop.home / ".cursor" / "mcp.json"
    if kind.name == "vscode":
        return desktop.settings() / "Code" / "User" / "mcp.json" if http else desktop.folder / ".vscode" / "mcp.json"
    if http:
        raise Invalid(
            "Claude Code's project file .mcp.json is meant for git, and a token does not belong there.",
            hint="Leave --write out and paste the printed line: it keeps the token in your own settings.",
        )
    return desktop.folder / ".mcp.json"
