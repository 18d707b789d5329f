"""`groundplan consent`: which channel to a person counts for which risk, and whose signature does."""

from __future__ import annotations

import sys
from typing import Any, cast

import typer

from engine.model.errors import ConsentUnavailable
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import printable, table

_PHRASE = "accept looser rules"


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "show")(show)
    command(group, "accept")(accept)
    app.add_typer(group, name="consent", help="Show consent rules and approvers, or let looser ones take effect.")


def show(desk: Desk) -> None:
    """Print rules and approvers in force, and where config.toml asks for looser ones that nobody accepted."""
    rules = desk.engine.consent_rules()
    rows = [(name, _words(value), _words(rules["stated"].get(name))) for name, value in rules["in_force"].items()]
    waiting = [f"Not accepted yet: {printable(each)}." for each in rules["not_accepted_yet"]]
    signers = [(each["name"], each["key"], "yes" if each["accepted"] else "not yet") for each in rules["approvers"]]
    sheets = [table(("approver", "key", "accepted"), signers)] if signers else []
    desk.show(rules, table(("rule", "in force", "in config.toml"), rows), *sheets, *waiting)
    if waiting:
        desk.tell(f"Accept at a terminal: {desk.line('consent accept')}")


def accept(desk: Desk) -> None:
    """Let looser rules and approvers of config.toml take effect: asks you, at an interactive terminal only."""
    looser = desk.engine.consent_rules()["not_accepted_yet"]
    if not looser:
        desk.tell("Nothing to accept: config.toml asks for nothing that is not in force.")
        return
    if not desk.at_terminal:
        raise ConsentUnavailable(
            "Looser rules are accepted by a person at an interactive terminal, and here is none.",
            hint=f"Run `{desk.line('consent accept')}` at one.",
        )
    desk.tell("With these rules, more happens with less asking:")
    for each in looser:
        desk.tell(f"- {printable(each)}")
    desk.tell(
        f'Type "{_PHRASE}" to let them take effect; anything else leaves the stricter ones in force.', style="bold"
    )
    if sys.stdin.readline().strip() != _PHRASE:
        desk.tell("Not accepted.")
        raise typer.Exit(Exit.UNCONFIRMED)
    desk.engine.accept_consent_rules(desk.by)
    desk.tell("Accepted. The rules of config.toml are in force now.")


def _words(value: Any) -> str:
    return ", ".join(cast("list[str]", value)) if isinstance(value, list) else str(value)
