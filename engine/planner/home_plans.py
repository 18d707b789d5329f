"""Plans about the home itself: what becomes of a workspace, a run's cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.model.action import Action
from engine.model.change import Change, Compensation, PropertyDiff
from engine.model.errors import Invalid, Refused
from engine.model.request import PlanWorkspace
from engine.model.run import Run
from engine.model.workspace import Workspace, check_workspace_name
from engine.planner.arrival import aim_at_import
from engine.planner.home_aim import HomeAim
from engine.planner.migration import aim_at_migration
from engine.planner.registration import aim_at_registration
from engine.planner.rename import aim_at_rename


def aim_at_workspace(request: PlanWorkspace, home: Path, registered: Sequence[Workspace]) -> HomeAim:
    """`registered` are all of the home, archived ones too. Raises `Invalid` or `Refused` where it can't be done."""
    known = {each.name: each for each in registered}
    if request.op == "import":
        return aim_at_import(request, home, registered)
    check_workspace_name(request.name)
    if request.op in ("create", "register"):
        return aim_at_registration(request, home, known.get(request.name))
    if request.name not in known:
        raise Invalid(f"there is no workspace {request.name}.", hint="list_workspaces names them.")
    if request.op == "rename":
        check_workspace_name(request.new_name)
        return aim_at_rename(request, home, known[request.name], known.get(request.new_name))
    if request.op == "migrate":
        return aim_at_migration(known[request.name])
    active = next((each.name for each in registered if each.active), "")
    return HomeAim([_switch(known[request.name], active) if request.op == "switch" else _archive(known[request.name])])


def aim_at_cancel(run: Run) -> HomeAim:
    if run.status.is_over:
        raise Refused(f"run {run.id} is {run.status.value}; there is nothing to cancel.")
    change = Change(
        address=f"run.{run.id}", effect="run", action=Action.UPDATE, reason="it stops before its next step",
        diff=(PropertyDiff(path="status", before=run.status.value, after="cancelled"),),
        compensation=Compensation(possible=True, text="resume it with plan_run"),
    )  # fmt: skip
    return HomeAim([change])


def _switch(place: Workspace, active: str) -> Change:
    return Change(
        address=f"workspace.{place.name}", effect="workspace", action=Action.UPDATE,
        reason="it becomes the active workspace", after={"op": "switch", "path": place.path},
        diff=(PropertyDiff(path="active", before=active, after=place.name),),
        compensation=Compensation(
            possible=True, text=f"switch back to {active}" if active else "switch to another one"
        ),
    )  # fmt: skip


def _archive(place: Workspace) -> Change:
    return Change(
        address=f"workspace.{place.name}", effect="workspace", action=Action.UPDATE,
        reason="it leaves the list; its files, state and objects stay as they are",
        after={"op": "archive", "path": place.path},
        diff=(PropertyDiff(path="archived", before=False, after=True),),
        compensation=Compensation(possible=True, text="register it again"),
    )  # fmt: skip
