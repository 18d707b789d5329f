"""`groundplan init`: a new workspace, or an existing folder made known."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from engine.model.errors import Invalid
from engine.model.request import PlanWorkspace
from engine.model.workspace import WORKSPACE_NAME
from server.cli.command import command
from server.cli.completion import complete_template
from server.cli.desk import Desk
from server.cli.proposal import propose, settle


def register(app: typer.Typer) -> None:
    command(app, "init")(init)


def init(
    desk: Desk,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The workspace's folder; else this one.", show_default=False)
    ] = Path(),
    name: Annotated[str, typer.Option(help="The workspace's name; else the folder's.", show_default=False)] = "",
    template: Annotated[
        str,
        typer.Option(
            metavar="TEMPLATE",
            autocompletion=complete_template,
            show_default=False,
            help="What to begin with; else blank. `groundplan workspaces templates` lists them.",
        ),
    ] = "",
) -> None:
    """Create a workspace in a folder, with a commented example, or register the one that is there."""
    folder = path.expanduser().resolve()
    if (folder / "workspace.toml").is_file():
        if template:
            raise Invalid(f"{folder} is a workspace already.", hint="A template is for a new one: leave it out.")
        request = PlanWorkspace("register", name or _declared_name(folder), str(folder))
    else:
        request = PlanWorkspace("create", name or _name_of(folder), str(folder), template or "blank")
    settle(desk, propose(desk, request))


def _declared_name(folder: Path) -> str:
    """What `workspace.toml` calls it; the folder's name where it says nothing, or nothing that can be read."""
    try:
        declared = tomllib.loads((folder / "workspace.toml").read_text(encoding="utf-8")).get("name")
    except (OSError, ValueError):
        declared = None
    return declared if isinstance(declared, str) else _name_of(folder)


def _name_of(folder: Path) -> str:
    """The folder's name, made fit. Raises `Invalid` where nothing fit is left."""
    called = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")[:39].rstrip("-")
    if not WORKSPACE_NAME.fullmatch(called):
        raise Invalid(f"{folder.name!r} can't be a workspace's name.", hint="Choose one: groundplan init --name NAME")
    return called
