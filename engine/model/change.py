"""Change: one resource's before, after and reason; and how it would be undone."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from engine.model.action import Action


class PropertyDiff(BaseModel):
    """One property that differs. Values are in wire form (an Unknown is `{"$unknown": …}`)."""

    model_config = ConfigDict(frozen=True)

    path: str
    before: Any = None
    after: Any = None
    forces_replace: bool = False


class Compensation(BaseModel):
    """What would undo a change; `possible` is false where nothing can."""

    model_config = ConfigDict(frozen=True)

    possible: bool
    text: str


class Change(BaseModel):
    """What happens to one address.

    `effect` says who carries it out: a provider, or the home itself (a file, a workspace's registration, settings,
    a run). `before` is the object as it was observed, `after` the desired properties, both in wire form; `references`
    are those of them that the manifest writes with references, as it writes them.
    `key` is the tag a create carries, so that a lost answer never makes a second object.
    `worst_case` marks a replacement that may turn out to be less once an Unknown is known.
    """

    model_config = ConfigDict(frozen=True)

    address: str
    action: Action
    effect: Literal["resource", "file", "workspace", "settings", "run"] = "resource"
    provider: str = ""
    id: str = ""
    key: str = ""
    reason: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    references: dict[str, Any] = {}
    labels: dict[str, str] = {}
    diff: tuple[PropertyDiff, ...] = ()
    depends_on: tuple[str, ...] = ()
    stateful: bool = False
    worst_case: bool = False
    prevent_destroy: bool = False
    create_first: bool = False
    compensation: Compensation = Compensation(possible=True, text="")

    @property
    def reversible(self) -> bool:
        return self.compensation.possible
