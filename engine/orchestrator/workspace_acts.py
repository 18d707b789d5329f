"""Acts on a workspace's registration: create, register, switch, archive."""

from __future__ import annotations

from pathlib import Path

from engine.model.change import Change
from engine.registry.templates import write_template
from engine.state.workspaces import Workspaces


def act_on_workspace(workspaces: Workspaces, change: Change) -> None:
    """Can be repeated: what is there already is left as it is."""
    after = change.after or {}
    name, folder = change.address.removeprefix("workspace."), Path(str(after["path"]))
    match after["op"]:
        case "create":
            write_template(str(after["template"]), name, folder)
            workspaces.add(name, folder)
            workspaces.activate(name)
        case "register":
            workspaces.add(name, folder)
            workspaces.activate(name)
        case "switch":
            workspaces.activate(name)
        case _:
            workspaces.archive(name)
