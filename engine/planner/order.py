"""From changes to the steps that carry them out, each naming the steps that go first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.graph.order import Circle, in_order, reach
from engine.model.action import Action
from engine.model.change import Change
from engine.model.plan import PlannedStep

_UP = {
    Action.CREATE: "create", Action.REPLACE: "create", Action.UPDATE: "update", Action.ADOPT: "adopt",
}  # fmt: skip
_DOWN = {Action.DELETE: "delete", Action.REPLACE: "delete", Action.FORGET: "forget"}


def order_steps(
    changes: Mapping[str, Change], recorded_needs: Mapping[str, Iterable[str]], first: Iterable[PlannedStep] = ()
) -> tuple[PlannedStep, ...]:
    """Creates and updates after what they need, deletes before what they needed; `first` goes before everything.

    Raises `Invalid` when the changes can't be ordered.
    """
    after: dict[str, set[str]] = defaultdict(set)
    up, down = _steps(changes)
    for address in (*up, *down):
        for step in (up.get(address), down.get(address)):
            if step:
                after[step] |= set()
    through = _through_unchanged(changes, up)
    for address, step in up.items():
        after[step] |= {up[target] for target in through(address) if target != address}
    _order_deletes(changes, recorded_needs, up, down, after)
    lead = tuple(first)
    for step in after:
        after[step] |= {each.id for each in lead}
    named = {step: (address, step.rpartition(":")[2]) for address, step in (*up.items(), *down.items())}
    ordered = [step for step in in_order(after) if step in named]
    return lead + tuple(
        PlannedStep(id=step, address=named[step][0], verb=named[step][1], after=tuple(sorted(after[step])))  # pyright: ignore[reportArgumentType]
        for step in ordered
    )


def must_create_first(changes: Mapping[str, Change], recorded_needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Replaced resources whose new object must be there before the old one goes.

    Those with dependents that live on, those declared so, and whatever of theirs is replaced too.
    """
    needed_by = _needed_by(recorded_needs)
    first = {
        address
        for address, change in changes.items()
        if change.action is Action.REPLACE
        and (
            change.create_first
            or any(source in changes and not changes[source].action.destroys for source in needed_by[address])
        )
    }
    needs = {address: {*changes[address].depends_on, *recorded_needs.get(address, ())} for address in changes}
    return {
        address for address in reach(first, needs) if address in changes and changes[address].action is Action.REPLACE
    }


def turn_round(changes: Mapping[str, Change], recorded_needs: Mapping[str, Iterable[str]]) -> dict[str, Change]:
    """The changes with `create_first` wherever deleting first can't be; what can't be ordered raises `Circle`."""
    turned = dict(changes)
    stuck = must_create_first(turned, recorded_needs)
    while any(change.action is Action.REPLACE for change in turned.values()):
        turned |= {address: turned[address].model_copy(update={"create_first": True}) for address in stuck}
        try:
            order_steps(turned, recorded_needs)
            break
        except Circle as circle:
            named = {str(step).rpartition(":")[0] for step in circle.items}
            stuck = {each for each in named if turned[each].action is Action.REPLACE and not turned[each].create_first}
            if not stuck:
                raise
    return turned


def dependents(addresses: Iterable[str], recorded_needs: Mapping[str, Iterable[str]]) -> set[str]:
    """The addresses and everything recorded that needs them."""
    return reach(addresses, _needed_by(recorded_needs))


def _needed_by(recorded_needs: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for source, targets in recorded_needs.items():
        for target in targets:
            found[target].append(source)
    return found


def _steps(changes: Mapping[str, Change]) -> tuple[dict[str, str], dict[str, str]]:
    up = {address: f"{address}:{_UP[change.action]}" for address, change in changes.items() if change.action in _UP}
    down = {
        address: f"{address}:{_DOWN[change.action]}" for address, change in changes.items() if change.action in _DOWN
    }
    return up, down


def _through_unchanged(changes: Mapping[str, Change], up: Mapping[str, str]):  # noqa: ANN202 - a closure over a memo
    """What an address waits for: needed addresses that change, also behind needed ones that don't."""
    memo: dict[str, frozenset[str]] = {}

    def needed(address: str) -> frozenset[str]:
        if address not in memo:
            memo[address] = frozenset()
            found: set[str] = set()
            change = changes.get(address)
            for target in change.depends_on if change else ():
                found |= {target} if target in up else needed(target)
            memo[address] = frozenset(found)
        return memo[address]

    return needed


def _order_deletes(
    changes: Mapping[str, Change], recorded_needs: Mapping[str, Iterable[str]],
    up: Mapping[str, str], down: Mapping[str, str], after: dict[str, set[str]],
) -> None:  # fmt: skip
    for address, step in down.items():
        change = changes[address]
        if change.action is Action.REPLACE:
            earlier, later = (up[address], step) if change.create_first else (step, up[address])
            after[later].add(earlier)
    for source, targets in recorded_needs.items():
        for target in targets:
            if target not in down or source == target:
                continue
            replaced_in_place = changes[target].action is Action.REPLACE and not changes[target].create_first
            if source in down:
                after[down[target]].add(down[source])
            elif source in up and not replaced_in_place:
                after[down[target]].add(up[source])
