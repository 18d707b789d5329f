"""`groundplan apply`: plan the manifest, ask, build; or build what was approved beforehand, and ask nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.model.request import PlanChange
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.proposal import propose, settle
from server.cli.unattended import apply_unattended


def register(app: typer.Typer) -> None:
    command(app, "apply")(apply)


def apply(
    desk: Desk,
    plan_file: Annotated[
        Path | None, typer.Option("--plan-file", metavar="FILE", help="Apply this plan, as `plan --out` wrote it.")
    ] = None,
    approval: Annotated[
        Path | None, typer.Option("--approval", metavar="FILE", help="A person's signature under it, from `approve`.")
    ] = None,
) -> None:
    """Plan the manifest, ask you at this terminal, and build it; or ask nobody, and build what was approved before."""
    if plan_file is None and approval is None:
        settle(desk, propose(desk, PlanChange(), workspace=desk.workspace.name))
    elif plan_file is None or approval is None:
        raise typer.BadParameter("a plan file and an approval go together.", param_hint="--plan-file, --approval")
    else:
        apply_unattended(desk, plan_file, approval)
