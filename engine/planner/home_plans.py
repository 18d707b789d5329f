"""Plans about the home itself: a workspace's registration, a run's cancelling."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from engine.model.action import Action
from engine.model.change import Change, Compensation, PropertyDiff
from engine.model.errors import Invalid, Refused
from engine.model.plan import PlannedStep
from engine.model.request import PlanWorkspace
from engine.model.run import Run
from engine.model.workspace import WORKSPACE_NAME, Workspace
from engine.registry.templates import check_template

_ACTIONS = {"create": Action.CREATE, "register": Action.CREATE, "switch": Action.UPDATE, "archive": Action.UPDATE}


def workspace_change(
    request: PlanWorkspace, home: Path, known: Workspace | None, active: str
) -> tuple[Change, PlannedStep]:
    """What happens to a workspace's registration. Raises `Invalid` or `Refused` where it can't."""
    if not WORKSPACE_NAME.fullmatch(request.name):
        raise Invalid(
            f"{request.name[:60]!r} is no name for a workspace.",
            hint="Up to 39 of a-z, 0-9 and -, beginning with a letter.",
        )
    folder = _folder(request, home, known)
    if request.op == "create":
        check_template(request.template)
    if request.op in ("create", "register"):
        _check_new(request, folder, known)
    elif known is None:
        raise Invalid(f"there is no workspace {request.name}.", hint="list_workspaces names them.")
    after: dict[str, Any] = {"op": request.op, "path": str(folder)}
    if request.op == "create":
        after["template"] = request.template
    change = Change(
        address=f"workspace.{request.name}", effect="workspace", action=_ACTIONS[request.op],
        reason=_reason(request, folder, known), after=after, diff=_diff(request, active),
        compensation=Compensation(possible=True, text=_undo(request, active)),
    )  # fmt: skip
    verb = "create" if change.action is Action.CREATE else "update"
    return change, PlannedStep(id=f"{change.address}:{verb}", address=change.address, verb=verb)


def cancel_change(run: Run) -> tuple[Change, PlannedStep]:
    if run.status.is_over:
        raise Refused(f"run {run.id} is {run.status.value}; there is nothing to cancel.")
    change = Change(
        address=f"run.{run.id}", effect="run", action=Action.UPDATE, reason="it stops before its next step",
        diff=(PropertyDiff(path="status", before=run.status.value, after="cancelled"),),
        compensation=Compensation(possible=True, text="resume it with plan_run"),
    )  # fmt: skip
    return change, PlannedStep(id=f"{change.address}:update", address=change.address, verb="update")


def _folder(request: PlanWorkspace, home: Path, known: Workspace | None) -> Path:
    if request.op in ("switch", "archive"):
        return Path(known.path) if known else home
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
    return {
        "create": f"a new workspace in {folder}, from template {request.template}",
        "register": f"the folder {folder} becomes a workspace of this home",
        "switch": "it becomes the active workspace",
        "archive": "it leaves the list; its files, state and objects stay as they are",
    }[request.op]


def _diff(request: PlanWorkspace, active: str) -> tuple[PropertyDiff, ...]:
    if request.op == "switch":
        return (PropertyDiff(path="active", before=active, after=request.name),)
    if request.op == "archive":
        return (PropertyDiff(path="archived", before=False, after=True),)
    return ()


def _undo(request: PlanWorkspace, active: str) -> str:
    if request.op == "switch":
        return f"switch back to {active}" if active else "switch to another one"
    return "register it again" if request.op == "archive" else "archive it"
