"""`groundplan serve`: MCP over HTTP, the confirmation page, and a worker; `run` prepares a demo workspace first."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.errors import GroundplanError
from server.app import serve_http
from server.cli.clients.entry import Listening, claude_code_line
from server.cli.clients.kinds import KINDS
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.quick_stdio import split_groups
from server.cli.stdio import GroupsOption, ReadOnlyOption
from server.cli.wire import json_text

PORT = 7341
HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


def register(app: typer.Typer) -> None:
    command(app, "run")(run)
    command(app, "serve")(serve)


def run(desk: Desk, host: HostOption = "127.0.0.1", port: PortOption = PORT) -> None:
    """Start here: make a demo workspace ready, serve it over HTTP, and print what to paste into a client."""
    ready = desk.engine.ensure_demo_workspace()
    desk.tell(f"Workspace {ready.name} is ready: {ready.path}")
    _serve(desk, host, port, read_only=False, groups="")


def serve(
    desk: Desk,
    host: HostOption = "127.0.0.1",
    port: PortOption = PORT,
    read_only: ReadOnlyOption = False,
    groups: GroupsOption = "",
) -> None:
    """Serve MCP over HTTP with the confirmation page, and carry runs out, until stopped."""
    _serve(desk, host, port, read_only=read_only, groups=groups)


def _serve(desk: Desk, host: str, port: int, *, read_only: bool, groups: str) -> None:
    try:
        _listen(desk, host, port, read_only=read_only, groups=groups)
    except KeyboardInterrupt:
        desk.tell("Stopped. What was being carried out goes on at the next start.")
    except OSError as error:
        raise GroundplanError(
            f"Can't listen at {host}:{port}: {error.strerror or error}.",
            hint="Is Groundplan running there already? Otherwise choose another --port; 0 takes a free one.",
        ) from None


def _listen(desk: Desk, host: str, port: int, *, read_only: bool, groups: str) -> None:
    serve_http(
        desk.office, host, port, read_only=read_only, groups=split_groups(groups),
        ready=lambda url: announce(desk, url),
    )  # fmt: skip


def announce(desk: Desk, url: str) -> None:
    """Say where it listens, and what to paste."""
    code, cursor = (Listening(url, desk.office.token_for(name)) for name in ("claude-code", "cursor"))
    desk.show(
        {"url": url, "clients": {"claude-code": claude_code_line(code), "cursor": KINDS["cursor"].document(cursor)}},
        f"Groundplan listens at {url}\n",
        f"Claude Code, paste into a shell:\n  {claude_code_line(code)}\n",
        f"Cursor, ~/.cursor/mcp.json:\n{json_text(KINDS['cursor'].document(cursor))}\n",
        "Claude Desktop starts its own: groundplan client-config claude-desktop --write\n"
        "Others: groundplan client-config vscode --http   Stop with Ctrl-C.",
    )
