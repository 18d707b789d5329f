"""A bundle becomes a workspace of this home: its files in a folder, and what it owns recorded as it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.bundle import Opened, check_folder, named, read_bundle
from engine.model.action import Action
from engine.model.change import Change, Compensation
from engine.model.errors import Invalid, Refused
from engine.model.request import PlanWorkspace
from engine.model.workspace import Workspace, check_workspace_name
from engine.planner.home_aim import HomeAim

_SHOWN = 200


def aim_at_import(request: PlanWorkspace, home: Path, registered: Sequence[Workspace]) -> HomeAim:
    """Raises `Invalid` for what is no bundle, and `Refused` where the name, the workspace or the folder is there."""
    file = Path(request.bundle)
    if not file.is_absolute():
        raise Invalid(f"{request.bundle[:200]!r} is not an absolute path.", hint="import needs a bundle's path.")
    opened = read_bundle(file)
    name = request.name or opened.bundle.name
    check_workspace_name(name)
    folder = Path(request.path) if request.path else home / "workspaces" / name
    if not folder.is_absolute():
        raise Invalid(f"{request.path[:200]!r} is not an absolute path.", hint="Name the folder in full.")
    _check_new(name, opened, registered)
    check_folder(folder)
    named(opened.files, name)
    return HomeAim([_change(name, folder.resolve(), opened)], warnings=_warnings(name, opened), subject=name)


def _check_new(name: str, opened: Opened, registered: Sequence[Workspace]) -> None:
    for each in registered:
        where = f"{'archived, ' if each.archived else ''}at {each.path}"
        if each.uid == opened.bundle.uid:
            raise Refused(
                f"this home has that workspace, as {each.name}, {where}.", hint="Register it again if it is archived."
            )
        if each.name == name:
            raise Refused(f"workspace {name} exists already, {where}.", hint="Import it under another name.")


def _change(name: str, folder: Path, opened: Opened) -> Change:
    bundle = opened.bundle
    shown = [*opened.objects[:_SHOWN]]
    if len(opened.objects) > _SHOWN:
        shown.append(f"and {len(opened.objects) - _SHOWN} more")
    told = {"files": bundle.files, "resources": bundle.resources, "serial": bundle.serial}
    called = "" if bundle.name == name else f", which was called {bundle.name}"
    return Change(
        address=f"workspace.{name}", effect="workspace", action=Action.CREATE,
        reason=f"the workspace of a bundle{called}, with its files and what is recorded of it",
        after={
            "op": "import", "path": str(folder), "bundle": bundle.path, "sha256": bundle.sha256, **told, "owns": shown,
        },
        compensation=Compensation(possible=True, text="archive it; its folder stays"),
    )  # fmt: skip


def _warnings(name: str, opened: Opened) -> tuple[str, ...]:
    there, here = f"secrets/{opened.bundle.name}/", f"secrets/{name}/"
    secrets = f"A bundle holds no secrets and no SSH key: copy {there} of its home to {here} of this one, then plan."
    if not opened.objects:
        return (secrets,)
    owned = (
        f"From then on this home manages {len(opened.objects)} objects as its own and may plan to delete them. "
        "A home that still has the workspace manages the same ones: archive it there first."
    )
    return owned, secrets
