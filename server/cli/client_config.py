"""`groundplan client-config`: what to paste into a client program, or write it there."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from server.cli.clients.entry import Launch, Listening, as_json, claude_code_line, own_command, stdio_launch
from server.cli.clients.kinds import KINDS, ClientKind, ClientName, Desktop, settings_file
from server.cli.clients.merge import merge_entry
from server.cli.command import command
from server.cli.desk import Desk

URL = "http://127.0.0.1:7341/mcp"


def register(app: typer.Typer) -> None:
    command(app, "client-config")(client_config)


def client_config(
    desk: Desk,
    client: Annotated[
        ClientName,
        typer.Argument(
            metavar="CLIENT", help="claude-desktop, claude-code, vscode or cursor: where the assistant runs."
        ),
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Merge it into the client's file, after a copy of the file.")
    ] = False,
    http: Annotated[
        bool, typer.Option("--http", help="For a running `groundplan serve`, with a token for this client.")
    ] = False,
    url: Annotated[str, typer.Option(help="With --http: where it listens.")] = URL,
) -> None:
    """Print what to paste into a client program so that it finds Groundplan; or write it there."""
    kind = KINDS[client]
    desktop = Desktop(platform.system(), Path.home(), Path.cwd())
    file = settings_file(kind, desktop, http=http) if write or client == "claude-desktop" else None
    target = _target(desk, kind, url if http else "")
    if write and file:
        _write(desk, kind, target, file)
    elif desk.json or client != "claude-code":
        desk.show_json(kind.document(target))
        desk.tell(f"{_place(kind, desktop, http)} {kind.after}")
    else:
        desk.show(None, claude_code_line(target))


def _target(desk: Desk, kind: ClientKind, url: str) -> Launch | Listening:
    if url:
        return Listening(url, desk.office.token_for(kind.name))
    return stdio_launch(desk.office.home, desk.workspace.name, own_command())


def _place(kind: ClientKind, desktop: Desktop, http: bool) -> str:
    if kind.name == "claude-code":
        return f"Merge this into {desktop.folder / '.mcp.json'}, or use `claude mcp add`."
    return f"Merge this into {settings_file(kind, desktop, http=http)}, or let --write do it."


def _write(desk: Desk, kind: ClientKind, target: Launch | Listening, file: Path) -> None:
    merged = merge_entry(file, kind.table, as_json(target, typed=kind.typed), datetime.now(UTC))
    desk.show(merged, f"{'Wrote' if merged.changed else 'Nothing to write: it is there already in'} {merged.file}.")
    if merged.backup:
        desk.tell(f"The file as it was: {merged.backup}")
    desk.tell(kind.after)
