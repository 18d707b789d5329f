"""`groundplan settings set`, `complete` and `export`: what settings are to be, and what they are for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from engine.model.request import PlanSettings
from server.cli.command import command
from server.cli.completion import complete_environment, complete_setting
from server.cli.desk import Desk
from server.cli.proposal import propose, settle
from server.cli.settings_told import told
from server.cli.table import table
from server.cli.wire import json_text

Layer = Literal["workspace", "environment", "home"]
PairsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE", autocompletion=complete_setting, help="Lists and tables as JSON; a list also as a,b."
    ),
]


def register_changes(group: typer.Typer) -> None:
    command(group, "complete")(complete)
    command(group, "set")(set_)
    command(group, "export")(export)


def complete(desk: Desk, pairs: PairsArgument = None) -> None:
    """Show a whole configuration out of a part of one: given, from a layer, inferred or built in."""
    found = desk.engine.complete_settings(desk.workspace_or_home, _values(desk, pairs or ()))
    rows = [(each.key, told(each), each.reason) for each in found]
    desk.show(found, table(("setting", "value", "reason"), rows))


def set_(
    desk: Desk,
    pairs: PairsArgument = None,
    unset: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="KEY", autocompletion=complete_setting, help="Take it out of its file."),
    ] = None,
    layer: Annotated[
        Layer | None,
        typer.Option("--layer", help="Into which file; else workspace.toml, or the home for what only it can say."),
    ] = None,
    environment: Annotated[
        str,
        typer.Option(
            "--environment", "-e", autocompletion=complete_environment, help="Into the defaults of this environment."
        ),
    ] = "",
) -> None:
    """Plan to change settings, ask you at this terminal, and write exactly the lines you confirmed."""
    if layer not in (None, "environment") and environment:
        raise typer.BadParameter("an environment has a layer of its own.", param_hint="--environment")
    changes = {**_values(desk, pairs or ()), **dict.fromkeys(unset or ())}
    into: Layer | None = "environment" if environment else layer
    settle(desk, propose(desk, PlanSettings(changes, into or "", environment), workspace=desk.workspace_or_home))


def export(
    desk: Desk,
    environment: Annotated[
        str, typer.Option("--environment", "-e", autocompletion=complete_environment, help="As it would be there.")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Into this file; else print it.")] = None,
) -> None:
    """Print the settings in force as JSON, table by table; what may hold a password is left out."""
    tables: dict[str, Any] = {}
    for each in desk.engine.settings(desk.workspace_or_home, environment=environment):
        if not each.is_hidden:
            *outer, last = each.key.split(".")
            below = tables
            for key in outer:
                below = below.setdefault(key, {})
            below[last] = each.value
    if out is None:
        desk.show_json(tables)
    else:
        out.write_text(json_text(tables) + "\n", encoding="utf-8")
        desk.tell(f"Written: {out}")


def _values(desk: Desk, pairs: Sequence[str]) -> dict[str, Any]:
    """Values as their settings' types want them; raises BadParameter for what is no pair."""
    types = {each.key: each.type for each in desk.engine.settings(desk.workspace_or_home)} if pairs else {}
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not key or not equals:
            raise typer.BadParameter(f"{pair[:60]!r} is no KEY=VALUE.", param_hint="KEY=VALUE")
        found[key] = _value(text, types.get(key, ""))
    return found


def _value(text: str, type_: str) -> Any:
    if type_ == "text":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return [part.strip() for part in text.split(",") if part.strip()] if type_.startswith("list") else text
