"""How a function becomes a command: it gets a desk, the options every command has, and an end for every mistake."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from engine.model.errors import ApprovalInvalid, ConsentUnavailable, GroundplanError
from server.app import open_office
from server.cli.completion import complete_workspace
from server.cli.desk import Desk, console_for_words
from server.cli.exits import EPILOG, Exit
from server.cli.table import printable

PANEL = "Everywhere"
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", rich_help_panel=PANEL, show_default=False,
        help="Groundplan's own folder; else $GROUNDPLAN_HOME, else ~/.groundplan.",
    ),
]  # fmt: skip
WorkspaceOption = Annotated[
    str,
    typer.Option(
        "--workspace", "-w", rich_help_panel=PANEL, show_default=False, autocompletion=complete_workspace,
        help="Which workspace; else the active one.",
    ),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", rich_help_panel=PANEL, help="Print JSON, for programs.")]
DebugOption = Annotated[bool, typer.Option("--debug", rich_help_panel=PANEL, help="Show where an error came from.")]
_EVERYWHERE: dict[str, tuple[Any, Any]] = {
    "home": (HomeOption, None),
    "workspace": (WorkspaceOption, ""),
    "json": (JsonOption, False),
    "debug": (DebugOption, False),
}


def command(app: typer.Typer, name: str, **settings: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `act(desk, …)` under a name. The options that every command has may stand before or after it."""

    def register(act: Callable[..., None]) -> Callable[..., None]:
        app.command(name, epilog=EPILOG, **settings)(_with_desk(act))
        return act

    return register


def _with_desk(act: Callable[..., None]) -> Callable[..., None]:
    """`act` as typer wants it: its own parameters and those that every command has."""

    def run(ctx: typer.Context, **given: Any) -> None:
        told: dict[str, Any] = ctx.obj or {}
        here = {name: given.pop(name) or told.get(name) for name in _EVERYWHERE}
        with ended_well(debug=bool(here["debug"])):
            office = open_office(here["home"])
            try:
                desk = Desk(
                    office, here["workspace"] or "", bool(here["json"]), bool(here["debug"]), bool(here["home"])
                )
                act(desk, **given)
            finally:
                office.close()

    own = list(inspect.signature(act, eval_str=True).parameters.values())[1:]
    shared = [_option(name, *given) for name, given in _EVERYWHERE.items()]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *shared]
    run.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__doc__ = act.__doc__
    return run


def _option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


@contextmanager
def ended_well(*, debug: bool = False) -> Generator[None]:
    """A mistake ends with its words on stderr and an exit code; a bug, and anything with `--debug`, with its trace."""
    try:
        yield
    except GroundplanError as error:
        if debug:
            raise
        complain(error)
        unconfirmed = isinstance(error, ConsentUnavailable | ApprovalInvalid)
        raise typer.Exit(Exit.UNCONFIRMED if unconfirmed else Exit.FAILED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as bug:
        if debug:
            raise
        complain(
            GroundplanError(
                f"unexpected {type(bug).__name__}: {bug}", hint="That is a fault of Groundplan; --debug shows where."
            )
        )
        raise typer.Exit(Exit.FAILED) from None


def complain(error: GroundplanError) -> None:
    """The fact, in red unless a person merely has yet to answer; then the hint."""
    console = console_for_words()
    text = str(error)
    fact = text.removesuffix(error.hint).rstrip() if error.hint else text
    head, style = ("", "yellow") if isinstance(error, ConsentUnavailable) else ("error: ", "red")
    words = "\n".join(printable(line) for line in fact.split("\n"))
    console.print(Text(head, style=f"bold {style}") + Text(words, style=style))
    if error.hint and text != fact:
        console.print(Text(printable(error.hint)))
