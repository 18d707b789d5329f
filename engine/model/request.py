"""Request: what a door asks the engine to plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

WorkspaceOp = Literal["create", "register", "switch", "archive", "rename", "import", "migrate"]


class Edit(BaseModel):
    """One edit of the manifest.

    set: create the declaration at `address` or replace its properties by `value`, merged key by key (null removes).
    remove: take it out of the manifest, which deletes its objects.
    adopt: take over an existing object; `value` is {"id": the provider's id} and any properties.
    forget: stop managing it and leave the object alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Literal["set", "remove", "adopt", "forget"]
    address: str = Field(max_length=200)
    value: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Plan the manifest with these edits made; without any, the manifest as it stands.

    `promote_from` names another workspace of the same project: its manifest is taken in the place of this one's.
    """

    edits: tuple[Edit, ...] = ()
    promote_from: str = ""


@dataclass(frozen=True, slots=True)
class PlanDestroy:
    """Plan to delete these addresses and what depends on them; without any, everything."""

    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRollback:
    """Plan the compensations of a run."""

    run_id: str


@dataclass(frozen=True, slots=True)
class PlanWorkspace:
    """Plan what becomes of a workspace's registration, name, bundle or files.

    create and register take a `path`; create a `template`; rename a `new_name`; import the `path` of the folder that is
    to be made and the `bundle` to make it of; migrate brings its files to the schema of this version.
    """

    op: WorkspaceOp
    name: str
    path: str = ""
    template: str = "blank"
    new_name: str = ""
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class PlanRun:
    """Plan to resume or cancel a run."""

    op: Literal["resume", "cancel"]
    run_id: str


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Plan to set settings, by key, or with null to take them out of their file.

    Without a layer a workspace's settings go into its workspace.toml, all others into the home's config.toml.
    `environment` is whose defaults the layer environment means; empty for the one that the workspace is in.
    """

    changes: dict[str, Any]
    layer: Literal["", "workspace", "environment", "home"] = ""
    environment: str = ""


Request = PlanChange | PlanDestroy | PlanRollback | PlanWorkspace | PlanRun | PlanSettings
