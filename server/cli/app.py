"""The command line: every command in the order in which a person meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from server.cli import (
    advise,
    apply,
    approve,
    ask,
    audit,
    client_config,
    confirm,
    consent,
    destroy,
    doctor,
    drift,
    graph,
    index,
    init,
    plan,
    promote,
    rules,
    runs,
    schema,
    serve,
    settings,
    show,
    state,
    stdio,
    token,
    workspaces,
)
from server.cli.command import DebugOption, HomeOption, JsonOption, WorkspaceOption
from server.cli.exits import EPILOG
from server.cli.version import version_line


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version_line())
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
]


def build_app() -> typer.Typer:
    """The whole command tree."""
    app = typer.Typer(
        name="groundplan", no_args_is_help=True, pretty_exceptions_enable=False, epilog=EPILOG,
        context_settings={"help_option_names": ["--help", "-h"]},
        help="Plan infrastructure, let a person confirm it, and build exactly what was confirmed.",
    )  # fmt: skip
    app.callback(epilog=EPILOG)(_everywhere)
    for module in (
        init,
        serve,
        stdio,
        plan,
        show,
        confirm,
        apply,
        approve,
        promote,
        destroy,
        runs,
        state,
        graph,
        drift,
        rules,
        workspaces,
    ):
        module.register(app)
    for module in (ask, index, settings, advise, audit, consent, token, client_config, schema, doctor):
        module.register(app)
    return app


def _everywhere(
    ctx: typer.Context,
    home: HomeOption = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
    debug: DebugOption = False,
    version: VersionOption = False,
) -> None:
    """Plan infrastructure, let a person confirm it, and build exactly what was confirmed."""
    ctx.obj = {"home": home, "workspace": workspace, "json": json, "debug": debug}
