"""`groundplan stdio`: the MCP server that a client starts."""

from __future__ import annotations

from typing import Annotated

import typer

from server.app import serve_stdio
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.quick_stdio import split_groups

ReadOnlyOption = Annotated[bool, typer.Option("--read-only", help="Offer only the tools that read.")]
GroupsOption = Annotated[
    str,
    typer.Option(
        "--groups", metavar="A,B", help="Offer only these groups of tools, separated by commas.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    command(app, "stdio")(stdio)


def stdio(desk: Desk, read_only: ReadOnlyOption = False, groups: GroupsOption = "") -> None:
    """Serve MCP over standard input and output, for a client that starts this command."""
    serve_stdio(desk.office, workspace=desk.named, read_only=read_only, groups=split_groups(groups))
