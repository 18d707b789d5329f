"""Aim: what a request wants the workspace to become, before it is compared with the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.manifest import ManifestFiles, apply_edits, file_edits, parse, read_files
from engine.model.action import Action
from engine.model.address import Address, parse_address
from engine.model.change import Change
from engine.model.errors import Invalid
from engine.model.plan import FileEdit, Plan, PlanKind
from engine.model.request import Edit, PlanChange, PlanDestroy
from engine.model.resource import Lifecycle, Recorded, Resource
from engine.model.run import Run, StepStatus
from engine.model.unknown import from_wire
from engine.planner.changes import Scope
from engine.planner.order import dependents
from engine.planner.unfold import unfold
from engine.registry.providers import Offers

Known = Mapping[str, Recorded]


@dataclass(frozen=True, slots=True)
class ManifestPlace:
    """Where a workspace's manifest is, and the provider of files in it that name none; empty where none is set.

    `instead` are the files that are to take the place of its own, where another environment's are promoted.
    """

    folder: Path
    default_provider: str = ""
    instead: ManifestFiles | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """`adoptions` maps an address to (provider, object id)."""

    kind: PlanKind
    desired: Mapping[str, Resource]
    scope: Scope
    files: tuple[FileEdit, ...] = ()
    adoptions: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    subject: str = ""
    warnings: tuple[str, ...] = ()


def aim_at_manifest(request: PlanChange, place: ManifestPlace, offers: Offers, recorded: Known, public_key: str) -> Aim:
    """The manifest with the request's edits made; what is recorded and no longer declared is to go."""
    before = read_files(place.folder)
    wanted = before if place.instead is None else place.instead
    after = apply_edits(wanted, request.edits, place.default_provider)
    desired = unfold(parse(after, offers, place.default_provider), offers, public_key)
    forget = {
        address for edit in request.edits if edit.op == "forget" for address in instances_of(edit.address, recorded)
    }
    gone = {address for address in recorded if address not in desired} - forget
    return Aim(
        kind="change", desired=desired, scope=Scope(delete=gone, forget=forget), files=file_edits(before, after),
        adoptions={edit.address: _adoption(edit, desired) for edit in request.edits if edit.op == "adopt"},
    )  # fmt: skip


def aim_at_destruction(request: PlanDestroy, recorded: Known) -> Aim:
    """The named resources and everything that needs them, or all; the manifest stays as it is."""
    named = {found for address in request.addresses for found in instances_of(address, recorded)} or set(recorded)
    needs = {address: [str(each) for each in known.depends_on] for address, known in recorded.items()}
    return Aim(kind="destroy", desired={}, scope=Scope(delete=dependents(named, needs) & set(recorded)))


def aim_at_rollback(
    run: Run, plan: Plan, past: Mapping[str, dict[str, Any] | None], recorded: Known, folder: Path
) -> Aim:
    """Every address that the run touched as it was before; `past` holds the snapshots."""
    desired = {address: as_resource(known) for address, known in recorded.items()}
    delete, forget = set[str](), set[str]()
    adoptions: dict[str, tuple[str, str]] = {}
    forgotten = {change.address for change in plan.changes if change.action is Action.FORGET}
    adopted = {change.address for change in plan.changes if change.action is Action.ADOPT}
    for address, snapshot in past.items():
        if snapshot is None:
            (forget if address in adopted else delete).add(address)
            desired.pop(address, None)
            continue
        desired[address] = _from_snapshot(address, snapshot)
        if address in forgotten:
            adoptions[address] = (snapshot["provider"], snapshot["id"])
    files, warnings = _files_back(plan.files, folder)
    return Aim(
        kind="rollback", desired=desired, scope=Scope(delete & set(recorded), forget & set(recorded), only=set(past)),
        files=files, adoptions=adoptions, subject=run.id, warnings=warnings,
    )  # fmt: skip


