"""Hands a plan out as a file, for whoever approves it and for the pipeline that applies it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from engine.model.plan import Plan
from engine.model.plan_file import PlanFile
from server.cli.desk import Desk
from server.cli.table import printable
from server.plan_paper import write_paper

OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Also write the plan as a file, to be approved and applied later."),
]


def hand_out(desk: Desk, plan: Plan, out: Path) -> None:
    write_paper(out, PlanFile.of(plan).text())
    named = printable(shlex.quote(str(out)))
    desk.tell(f"Have it approved: {desk.line(f'approve --plan-file {named} --key KEY --out APPROVAL')}")
