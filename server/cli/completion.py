"""Tab completion of names that the home knows. It never complains: a broken home completes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from engine.model.query import ResourceQuery
from engine.model.workspace import Workspace
from rag.model.document import KNOWLEDGE_SHELF
from rag.tags import tags_in
from server.app import open_office

if TYPE_CHECKING:
    # For its weight, not for a cycle: the office opens the engine when a command first needs it.
    from engine.facade import Engine

MANY = 100
_KINDS = {
    "concept": "what a word means",
    "guide": "how something is done",
    "reference": "settings, types, tools, errors",
    "runbook": "what to do about a failure",
    "provider": "what a provider offers",
    "decision": "why it is built so",
    "file": "a file of the workspace",
    "run": "what a run did",
    "plan": "what was planned",
    "resource": "what is recorded of a type of resource",
    "audit": "what was confirmed, declined and denied on a day",
    "drift": "what the latest check for drift found",
}
Names = Callable[["Engine", Workspace], Iterable[tuple[str, str]]]


def _told(ctx: typer.Context) -> dict[str, Any]:
    """The options typed so far."""
    return {**(ctx.obj or {}), **{name: value for name, value in ctx.params.items() if value}}


def _complete(ctx: typer.Context, start: str, names: Names) -> list[tuple[str, str]]:
    """(name, help) for each name that begins with `start`."""
    told = _told(ctx)
    try:
        with closing(open_office(told.get("home"))) as office:
            if not (office.home / "state").is_dir():
                return []
            engine = office.engine()
            found = list(names(engine, engine.workspace(told.get("workspace") or None)))
    except Exception:  # noqa: BLE001 - whatever is wrong, a person pressed TAB and waits for names, not for a trace
        return []
    return [(name, words) for name, words in found if name.startswith(start)]


def complete_workspace(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _workspaces(ctx, incomplete, archived=False)


def _workspaces(ctx: typer.Context, incomplete: str, *, archived: bool) -> list[tuple[str, str]]:
    told = _told(ctx)
    try:
        with closing(open_office(told.get("home"))) as office:
            found = office.engine().workspaces(archived=archived) if (office.home / "state").is_dir() else []
    except Exception:  # noqa: BLE001 - see above
        return []
    return [(each.name, each.path) for each in found if each.name.startswith(incomplete)]


def complete_any_workspace(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Archived ones too."""
    return _workspaces(ctx, incomplete, archived=True)


def complete_template(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The templates of new workspaces, with what each is for."""
    try:
        with closing(open_office(_told(ctx).get("home"))) as office:
            if not (office.home / "state").is_dir():
                return []
            found: dict[str, str] = office.engine().describe()["workspace_templates"]
    except Exception:  # noqa: BLE001 - see above
        return []
    return [(name, words) for name, words in found.items() if name.startswith(incomplete)]


def _plans(engine: Engine, workspace: Workspace) -> Iterable[tuple[str, str]]:
    return [(each.id, each.status.value) for each in engine.plans(workspace.name, limit=MANY).items]


def _runs(engine: Engine, workspace: Workspace) -> Iterable[tuple[str, str]]:
    return [(each.id, each.status.value) for each in engine.runs(workspace.name, limit=MANY).items]


def _addresses(engine: Engine, workspace: Workspace) -> Iterable[tuple[str, str]]:
    return [
        (str(each.address), each.provider)
        for each in engine.resources(workspace.name, ResourceQuery(), limit=MANY).items
    ]


def _rules(engine: Engine, workspace: Workspace) -> Iterable[tuple[str, str]]:
    return [(each.name, each.description or each.requires) for each in engine.rules(workspace.name)]


def complete_plan(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _complete(ctx, incomplete, _plans)


def complete_run(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _complete(ctx, incomplete, _runs)


def complete_address(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _complete(ctx, incomplete, _addresses)


def complete_anything(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """A plan, a run or an address: what `show` shows."""
    return [found for names in (_plans, _runs, _addresses) for found in _complete(ctx, incomplete, names)]


def complete_rule(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """`check`, or the name of a rule of the workspace."""
    acts = [("check", "hold the manifest against the rules")] if "check".startswith(incomplete) else []
    return acts + _complete(ctx, incomplete, _rules)


def complete_kind(incomplete: str) -> list[tuple[str, str]]:
    return [(kind, words) for kind, words in _KINDS.items() if kind.startswith(incomplete)]


def complete_tag(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What the index holds of the shipped pages and the workspace, the most used first."""
    told = _told(ctx)
    try:
        with closing(open_office(told.get("home"))) as office:
            if not (office.home / "state").is_dir():
                return []
            uid = office.engine().workspace(told.get("workspace") or None).uid
            found = tags_in(office.home / "index", (KNOWLEDGE_SHELF, uid))
    except Exception:  # noqa: BLE001 - see above
        return []
    return [(tag, f"{count} texts" if count > 1 else "one text") for tag, count in found if tag.startswith(incomplete)]


def complete_environment(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Those that the workspace's folder has defaults of."""
    return _complete(ctx, incomplete, lambda _, place: ((name, "") for name in _environments(Path(place.path))))


def _environments(folder: Path) -> list[str]:
    return sorted({each.name.partition("-defaults.")[0] for each in folder.glob("settings/*-defaults.*")})


def complete_setting(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _complete(
        ctx, incomplete, lambda engine, place: ((each.key, each.description) for each in engine.settings(place.name))
    )


def complete_mode(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return _complete(ctx, incomplete, lambda engine, _: ((each.name, each.summary) for each in engine.advice.modes()))
