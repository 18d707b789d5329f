"""`groundplan doctor`: is everything there that Groundplan needs, and what to do about what is not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from server.auth.tokens import TOKENS_FILE
from server.cli.checkup.bare import examine_bare, try_session
from server.cli.checkup.check import Check, looked_at
from server.cli.checkup.containers import check_containers
from server.cli.checkup.index import check_index
from server.cli.checkup.machine import check_browser, check_home, check_python, check_terminal, check_tokens
from server.cli.checkup.workings import check_accounts, check_audit, check_database, check_worker
from server.cli.clients.entry import Launch, own_command
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import table


def register(app: typer.Typer) -> None:
    command(app, "doctor")(doctor)


def doctor(
    desk: Desk,
    as_client: Annotated[
        bool,
        typer.Option(
            "--as-client", help="Look from where a desktop app starts it: no shell, no PATH of yours, another folder."
        ),
    ] = False,
) -> None:
    """Check what Groundplan needs, and name the remedy for what is missing; exit with 1 if anything fails."""
    checks = _as_client(desk) if as_client else _here(desk)
    rows = [(each.verdict, each.name, each.text, each.remedy) for each in checks]
    desk.show(checks, table(("", "check", "found", "remedy"), rows))
    if any(each.verdict == "fail" for each in checks):
        raise typer.Exit(Exit.FAILED)


def _here(desk: Desk) -> list[Check]:
    office = desk.office
    checks = [
        check_python(),
        looked_at("database", lambda: check_database(desk.engine)),
        looked_at("home", lambda: check_home(office.home)),
        looked_at("tokens", lambda: check_tokens(office.home / TOKENS_FILE)),
    ]
    if checks[1].verdict != "fail":
        checks += [
            looked_at("audit", lambda: check_audit(desk.engine)),
            looked_at("worker", lambda: check_worker(desk.engine)),
        ]
        checks += check_accounts(desk.engine)
    checks += [
        looked_at("index", lambda: check_index(office)),
        looked_at("containers", lambda: check_containers(office.environment, Path.home())),
        check_browser(office.environment),
        check_terminal(at_terminal=desk.at_terminal),
    ]
    return checks


def _as_client(desk: Desk) -> list[Check]:
    own, home = own_command(), ("--home", str(desk.office.home))
    checkup = Launch(own.command, (*own.arguments, *home, "doctor", "--json"), own.environment)
    session = Launch(own.command, (*own.arguments, *home, "stdio"), own.environment)
    environment = desk.office.environment
    return [
        *examine_bare(checkup, environment),
        looked_at("stdio session (as a client)", lambda: asyncio.run(try_session(session, environment))),
    ]
