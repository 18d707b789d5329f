"""`groundplan approve`: a person's signature under a plan, for a pipeline that applies it later."""

from __future__ import annotations

import asyncio
import getpass
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from engine.model.approval import Approval
from server.auth.signing_key import SigningKey
from server.cli.command import command
from server.cli.completion import complete_plan
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import printable
from server.phrase import need_terminal
from server.plan_paper import read_plan_file, write_paper
from server.signing import approve_file, approve_on_page, approve_stored

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def register(app: typer.Typer) -> None:
    command(app, "approve")(approve)


def approve(  # noqa: PLR0913, PLR0917 - one parameter an option
    desk: Desk,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Your private Ed25519 key, in OpenSSH form.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the approval is written.")],
    plan: Annotated[
        str | None, typer.Argument(metavar="PLAN", help="A plan of this home.", autocompletion=complete_plan)
    ] = None,
    plan_file: Annotated[
        Path | None, typer.Option("--plan-file", metavar="FILE", help="A plan as a file; no home is needed.")
    ] = None,
    expires: Annotated[
        str, typer.Option("--expires", help="For how long it may be spent, at most as long as the plan: 45s, 30m, 2h.")
    ] = "60m",
    page: Annotated[
        bool, typer.Option("--page", help="Ask in your browser instead of at this terminal; of a plan of this home.")
    ] = False,
) -> None:
    """Show a plan, ask you at this terminal or on a page, and sign it, so that a pipeline may apply it once."""
    if (plan is None) is (plan_file is None):
        raise typer.BadParameter("name either a plan or a plan file.", param_hint="PLAN, --plan-file")
    if page and plan is None:
        raise typer.BadParameter("the page shows a plan of this home: name its id.", param_hint="--page")
    lasts = _duration(expires)
    if not page:
        need_terminal("A plan is approved", sys.stdin, sys.stdout)
    signer = SigningKey.read(key, _ask_passphrase)
    if page:
        tell = desk.tell if desk.at_terminal else None
        approval = asyncio.run(approve_on_page(desk.office, plan or "", signer, lasts, tell))
    elif plan_file is not None:
        approval = approve_file(read_plan_file(plan_file), signer, lasts, stdin=sys.stdin, stdout=sys.stdout)
    else:
        approval = approve_stored(desk.office, plan or "", signer, lasts, stdin=sys.stdin, stdout=sys.stdout)
    if approval is None:
        desk.tell("Not approved; nothing was written.")
        raise typer.Exit(Exit.UNCONFIRMED)
    _hand_over(desk, approval, out)


def _hand_over(desk: Desk, approval: Approval, out: Path) -> None:
    write_paper(out, approval.text())
    until = f"{approval.expires_at:%Y-%m-%d %H:%M:%S} UTC"
    desk.tell(f"Approved with {approval.key} until {until}; written to {printable(str(out))}.")
    desk.tell("Apply it where it was planned: groundplan apply --plan-file FILE --approval FILE")


def _ask_passphrase() -> str:
    return getpass.getpass("Passphrase of the key: ")


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", text, re.ASCII)
    if not found:
        raise typer.BadParameter("write a number and s, m or h, such as 30m.", param_hint="--expires")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
