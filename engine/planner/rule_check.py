"""The workspace's own rules, held against a plan in the making, or against the manifest as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.manifest import parse, read_files
from engine.model.action import Action
from engine.model.change import Change
from engine.model.resource import Recorded, Resource
from engine.model.rules_report import RulesReport, RuleSummary
from engine.model.unknown import from_wire
from engine.planner.aim import Aim, ManifestPlace, as_resource
from engine.planner.price import price
from engine.planner.unfold import unfold
from engine.planner.world import World
from engine.policy.rules.describe import describe_rules
from engine.policy.rules.evaluate import evaluate
from engine.policy.rules.plan_demands import PlanFacts
from engine.policy.rules.rule_file import RuleSet, load_rules
from engine.policy.rules.subject import Subject, Subjects
from engine.policy.rules.verdict import Case, Verdict, judge
from engine.registry.providers import Offers, offers, provider_kind

_LIVES_ON = (Action.NO_OP, Action.UPDATE, Action.ADOPT)
_MAKES = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.ADOPT)


def judge_plan(rules: RuleSet, aim: Aim, world: World, changes: Mapping[str, Change], facts: PlanFacts) -> Verdict:
    """What the rules say of everything that is there after the plan."""
    covered = offers()
    before = [_existing(known, covered) for known in world.recorded.values()]
    if aim.kind == "destroy":
        gone = set(aim.scope.delete)
        after: Iterable[Subject] = [each for each in before if str(each.address) not in gone]
    else:
        after = [_wished(each, changes.get(address), world, covered) for address, each in aim.desired.items()]
    case = Case(
        kind=aim.kind, before=Subjects(before, world.recorded), after=Subjects(after, world.recorded),
        touched={address for address, change in changes.items() if change.action in _MAKES}, facts=facts,
    )  # fmt: skip
    return judge(rules, case)


def summaries(folder: Path) -> tuple[RuleSummary, ...]:
    """Every rule of a workspace in words. Raises `ManifestInvalid`."""
    return describe_rules(load_rules(folder, offers()))


def check_manifest(place: ManifestPlace, recorded: Mapping[str, Recorded], public_key: str) -> RulesReport:
    """The manifest as it stands, without asking a provider. Raises `ManifestInvalid` or `Invalid`."""
    covered = offers()
    rules = load_rules(place.folder, covered)
    desired = unfold(parse(read_files(place.folder), covered, place.default_provider), covered, public_key)
    subjects = [
        Subject(each, covered[each.provider][each.address.type], chosen=_chosen(recorded.get(address)))
        for address, each in desired.items()
    ]
    kinds = {name: provider_kind(name) for name in {each.provider for each in desired.values()}}
    cost = price((), ((each.provider, each.address.type, each.properties) for each in desired.values()), kinds)
    found = evaluate(rules, Subjects(subjects, recorded), PlanFacts(cost))
    return RulesReport(
        rules=describe_rules(rules), checked=len(subjects), violations=found.violations, unchecked=found.unchecked
    )


def _existing(known: Recorded, covered: Offers) -> Subject:
    return Subject(as_resource(known), covered[known.provider][known.address.type], chosen=_chosen(known))


def _wished(resource: Resource, change: Change | None, world: World, covered: Offers) -> Subject:
    kind = covered[resource.provider][resource.address.type]
    if change is None:
        return Subject(resource, kind)
    settled: dict[str, Any] = from_wire(change.after) if change.after else {}
    known = world.recorded.get(change.address)
    seen: dict[str, Any] = from_wire(change.before) if change.before and change.action in _LIVES_ON else {}
    return Subject(resource, kind, settled, _unset(seen, known.inputs if known else {}))


def _chosen(known: Recorded | None) -> dict[str, Any]:
    return _unset(known.properties, known.inputs) if known else {}


def _unset(properties: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider chose or computed: no wish of ours, now or before."""
    return {name: value for name, value in properties.items() if inputs.get(name) is None}
