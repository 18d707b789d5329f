"""A folder becomes a workspace of the home: a new one from a template, or one that is there already."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from engine.model.action import Action
from engine.model.change import Change, Compensation
from engine.model.errors import Invalid, Refused
from engine.model.request import PlanWorkspace
from engine.model.workspace import Workspace
from engine.planner.home_aim import HomeAim
from engine.registry.templates import check_template


def aim_at_registration(request: PlanWorkspace, home: Path, known: Workspace | None) -> HomeAim:
    """Raises `Invalid` or `Refused` where it can't be done."""
    folder = folder_meant(request, home)
    if request.op == "create":
        check_template(request.template)
    _check_new(request, folder, known)
    after: dict[str, Any] = {"op": request.op, "path": str(folder)}
    if request.op == "create":
        after["template"] = request.template
    change = Change(
        address=f"workspace.{request.name}", effect="workspace", action=Action.CREATE,
        reason=_reason(request, folder, known), after=after,
        compensation=Compensation(possible=True, text="archive it"),
    )  # fmt: skip
    return HomeAim([change])


def folder_meant(request: PlanWorkspace, home: Path) -> Path:
    """Raises `Invalid` for a path that is not absolute, or that is missing where one is needed."""
    if not request.path:
        if request.op == "register":
            raise Invalid("register needs the path of the workspace's folder.")
        return home / "workspaces" / request.name
    path = Path(request.path)
    if not path.is_absolute():
        raise Invalid(
            f"{request.path[:200]!r} is not an absolute path.", hint="The server has no folder of yours to start from."
        )
    return path.resolve()


def _check_new(request: PlanWorkspace, folder: Path, known: Workspace | None) -> None:
    if known is not None and not known.archived:
        raise Refused(
            f"workspace {request.name} exists already, at {known.path}.", hint="Choose another name, or switch to it."
        )
    if request.op == "register":
        _check_registered(folder, request.name)
    elif known is not None:
        # Its state would meet an empty manifest, which would be a wish to delete everything.
        raise Refused(
            f"workspace {request.name} is archived, at {known.path}.", hint="Register it again, or choose another name."
        )
    elif (folder / "workspace.toml").exists():
        raise Refused(f"{folder} is a workspace's folder already.", hint="Register it instead, or choose another one.")
    elif folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is no folder.", hint="Choose another one.")


def _check_registered(folder: Path, name: str) -> None:
    try:
        declared = tomllib.loads((folder / "workspace.toml").read_text(encoding="utf-8")).get("name", name)
    except OSError:
        raise Invalid(
            f"{folder} has no workspace.toml that can be read.", hint="`groundplan init` makes one."
        ) from None
    except ValueError as wrong:
        raise Invalid(f"{folder / 'workspace.toml'} is not valid TOML: {wrong}.") from None
    if declared != name:
        raise Invalid(
            f"{folder / 'workspace.toml'} names the workspace {str(declared)[:60]!r}.",
            hint="Register it under that name.",
        )


def _reason(request: PlanWorkspace, folder: Path, known: Workspace | None) -> str:
    if request.op == "register" and known is not None and known.path != str(folder):
        return f"it comes back from the archive, with its state, in {folder} and no more in {known.path}"
    if request.op == "register":
        return f"the folder {folder} becomes a workspace of this home"
    return f"a new workspace in {folder}, from template {request.template}"