def aim_at_rest(run: Run, plan: Plan, recorded: Known, folder: Path) -> Aim:
    """What a stopped run did not do."""
    done = {step.id for step in run.steps if step.status in (StepStatus.DONE, StepStatus.SKIPPED)}
    left = [step for step in plan.steps if step.id not in done]
    going_up = {step.address for step in left if step.verb in ("create", "update", "adopt")}
    changes = plan.by_address
    desired = {address: as_resource(known) for address, known in recorded.items()}
    desired.update({address: _from_change(address, changes[address]) for address in going_up})
    delete = {step.address for step in left if step.verb == "delete"} - going_up
    forget = {step.address for step in left if step.verb == "forget"}
    for address in delete | forget:
        desired.pop(address, None)
    files = tuple(edit for edit in plan.files if current_text(folder, edit.path) != edit.text)
    return Aim(
        kind="resume", desired=desired, files=files, subject=run.id,
        scope=Scope(delete & set(recorded), forget & set(recorded), only=going_up | delete | forget),
        adoptions={
            address: (changes[address].provider, changes[address].id)
            for address in going_up
            if changes[address].action is Action.ADOPT
        },
    )  # fmt: skip


def instances_of(address: str, recorded: Known) -> Sequence[str]:
    """The recorded resources that an address means: itself, or every instance of a declaration.

    Raises `Invalid` when there is none.
    """
    wanted = parse_address(address)
    found = [
        text
        for text, known in recorded.items()
        if known.address == wanted or (wanted.key is None and known.address.declaration == wanted)
    ]
    if not found:
        raise Invalid(
            "nothing of that address exists in this workspace's state.",
            address=address,
            hint="find_resources lists it.",
        )
    return found


def as_resource(known: Recorded) -> Resource:
    """A recorded resource as if it were declared just so."""
    return Resource(
        address=known.address, provider=known.provider, properties=known.inputs, depends_on=known.depends_on,
        labels=known.labels, lifecycle=Lifecycle(prevent_destroy=known.prevent_destroy),
    )  # fmt: skip


def current_text(folder: Path, path: str) -> str | None:
    target = folder / path
    return target.read_text(encoding="utf-8") if target.is_file() else None


def _from_snapshot(address: str, snapshot: Mapping[str, Any]) -> Resource:
    return Resource(
        address=parse_address(address), provider=snapshot["provider"], properties=from_wire(snapshot["inputs"]),
        depends_on=_addresses(snapshot["depends_on"]), labels=snapshot["labels"],
        lifecycle=Lifecycle(prevent_destroy=snapshot["prevent_destroy"]),
    )  # fmt: skip


def _from_change(address: str, change: Change) -> Resource:
    return Resource(
        address=parse_address(address), provider=change.provider, properties=from_wire(change.after),
        depends_on=_addresses(change.depends_on), labels=change.labels,
        lifecycle=Lifecycle(change.prevent_destroy, "create_first" if change.create_first else "delete_first"),
    )  # fmt: skip


def _addresses(texts: Iterable[str]) -> tuple[Address, ...]:
    return tuple(parse_address(text) for text in texts)


def _adoption(edit: Edit, desired: Mapping[str, Resource]) -> tuple[str, str]:
    object_id = (edit.value or {}).get("id")
    if not isinstance(object_id, str) or not object_id:
        raise Invalid("adopt needs the provider's id.", address=edit.address, hint='Give value: {"id": "…"}.')
    if edit.address not in desired:
        raise Invalid(
            "the manifest declares nothing of that address.",
            address=edit.address,
            hint="Give its properties beside id.",
        )
    return desired[edit.address].provider, object_id


def _files_back(files: Iterable[FileEdit], folder: Path) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    warnings: list[str] = []
    for edit in files:
        there = current_text(folder, edit.path)
        if there != edit.text:
            warnings.append(f"{edit.path} was edited since; it stays as it is.")
            continue
        if there is not None:
            before[edit.path] = there
        if edit.before_sha256:
            after[edit.path] = edit.before
    return file_edits(before, after), tuple(warnings)
