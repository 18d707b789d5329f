"""`groundplan workspaces`: which there are, and what becomes of them: each act is planned first, then you are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from engine.model.errors import ManifestInvalid
from engine.model.request import PlanWorkspace
from engine.model.workspace import Workspace
from server.cli.command import command
from server.cli.completion import complete_any_workspace, complete_workspace
from server.cli.desk import Desk
from server.cli.proposal import propose, settle
from server.cli.table import ago, printable, table

NameArgument = Annotated[str, typer.Argument(metavar="NAME", autocompletion=complete_workspace, help="Which one.")]


class _ListsByDefault(TyperGroup):
    """With no act named, or options alone, the list is meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=_ListsByDefault)
    command(group, "list")(list_workspaces)
    command(group, "show")(show)
    command(group, "switch")(switch)
    command(group, "archive")(archive)
    command(group, "rename")(rename)
    command(group, "export")(export)
    command(group, "import")(import_)
    command(group, "migrate")(migrate)
    command(group, "templates")(templates)
    app.add_typer(group, name="workspaces", help="List workspaces; switch, rename, archive, export, import, migrate.")


def list_workspaces(
    desk: Desk, archived: Annotated[bool, typer.Option("--archived", help="List archived ones too.")] = False
) -> None:
    """List the workspaces of this home; the active one is marked. The same as `groundplan workspaces`."""
    found = desk.engine.workspaces(archived=archived)
    rows = [
        (
            "*" if each.active else "",
            each.name,
            each.serial,
            "archived" if each.archived else ago(each.created_at),
            Path(each.path),
        )
        for each in found
    ]
    desk.show(
        found,
        table(("", "name", "serial", "created", "folder"), rows) if rows else f"No workspace yet: {desk.line('init')}",
    )


def show(
    desk: Desk,
    name: Annotated[
        str, typer.Argument(metavar="NAME", autocompletion=complete_any_workspace, help="Which; else the active one.")
    ] = "",
) -> None:
    """Show one workspace: its folder, serial, project and environment, and the other environments of its project."""
    found = desk.engine.workspace(name) if name else desk.workspace
    project, environment = _stated(desk, found)
    others = [
        each.name
        for each in desk.engine.workspaces()
        if project and each.name != found.name and _stated(desk, each)[0] == project
    ]
    told = {**found.model_dump(mode="json"), "project": project, "environment": environment, "others": others}
    rows = [
        ("name", found.name),
        ("folder", Path(found.path)),
        ("active", "yes" if found.active else "archived" if found.archived else "no"),
        ("serial", found.serial),
        ("created", ago(found.created_at)),
        ("project", project),
        ("environment", environment),
        ("other environments", ", ".join(others)),
        ("uid", found.uid),
    ]
    desk.show(told, table(("", ""), rows))


def switch(desk: Desk, name: NameArgument) -> None:
    """Make a workspace the one that is meant where none is named."""
    settle(desk, propose(desk, PlanWorkspace("switch", name)))


def archive(desk: Desk, name: NameArgument) -> None:
    """Take a workspace off the list; its files, state and objects stay as they are."""
    settle(desk, propose(desk, PlanWorkspace("archive", name)))


def rename(
    desk: Desk,
    name: NameArgument,
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="What it is called from then on.")],
) -> None:
    """Give a workspace another name; its folder, objects and state stay."""
    settle(desk, propose(desk, PlanWorkspace("rename", name, new_name=new_name)))


def export(
    desk: Desk,
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The bundle to write; it must not be there yet.")],
) -> None:
    """Write a workspace into one file: its files and what is recorded of it, without secrets."""
    made = desk.engine.export(name, out.expanduser().resolve(), desk.by)
    words = f"{made.files} files and {made.resources} resources are in {printable(made.path)}.\nsha256 {made.sha256}"
    desk.show(made, words)


def import_(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle.")],
    name: Annotated[str, typer.Option(help="What to call it here; else as the bundle does.", show_default=False)] = "",
    path: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="The folder to make; else workspaces/NAME in the home.", show_default=False
        ),
    ] = None,
) -> None:
    """Make the workspace of a bundle one of this home, in a new folder."""
    folder = str(path.expanduser().absolute()) if path else ""
    bundle = str(file.expanduser().resolve())
    settle(desk, propose(desk, PlanWorkspace("import", name, folder, bundle=bundle)))


def migrate(
    desk: Desk,
    name: Annotated[
        str, typer.Argument(metavar="NAME", autocompletion=complete_workspace, help="Which; else the active one.")
    ] = "",
) -> None:
    """Bring a workspace's files to the schema of this version; the plan shows every line that changes."""
    settle(desk, propose(desk, PlanWorkspace("migrate", name or desk.workspace.name)))


def templates(desk: Desk) -> None:
    """List the templates that `groundplan init --template` takes."""
    found: dict[str, str] = desk.engine.describe()["workspace_templates"]
    desk.show(found, table(("template", "holds"), found.items()))


def _stated(desk: Desk, place: Workspace) -> tuple[str, str]:
    """Project and environment; neither where its settings can't be meant, which the next plan tells."""
    try:
        project, environment = (desk.engine.setting(place.name, key).value for key in ("project", "environment"))
    except ManifestInvalid:
        return "", ""
    return str(project or ""), str(environment or "")
