"""The proposer: from a request to a Plan, each room of the corridor called once, in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.model.change import Change
from engine.model.errors import Invalid, Refused
from engine.model.plan import Cost, Plan, Risk
from engine.model.principal import Principal
from engine.model.request import PlanChange, PlanDestroy, PlanRollback, PlanRun, PlanSettings, PlanWorkspace, Request
from engine.model.resource import Observed, Recorded
from engine.model.run import RunStatus
from engine.model.workspace import Workspace
from engine.observation.observe import observe
from engine.planner.aim import Aim, ManifestPlace, aim_at_destruction, aim_at_manifest, aim_at_rest, aim_at_rollback
from engine.planner.home_aim import HomeAim
from engine.planner.home_plans import aim_at_cancel, aim_at_workspace
from engine.planner.make_plan import Draft, compare, make_plan, sealed_plan
from engine.planner.promotion import Side, promoted_files, promotion_words
from engine.planner.risk import judge_risk
from engine.planner.rule_check import judge_plan
from engine.planner.settings_plan import aim_at_settings, settings_risk
from engine.planner.world import LooseObject, World
from engine.policy.decide import decide
from engine.policy.rules.plan_demands import PlanFacts
from engine.policy.rules.rule_file import load_rules
from engine.policy.ruling import Ruling
from engine.providers.contract import Provider
from engine.registry.providers import offers, provider_kind
from engine.registry.signing_in import SignIn
from engine.secrets.ssh_keys import public_key
from engine.settings.configuration import Configuration
from engine.settings.consent_rules import ConsentRules
from engine.state.plans import Plans, expires
from engine.state.resources import Resources
from engine.state.runs import Runs
from engine.state.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class Proposer:
    """Reads stores, settings and manifests, and signs in to providers; changes nothing."""

    workspaces: Workspaces
    resources: Resources
    plans: Plans
    runs: Runs
    sign_in: SignIn
    configuration: Configuration
    worker: Callable[[], str]

    async def propose(self, plan_id: str, workspace: str, request: Request, by: Principal, rules: ConsentRules) -> Plan:
        """A sealed plan. Raises `Invalid`, `NotFound`, `Refused` or `ProviderError`."""
        draft = Draft(
            id=plan_id,
            workspace=workspace,
            uid="",
            kind="change",
            by=by,
            serial=0,
            expires_at=expires(rules.expires_minutes),
        )
        if isinstance(request, PlanWorkspace):
            return self._about_workspace(draft, request, rules)
        if isinstance(request, PlanRun) and request.op == "cancel":
            return self._about_cancel(draft, request, rules)
        if isinstance(request, PlanSettings):
            return self._about_settings(draft, request, rules)
        return await self._about_resources(draft, request, rules)

    async def _about_resources(self, draft: Draft, request: Request, rules: ConsentRules) -> Plan:
        place = self.workspaces.get(draft.workspace)
        own_rules = load_rules(Path(place.path), offers())
        recorded = {str(each.address): each for each in self.resources.all(place.name)}
        aim = self._aim(request, place, recorded)
        loose = self.resources.loose_ends(place.name)
        names = {each.provider for each in (*recorded.values(), *aim.desired.values(), *loose)}
        async with self.sign_in.open(place.name, names) as providers:
            world = await self._world(place, recorded, aim, loose, providers)
            accounts = tuple([await providers[name].account() for name in sorted(providers)])
        draft = replace(
            draft, uid=self.workspaces.uid(place.name), kind=aim.kind, serial=place.serial, subject=aim.subject,
            accounts=accounts, files=aim.files, warnings=aim.warnings,
        )  # fmt: skip
        changes = compare(draft, offers(), aim.desired, world, aim.scope)
        kinds = {name: provider_kind(name) for name in names}

        def judge(made: Sequence[Change], risk: Risk, cost: Cost) -> Ruling:
            verdict = judge_plan(own_rules, aim, world, changes, PlanFacts(cost, made))
            return Ruling(decide(made, recorded, risk, rules, verdict), verdict.warnings)

        return make_plan(draft, changes, world, kinds, judge)

    def _aim(self, request: Request, place: Workspace, recorded: Mapping[str, Recorded]) -> Aim:
        match request:
            case PlanChange():
                return self._aim_at_manifest(request, place, recorded)
            case PlanDestroy():
                return aim_at_destruction(request, recorded)
            case PlanRollback(run_id=run_id) | PlanRun(run_id=run_id):
                return self._aim_at_run(request, run_id, place, recorded)
            case PlanWorkspace() | PlanSettings():
                raise Invalid("a request about the home is not about resources.")

    def _aim_at_manifest(self, request: PlanChange, place: Workspace, recorded: Mapping[str, Recorded]) -> Aim:
        key, settings = public_key(self.sign_in.home, place.name), self.configuration.of(place)
        manifest = ManifestPlace(Path(place.path), settings.planning.provider)
        if not request.promote_from:
            return aim_at_manifest(request, manifest, offers(), recorded, key)
        other = self.workspaces.get(request.promote_from)
        source, target = Side(other, self.configuration.of(other)), Side(place, settings)
        manifest = replace(manifest, instead=promoted_files(source, target, offers()))
        aim = aim_at_manifest(request, manifest, offers(), recorded, key)
        runs = self.runs.page(other.name, "", 20).items
        return replace(aim, subject=other.name, warnings=(*aim.warnings, *promotion_words(source, target, runs)))

    def _aim_at_run(self, request: Any, run_id: str, place: Workspace, recorded: Mapping[str, Recorded]) -> Aim:
        run = self.runs.get(run_id)
        plan = self.plans.get(run.plan_id).plan
        if run.workspace != place.name or plan is None:
            raise Invalid(f"run {run_id} is not of workspace {place.name}.")
        if not run.status.is_over:
            raise Refused(
                f"run {run_id} is {run.status.value}.", hint="Wait for it with get_run, or cancel it with plan_run."
            )
        if plan.kind in ("workspace", "settings", "cancel"):
            raise Refused(
                f"run {run_id} was about the home, not about resources.",
                hint="Use plan_workspace, plan_settings or plan_run.",
            )
        if isinstance(request, PlanRun):
            if run.status is RunStatus.ROLLED_BACK:
                raise Refused(f"run {run_id} was rolled back.", hint="Plan the change again.")
            if run.resumed_by:
                raise Refused(f"run {run_id} was resumed by {run.resumed_by}.", hint="Look at that one.")
            return aim_at_rest(run, plan, recorded, Path(place.path))
        touched = {
            step.address for step in run.steps if step.status.value == "done" and not step.address.startswith("file:")
        }
        past = {address: self.resources.past(place.name, address, run.serial) for address in sorted(touched)}
        return aim_at_rollback(run, plan, past, recorded, Path(place.path))

    async def _world(
        self,
        place: Workspace,
        recorded: Mapping[str, Recorded],
        aim: Aim,
        loose: Sequence[Any],
        providers: Mapping[str, Provider],
    ) -> World:
        adopted: dict[str, Observed] = {}
        for address, (provider, object_id) in aim.adoptions.items():
            seen = await providers[provider].read(address.partition(".")[0], object_id)
            if seen is None:
                raise Invalid(f"{provider} has no such object {object_id[:80]!r}.", address=address)
            adopted[address] = seen
        return World(
            recorded=recorded, observed=await observe(recorded.values(), providers), adopted=adopted,
            loose=await _found(loose, recorded, providers), incarnations=self.resources.incarnations(place.name),
        )  # fmt: skip

    def _about_workspace(self, draft: Draft, request: PlanWorkspace, rules: ConsentRules) -> Plan:
        registered = self.workspaces.all(archived=True)
        aim = aim_at_workspace(request, self.sign_in.home, registered)
        name = aim.subject or request.name
        serial = next((each.serial for each in registered if each.name == name), 0)
        return _about_home(replace(draft, workspace=name, kind="workspace", serial=serial, subject=name), aim, rules)

    def _about_settings(self, draft: Draft, request: PlanSettings, rules: ConsentRules) -> Plan:
        place = self.workspaces.get(draft.workspace) if draft.workspace else None
        rehearsal = self.configuration.rehearse(place, request)
        draft = replace(draft, kind="settings", serial=place.serial if place else 0)
        return _about_home(draft, aim_at_settings(rehearsal, self.worker()), rules, settings_risk(rehearsal))

    def _about_cancel(self, draft: Draft, request: PlanRun, rules: ConsentRules) -> Plan:
        run = self.runs.get(request.run_id)
        aim = aim_at_cancel(run)
        serial = self.workspaces.get(run.workspace).serial
        draft = replace(
            draft, workspace=run.workspace, kind="cancel", serial=serial, subject=run.id, accounts=run.accounts
        )
        return _about_home(draft, aim, rules)


async def _found(
    loose: Sequence[Any], recorded: Mapping[str, Recorded], providers: Mapping[str, Provider]
) -> dict[str, LooseObject]:
    """The objects that unanswered creates left behind after all."""
    found: dict[str, LooseObject] = {}
    for end in loose:
        seen = await providers[end.provider].find(end.type, end.key)
        held = recorded.get(end.address)
        if seen is not None and (held is None or held.id != seen.id):
            found[end.address] = LooseObject(end.address, end.provider, end.key, seen)
    return found


def _about_home(draft: Draft, aim: HomeAim, rules: ConsentRules, risk: Risk | None = None) -> Plan:
    def judge(made: Sequence[Change], risk: Risk, _: Cost) -> Ruling:
        return Ruling(decide(made, {}, risk, rules))

    draft = replace(draft, files=aim.files, warnings=aim.warnings)
    return sealed_plan(draft, aim.changes, aim.steps, risk or judge_risk(aim.changes, 0), judge)
