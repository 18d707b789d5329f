"""The acts: what each verb of a step does. Every one can be repeated after a kill at any point."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from engine.model.action import Action
from engine.model.change import Change
from engine.model.errors import ObjectConflict, ObjectMissing, PlanStale
from engine.model.plan import FileEdit
from engine.model.resource import Observed
from engine.model.run import StepStatus
from engine.observation.diff import label_diffs, property_diffs
from engine.orchestrator.files import write_file
from engine.orchestrator.hands import Hands
from engine.providers.contract import Wish
from engine.state.journal import Outcome

Act = Callable[[Hands, str, Change], Awaitable[Outcome]]


async def create(hands: Hands, step_id: str, change: Change) -> Outcome:
    """Make the object; one that an earlier attempt left is taken and brought in line."""
    known = hands.recorded.get(change.address)
    if (
        change.worst_case
        and known is not None
        and known.id == change.id
        and not _must_replace(hands, change, known.properties)
    ):
        return await update(hands, step_id, change)
    wish = hands.wish(change)
    provider = hands.providers[change.provider]
    observed = await provider.create(wish)
    if _differs(hands, change, observed, wish):
        observed = await provider.update(observed, wish)
    recorded = hands.record(change, observed, "created")
    return Outcome(step_id, change.address, "create", recorded=recorded, key=change.key, facts={"id": observed.id})


async def update(hands: Hands, step_id: str, change: Change) -> Outcome:
    observed = await _bring_in_line(hands, change)
    lineage = hands.recorded[change.address].lineage
    return Outcome(
        step_id, change.address, "update", recorded=hands.record(change, observed, lineage), facts={"id": observed.id}
    )


async def adopt(hands: Hands, step_id: str, change: Change) -> Outcome:
    observed = await _bring_in_line(hands, change)
    return Outcome(
        step_id, change.address, "adopt", recorded=hands.record(change, observed, "adopted"), facts={"id": observed.id}
    )


async def delete(hands: Hands, step_id: str, change: Change) -> Outcome:
    """Remove the object; one that is gone is fine. A replacement that turns out needless is skipped."""
    known = hands.recorded.get(change.address)
    if change.action is Action.REPLACE and known is not None and known.id == change.id:
        spared = change.create_first or (change.worst_case and not _must_replace(hands, change, known.properties))
        if spared:
            return Outcome(step_id, change.address, "delete", status=StepStatus.SKIPPED, facts={"kept": change.id})
    await hands.providers[change.provider].delete(change.address.partition(".")[0], change.id)
    gone = known is not None and known.id == change.id
    if gone:
        del hands.recorded[change.address]
    return Outcome(
        step_id, change.address, "delete", removed=gone, key=change.key if not gone else "", facts={"id": change.id}
    )


async def forget(hands: Hands, step_id: str, change: Change) -> Outcome:
    hands.recorded.pop(change.address, None)
    return Outcome(step_id, change.address, "forget", removed=True, facts={"id": change.id})


async def write(hands: Hands, step_id: str, change: Change) -> Outcome:
    edit = next(each for each in hands.plan.files if each.address == change.address)
    write_file(hands.folder, edit)
    return Outcome(step_id, change.address, "write", facts={"sha256": _sha256(edit)})


async def act_on_home(hands: Hands, step_id: str, change: Change) -> Outcome:
    hands.apply_home(change)
    return Outcome(step_id, change.address, change.action.value)


ACTS: dict[str, Act] = {
    "create": create, "update": update, "adopt": adopt, "delete": delete, "forget": forget, "write": write,
}  # fmt: skip


async def _bring_in_line(hands: Hands, change: Change) -> Observed:
    wish = hands.wish(change)
    provider = hands.providers[change.provider]
    seen = await provider.read(wish.type, change.id)
    if seen is None:
        raise ObjectMissing(f"object {change.id} is gone.", address=change.address)
    if not _differs(hands, change, seen, wish):
        return seen
    return await provider.update(seen, wish)


def _differs(hands: Hands, change: Change, seen: Observed, wish: Wish) -> bool:
    """Whether the object must be changed. Applying may do less than was planned, never more: raises `PlanStale`."""
    diffs = property_diffs(hands.kind(change), seen.properties, wish.properties, _inputs(hands, change))
    forcing = [each.path for each in diffs if each.forces_replace]
    if forcing and change.action is Action.CREATE:
        raise ObjectConflict(
            f"object {seen.id} was made by an earlier attempt with other {', '.join(forcing)}.", address=change.address,
            hint="Plan again: it will be replaced.",
        )  # fmt: skip
    if forcing:
        raise PlanStale(
            f"{', '.join(forcing)} would need a replacement, which was not confirmed.", address=change.address
        )
    return bool(diffs or label_diffs(seen.labels, wish.labels))


def _must_replace(hands: Hands, change: Change, properties: dict[str, object]) -> bool:
    diffs = property_diffs(hands.kind(change), properties, hands.wish(change).properties, _inputs(hands, change))
    return any(each.forces_replace for each in diffs)


def _inputs(hands: Hands, change: Change) -> dict[str, object]:
    known = hands.recorded.get(change.address)
    return known.inputs if known is not None else {}


def _sha256(edit: FileEdit) -> str:
    return hashlib.sha256((edit.text or "").encode()).hexdigest()
