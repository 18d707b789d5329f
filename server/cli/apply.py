"""`groundplan apply`: plan the manifest, ask, build."""

from __future__ import annotations

import typer

from engine.model.request import PlanChange
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.proposal import propose, settle


def register(app: typer.Typer) -> None:
    command(app, "apply")(apply)


def apply(desk: Desk) -> None:
    """Plan the manifest, ask you at this terminal, and build what you confirmed."""
    settle(desk, propose(desk, PlanChange(), workspace=desk.workspace.name))
