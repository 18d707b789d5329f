"""`groundplan token`: what clients show to be let in over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from server.auth.tokens import issue_token, known_tokens, revoke_token
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.table import table

_SHOWN = 8


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "list")(list_tokens)
    command(group, "issue")(issue)
    command(group, "revoke")(revoke)
    app.add_typer(group, name="token", help="List, issue or revoke the bearer tokens of HTTP clients.")


def list_tokens(desk: Desk) -> None:
    """List the clients that have a token, with its first letters."""
    known = [
        {"client": client, "begins": token[:_SHOWN]} for client, token in sorted(known_tokens(desk.office.home).items())
    ]
    rows = [(each["client"], f"{each['begins']}…") for each in known]
    desk.show(known, table(("client", "token"), rows) if rows else "No client has a token yet.")


def issue(
    desk: Desk,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name: letters, digits, dashes.")],
) -> None:
    """Print a fresh token for a client; the one it had is worth nothing from now on."""
    token = issue_token(desk.office.home, client)
    desk.engine.record("token.issued", desk.by, client=client)
    desk.show({"client": client, "token": token}, token)


def revoke(desk: Desk, client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name.")]) -> None:
    """Take a client's token away; its next call is refused."""
    revoke_token(desk.office.home, client)
    desk.engine.record("token.revoked", desk.by, client=client)
    desk.tell(f"The token of {client} is worth nothing from now on.")
