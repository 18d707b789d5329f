"""`groundplan settings`: which value holds, where it is from, and what would change it."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.setting import Setting
from server.cli.command import command
from server.cli.completion import complete_environment, complete_setting
from server.cli.desk import Desk
from server.cli.settings_change import register_changes
from server.cli.settings_told import told, value_text
from server.cli.table import table

KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", autocompletion=complete_setting, help="Such as worker.lease_seconds.")
]
EnvironmentOption = Annotated[
    str,
    typer.Option(
        "--environment",
        "-e",
        autocompletion=complete_environment,
        help="With another environment's defaults than the workspace's own.",
    ),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "show")(show)
    command(group, "get")(get)
    command(group, "explain")(explain)
    command(group, "diff")(diff)
    command(group, "validate")(validate)
    register_changes(group)
    app.add_typer(group, name="settings", help="Settings: which value holds, and where it is from.")


def show(
    desk: Desk,
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY|WORDS", autocompletion=complete_setting, help="A key, its beginning, or words."),
    ] = None,
    environment: EnvironmentOption = "",
    changed: Annotated[bool, typer.Option("--changed", help="Only those that are not as they are built in.")] = False,
) -> None:
    """List settings with their values and the layer that each is from."""
    found = desk.engine.settings(desk.workspace_or_home, " ".join(query or []), environment=environment)
    found = [each for each in found if not changed or each.holds.layer != "built-in"]
    rows = [(each.key, told(each), each.unit, each.holds.where) for each in found]
    desk.show(found, table(("setting", "value", "unit", "from"), rows) if rows else "No setting is meant by that.")


def get(desk: Desk, key: KeyArgument, environment: EnvironmentOption = "") -> None:
    """Print one setting's value alone, for scripts; exit with 1 where there is none."""
    found = desk.engine.setting(desk.workspace_or_home, key, environment=environment)
    desk.show(found.value, told(found))


def explain(desk: Desk, key: KeyArgument, environment: EnvironmentOption = "") -> None:
    """Show what every layer says of one setting, which one holds, and what would change it."""
    found = desk.engine.setting(desk.workspace_or_home, key, environment=environment)
    rows = [
        ("→" if place == 0 else "", each.layer, value_text(each.value), each.where)
        for place, each in enumerate(found.layers)
    ]
    desk.show(found, _head(found), "", table(("", "layer", "says", "where"), rows), "", _change(found))


def diff(
    desk: Desk,
    environment: Annotated[str, typer.Argument(metavar="ENVIRONMENT", help="The one to compare with.")],
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="With this one; else with the workspace as it stands.")
    ] = "",
) -> None:
    """Show which settings differ between environments; exit with 0 either way."""
    name = desk.workspace.name
    sides = [{each.key: each for each in desk.engine.settings(name, environment=side)} for side in (other, environment)]
    keys = [key for key in {**sides[0], **sides[1]} if key != "environment"]
    rows = [
        (key, told(sides[0].get(key)), told(sides[1].get(key)), sides[1][key].holds.where if key in sides[1] else "")
        for key in keys
        if told(sides[0].get(key)) != told(sides[1].get(key))
    ]
    value = [{"key": key, "before": before, "after": after, "from": where} for key, before, after, where in rows]
    heads = ("setting", other or "as it stands", environment, "from")
    desk.show(value, table(heads, rows) if rows else "No setting differs.")


def validate(desk: Desk, environment: EnvironmentOption = "") -> None:
    """Check every layer; exit with 1 and all problems, with their places and remedies, where something is wrong."""
    found = desk.engine.settings(desk.workspace_or_home, environment=environment)
    desk.show({"settings": len(found)}, f"{len(found)} settings, nothing wrong.")


def _head(setting: Setting) -> str:
    takes = ", ".join(filter(None, (setting.type, setting.rules, setting.unit)))
    since = f" Since {setting.since}." if setting.since else ""
    return f"{setting.key} is {told(setting)}.\n{setting.description}\nIt takes: {takes}.{since}"


def _change(setting: Setting) -> str:
    where = "workspace.toml" if setting.by_workspace else "the home's config.toml"
    return f"To change it: groundplan settings set {setting.key}=… (into {where}), or the variable {setting.variable}."
