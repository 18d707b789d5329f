"""make_plan: everything that was worked out, as one sealed Plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.model.account import Account
from engine.model.action import Action
from engine.model.change import Change
from engine.model.plan import Cost, FileEdit, Plan, PlanKind, PlannedStep, Risk
from engine.model.principal import Principal
from engine.model.resource import Resource
from engine.planner.changes import Comparison, Scope
from engine.planner.order import order_steps, turn_round
from engine.planner.price import Priced, price
from engine.planner.risk import judge_risk
from engine.planner.world import World
from engine.policy.ruling import Ruling
from engine.providers.contract import ProviderKind
from engine.registry.providers import Offers

NO_COST = Cost()
_HOME = ("workspace", "settings", "run")  # what no run rolls back: another plan does
Judge = Callable[[Sequence[Change], Risk, Cost], Ruling]


@dataclass(frozen=True, slots=True)
class Draft:
    """Who plans what for whom: the parts of a plan that are known before anything is compared."""

    id: str
    workspace: str
    uid: str
    kind: PlanKind
    by: Principal
    serial: int
    expires_at: datetime
    subject: str = ""
    accounts: tuple[Account, ...] = ()
    files: tuple[FileEdit, ...] = ()
    warnings: tuple[str, ...] = ()


def compare(
    draft: Draft, offers: Offers, desired: Mapping[str, Resource], world: World, scope: Scope
) -> dict[str, Change]:
    """Every change, with replacements turned round where dependents live on."""
    return turn_round(Comparison(draft.uid, offers, desired, world).changes(scope), _needs(world))


def make_plan(
    draft: Draft, changes: Mapping[str, Change], world: World, kinds: Mapping[str, ProviderKind], judge: Judge
) -> Plan:
    """Order, price, judge and seal. No-ops are kept only where a change leans on them."""
    leaned_on = {target for each in changes.values() if each.action is not Action.NO_OP for target in each.depends_on}
    kept = [each for address, each in changes.items() if each.action is not Action.NO_OP or address in leaned_on]
    lead = [PlannedStep(id=f"{edit.address}:write", address=edit.address, verb="write") for edit in draft.files]
    steps = order_steps(changes, _needs(world), lead)
    everything = _in_step_order(kept, steps)
    risk = judge_risk(everything, len(world.recorded))
    return sealed_plan(draft, everything, steps, risk, judge, cost=price(_before(world), _after(changes, world), kinds))


def sealed_plan(
    draft: Draft,
    changes: Sequence[Change],
    steps: Sequence[PlannedStep],
    risk: Risk,
    judge: Judge,
    *,
    cost: Cost = NO_COST,
) -> Plan:
    ruling = judge(changes, risk, cost)
    return Plan(
        id=draft.id, workspace=draft.workspace, kind=draft.kind, subject=draft.subject, created_at=datetime.now(UTC),
        expires_at=draft.expires_at, by=draft.by, serial=draft.serial, accounts=draft.accounts, changes=tuple(changes),
        steps=tuple(steps), files=draft.files, risk=risk, cost=cost, decision=ruling.decision,
        rollback=describe_rollback(changes, draft), warnings=(*draft.warnings, *ruling.warnings),
    ).sealed()  # fmt: skip


def describe_rollback(changes: Iterable[Change], draft: Draft) -> str:
    """In a sentence or two, what a rollback would bring back and what not."""
    effective = [each for each in changes if each.action is not Action.NO_OP]
    stuck = [each for each in effective if not each.reversible]
    if not effective and draft.files:
        back = "bring the former files back" if draft.kind == "workspace" else "plan_rollback writes the former files"
        return f"Only files change; to undo it, {back}."
    if not effective:
        return "Nothing changes, so there is nothing to undo."
    if all(each.effect in _HOME for each in effective):
        return f"To undo it, {'; '.join(dict.fromkeys(each.compensation.text for each in effective))}."
    text = f"plan_rollback can undo {len(effective) - len(stuck)} of {len(effective)} changes."
    if stuck:
        shown = "; ".join(f"{each.address}: {each.compensation.text}" for each in stuck[:5])
        text += f" Not fully: {shown}" + (f"; and {len(stuck) - 5} more." if len(stuck) > 5 else ".")
    return text


def _in_step_order(changes: Sequence[Change], steps: Sequence[PlannedStep]) -> list[Change]:
    position: dict[str, int] = {}
    for number, step in enumerate(steps):
        position.setdefault(step.address, number)
    return sorted(changes, key=lambda change: position.get(change.address, -1))


def _needs(world: World) -> dict[str, list[str]]:
    return {address: [str(each) for each in recorded.depends_on] for address, recorded in world.recorded.items()}


def _before(world: World) -> Iterable[Priced]:
    return ((each.provider, each.address.type, each.inputs) for each in world.recorded.values())


def _after(changes: Mapping[str, Change], world: World) -> Iterable[Priced]:
    gone = (Action.DELETE, Action.FORGET)
    for address, change in changes.items():
        if change.effect == "resource" and change.after is not None and change.action not in gone:
            yield change.provider, address.partition(".")[0], change.after
    for address, recorded in world.recorded.items():
        if address not in changes:
            yield recorded.provider, recorded.address.type, recorded.inputs
