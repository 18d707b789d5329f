"""One Change for each address: which action, why, and the exact differences."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.model.action import Action
from engine.model.change import Change, PropertyDiff
from engine.model.errors import Invalid
from engine.model.resource import Observed, Recorded, Resource
from engine.model.resource_type import ResourceType
from engine.model.unknown import Reference, from_wire, settle, to_wire, unknowns
from engine.observation.diff import label_diffs, property_diffs
from engine.planner.compensate import compensation
from engine.planner.world import World
from engine.registry.providers import Offers


@dataclass(frozen=True, slots=True)
class Scope:
    """What a plan is about: addresses to delete and to forget; `only` limits everything else to some addresses."""

    delete: Collection[str] = ()
    forget: Collection[str] = ()
    only: Collection[str] | None = None


class Comparison:
    """Goes through the desired resources in order of dependency, then through what is to go."""

    def __init__(self, uid: str, offers: Offers, desired: Mapping[str, Resource], world: World) -> None:
        self._uid, self._offers, self._desired, self._world = uid, offers, desired, world
        self._changes: dict[str, Change] = {}
        self._settled: dict[str, dict[str, Any]] = {}

    def changes(self, scope: Scope) -> dict[str, Change]:
        for address, resource in self._desired.items():
            self._changes[address] = self._desired_change(address, resource, scope)
        for address, recorded in self._world.recorded.items():
            if address in scope.forget or address in scope.delete:
                self._changes[address] = self._departure(address, recorded, forget=address in scope.forget)
        for address, loose in self._world.loose.items():
            if address not in self._changes:
                self._changes[address] = self._loose_end(address, loose.provider)
        return self._changes

    def key(self, address: str) -> str:
        """The idempotency key of the address's next object: the same until one has been made."""
        made = self._world.incarnations.get(address, 0)
        return hashlib.sha256(f"{self._uid}/{address}/{made}".encode()).hexdigest()[:32]

    def _desired_change(self, address: str, resource: Resource, scope: Scope) -> Change:
        properties = {name: settle(value, self._value) for name, value in resource.properties.items()}
        self._settled[address] = properties
        wished = replace(resource, properties=properties)
        recorded = self._world.recorded.get(address)
        if scope.only is not None and address not in scope.only:
            return self._no_op(address, recorded, wished)
        if address in self._world.adopted:
            return self._adoption(address, wished)
        if recorded is None:
            return self._creation(address, wished, "it is new")
        seen = self._world.observed.get(address)
        if seen is None:
            return self._creation(address, wished, "the object vanished outside Groundplan")
        return self._comparison(address, wished, recorded, seen)

    def _comparison(self, address: str, wished: Resource, recorded: Recorded, seen: Observed) -> Change:
        kind = self._kind(wished)
        if recorded.provider != wished.provider:
            diff = PropertyDiff(path="provider", before=recorded.provider, after=wished.provider, forces_replace=True)
            diffs: tuple[PropertyDiff, ...] = (diff,)
        else:
            diffs = property_diffs(kind, seen.properties, wished.properties, recorded.inputs)
            diffs += label_diffs(seen.labels, wished.labels)
        if recorded.prevent_destroy != wished.lifecycle.prevent_destroy:
            diffs += (
                PropertyDiff(
                    path="lifecycle.prevent_destroy", before=recorded.prevent_destroy,
                    after=wished.lifecycle.prevent_destroy,
                ),
            )  # fmt: skip
        action, reason = _judged(diffs, recorded, wished)
        return self._change(
            address, wished, action, reason, id=recorded.id, diff=diffs,
            before=to_wire(self._world.now(address)), worst_case=self._is_worst_case(diffs, wished),
        )  # fmt: skip

    def _is_worst_case(self, diffs: tuple[PropertyDiff, ...], wished: Resource) -> bool:
        """Every property that forces a replacement is Unknown, and might turn out as it is."""
        forcing = [each for each in diffs if each.forces_replace]
        return bool(forcing) and all(
            any(True for _ in unknowns(wished.properties.get(each.path))) and not self._surely_moves(wished, each.path)
            for each in forcing
        )

    def _surely_moves(self, wished: Resource, name: str) -> bool:
        """It refers to the id of an object that is made anew."""
        return any(
            reference.property == "id"
            and self._changes[str(reference.address)].action in (Action.REPLACE, Action.CREATE)
            for unknown in unknowns(wished.properties[name])
            for reference in unknown.references()
        )

    def _creation(self, address: str, wished: Resource, reason: str) -> Change:
        if address in self._world.loose:
            reason += "; an unanswered attempt may have made it already, and then that one is taken"
        return self._change(address, wished, Action.CREATE, reason)

    def _adoption(self, address: str, wished: Resource) -> Change:
        seen, kind = self._world.adopted[address], self._kind(wished)
        if address in self._world.recorded:
            raise Invalid("it is managed already.", address=address, hint="Forget it first, or choose another name.")
        diffs = property_diffs(kind, seen.properties, wished.properties, wished.properties)
        diffs += label_diffs(seen.labels, wished.labels)
        forcing = [each.path for each in diffs if each.forces_replace]
        if forcing:
            raise Invalid(
                f"object {seen.id} differs in {', '.join(forcing)}, which can't be changed in place.", address=address,
                hint="Give these properties as the object has them, then adopt.",
            )  # fmt: skip
        return self._change(
            address, wished, Action.ADOPT, f"object {seen.id} is taken over", id=seen.id, diff=diffs,
            before=to_wire(seen.properties),
        )  # fmt: skip

    def _no_op(self, address: str, recorded: Recorded | None, wished: Resource) -> Change:
        if recorded is None:
            return self._change(address, wished, Action.NO_OP, "not part of this plan")
        before = to_wire(self._world.now(address))
        return self._change(address, wished, Action.NO_OP, "not part of this plan", id=recorded.id, before=before)

    def _departure(self, address: str, recorded: Recorded, *, forget: bool) -> Change:
        kind = self._offers[recorded.provider][recorded.address.type]
        vanished = self._world.observed.get(address) is None
        action = Action.FORGET if forget or vanished else Action.DELETE
        reason = "you asked to forget it" if forget else "it vanished outside Groundplan" if vanished else "it is to go"
        return Change(
            address=address, action=action, provider=recorded.provider, id=recorded.id, reason=reason,
            before=to_wire(self._world.now(address)), labels=recorded.labels, stateful=kind.stateful,
            depends_on=tuple(str(each) for each in recorded.depends_on), prevent_destroy=recorded.prevent_destroy,
            compensation=compensation(action, kind, ()),
        )  # fmt: skip

    def _loose_end(self, address: str, provider: str) -> Change:
        loose = self._world.loose[address]
        kind = self._offers[provider][loose.observed.type]
        return Change(
            address=address, action=Action.DELETE, provider=provider, id=loose.observed.id, key=loose.key,
            reason="an unanswered create left this object behind, and it is not wanted any more",
            before=to_wire(loose.observed.properties), stateful=kind.stateful,
            compensation=compensation(Action.DELETE, kind, ()),
        )  # fmt: skip

    def _change(self, address: str, wished: Resource, action: Action, reason: str, **more: Any) -> Change:
        kind = self._kind(wished)
        makes = action in (Action.CREATE, Action.REPLACE)
        return Change(
            address=address, action=action, provider=wished.provider, reason=reason,
            key=self.key(address) if makes else "", after=to_wire(wished.properties), labels=wished.labels,
            references=_with_references(self._desired[address].properties),
            depends_on=tuple(str(each) for each in wished.depends_on), stateful=kind.stateful,
            prevent_destroy=wished.lifecycle.prevent_destroy, create_first=wished.lifecycle.replace == "create_first",
            compensation=compensation(action, kind, more.get("diff", ())), **more,
        )  # fmt: skip

    def _kind(self, resource: Resource) -> ResourceType:
        return self._offers[resource.provider][resource.address.type]

    def _value(self, reference: Reference) -> Any:
        """What a reference stands for, where that is certain now. Raises KeyError where it is not."""
        address = str(reference.address)
        change = self._changes[address]
        wished = self._settled[address].get(reference.property)
        if wished is not None and not any(True for _ in unknowns(wished)):
            return wished
        lives_on = change.action is Action.NO_OP or (
            reference.property == "id" and change.action in (Action.UPDATE, Action.ADOPT)
        )
        if not lives_on or change.before is None:
            raise KeyError(reference)
        if reference.property == "id":
            return change.id
        return change.before[reference.property]


def _judged(diffs: tuple[PropertyDiff, ...], recorded: Recorded, wished: Resource) -> tuple[Action, str]:
    forcing = [each.path for each in diffs if each.forces_replace]
    if forcing:
        return Action.REPLACE, f"{', '.join(forcing)} can't be changed in place"
    if diffs:
        drifted = all(
            to_wire(recorded.inputs.get(each.path)) == each.after and not any(unknowns(from_wire(each.after)))
            for each in diffs
        )
        return Action.UPDATE, "it was changed outside Groundplan" if drifted else "its declaration changed"
    return Action.NO_OP, "it is as declared"


def _with_references(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_wire(value) for name, value in properties.items() if any(True for _ in unknowns(value))}
