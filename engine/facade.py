"""class Engine: the verbs every door calls. It authorizes, does and records; it renders nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.advice.advisor import Advisor
from engine.audit.log import AuditLog
from engine.bundle import export_bundle, read_bundle
from engine.catalogue import describe
from engine.contracts import contract_files
from engine.detector.detector import Detector
from engine.manifest import providers_in
from engine.model.account import Account
from engine.model.bundle import Bundle
from engine.model.chronicle import Chronicle
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import GroundplanError
from engine.model.failure_account import FailureAccount
from engine.model.plan import Plan
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from engine.model.query import AuditVerdict, DriftReport, Page, ResourceQuery, ResourceView
from engine.model.request import Request
from engine.model.resource import Recorded
from engine.model.rules_report import RulesReport, RuleSummary
from engine.model.run import Run
from engine.model.setting import CompletedSetting, Setting, SettingsCheck
from engine.model.state_answer import StateAnswer
from engine.model.workspace import Workspace
from engine.model.workspace_digest import WorkspaceDigest
from engine.orchestrator.conductor import Conductor
from engine.orchestrator.retry import RetryRule
from engine.orchestrator.worker import Worker
from engine.planner.aim import ManifestPlace
from engine.planner.proposer import Proposer
from engine.planner.rule_check import check_manifest, summaries
from engine.policy.approvers import Approvers
from engine.policy.confirmable import check_same_rules, confirmed_plan
from engine.policy.standing_rules import StandingRules
from engine.proposals import Proposals
from engine.questions.asker import Asker
from engine.questions.stores import Stores
from engine.registry.providers import offers, provider_names
from engine.registry.signing_in import SignIn
from engine.registry.templates import write_template
from engine.secrets.keys import home_key
from engine.secrets.ssh_keys import public_key
from engine.settings.configuration import Configuration
from engine.settings.consent_rules import ConsentRules
from engine.state.database import Database
from engine.state.facts import Facts
from engine.state.findings import Findings
from engine.state.plans import Plans
from engine.state.resources import Resources
from engine.state.runs import Runs
from engine.state.transfer import Transfer
from engine.state.watch import watch
from engine.state.workspaces import Workspaces

_STEPS_READ_A_SECOND = 5000


class Engine:
    """One home's engine. Any number of processes may open the same home."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self._configuration = Configuration(home, environment)
        settings = self._settings = self._configuration.home()
        self._database = Database.open(settings.database, home / "state")
        facts = Facts(self._database)
        self._workspaces, self._resources = Workspaces(self._database), Resources(self._database)
        self._plans, self._runs = Plans(self._database), Runs(self._database)
        self._sign_in = SignIn(home, settings.providers, environment)
        self._audit = AuditLog(home / "audit" / "audit.jsonl", home_key(home, "audit"), facts)
        self._rules = StandingRules(facts, settings.consent, Approvers(facts, settings.approvers))
        self._forget_approvers()
        self._detector = Detector(self._resources, Findings(self._database), self._sign_in)
        proposer = Proposer(
            self._workspaces, self._resources, self._plans, self._runs, self._sign_in, self._configuration,
            lambda: str(self._worker.status()["lease_owner"]),
        )  # fmt: skip
        self._proposals = Proposals(proposer, self._plans, self._audit, self._rules_of, settings.plan_seconds)
        rule = RetryRule(settings.worker.retry_attempts, settings.worker.retry_base_seconds)
        conductor = Conductor(self._database, self._plans, self._audit, self._sign_in, rule)
        self._worker = Worker(self._database, conductor, settings)
        self._asker = Asker(Stores.of(self._database, self._audit), settings)
        self.advice = Advisor(home, environment, settings.providers, self._configuration.of, self._resources.all)

    @classmethod
    def open(cls, home: Path, environment: Mapping[str, str]) -> Engine:
        """Makes folders and databases on first use. Raises `ManifestInvalid` for a wrong config.toml."""
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(home, environment)

    def close(self) -> None:
        self._worker.stop()
        self._proposals.close()
        self._database.close()

    # Workspaces and resources

    def workspaces(self, *, archived: bool = False) -> list[Workspace]:
        return self._workspaces.all(archived=archived)

    def workspace(self, name: str | None = None) -> Workspace:
        """The named one, or the active one. Raises `NotFound`."""
        return self._workspaces.get(name)

    def resources(self, workspace: str, query: ResourceQuery, *, cursor: str = "", limit: int = 50) -> Page[Recorded]:
        return self._resources.find(workspace, query, cursor, limit)

    def resource(self, workspace: str, address: str) -> ResourceView:
        return self._resources.get(workspace, address)

    def describe(self, topic: str = "") -> dict[str, Any]:
        """The catalogue: "" an overview; a provider; a type; "provider.type" with its JSON schema; or a service."""
        return describe(topic)

    def contract_files(self) -> dict[str, str]:
        """What manifests and settings may say, by file name: JSON schemas for editors, and the contracts of Nickel."""
        return contract_files()

    async def accounts(self, workspace: str) -> tuple[Account, ...]:
        """Who we are at each provider that the workspace has resources of, or that its manifest names."""
        names = await asyncio.to_thread(self._providers_of, self._workspaces.get(workspace))
        async with self._sign_in.open(workspace, names) as providers:
            return tuple([await provider.account() for provider in providers.values()])

    def export(self, workspace: str, target: Path, by: Principal) -> Bundle:
        """Write a workspace's files and state into a new file, without secrets. Raises `Refused` or `Invalid`."""
        place = self._workspaces.get(workspace)
        made = export_bundle(place, Transfer(self._database).rows(place.name), offers(), target)
        self.record("workspace.exported", by, workspace=place.name, bundle=made.sha256)
        return made

    def bundle(self, path: Path) -> Bundle:
        """What a bundle holds, checked whole. Raises `Invalid`."""
        return read_bundle(path).bundle

    async def drift(self, workspace: str) -> DriftReport:
        """Compare what the last runs left with what the providers report now; what is found is kept as the latest."""
        return await self._detector.check(self._workspaces.get(workspace))

    # Settings

    def settings(self, workspace: str | None, query: str = "", *, environment: str = "") -> list[Setting]:
        """All, or those that a key's beginning or words name; with no workspace the home's alone."""
        return self._configuration.all(self._place(workspace), query, environment)

    def setting(self, workspace: str | None, key: str, *, environment: str = "") -> Setting:
        """One, with what every layer says of it. Raises `NotFound`."""
        return self._configuration.one(self._place(workspace), key, environment)

    def check_settings(self, workspace: str | None, given: Mapping[str, Any]) -> SettingsCheck:
        """Every problem that a configuration would have, on top of what the files say."""
        return self._configuration.check(self._place(workspace), given)

    def complete_settings(self, workspace: str | None, given: Mapping[str, Any]) -> list[CompletedSetting]:
        """A whole configuration out of a part of one. Raises `ManifestInvalid`."""
        place = self._place(workspace)
        return self._configuration.complete(place, given, self._providers_of(place) if place else ())

    def rules(self, workspace: str) -> tuple[RuleSummary, ...]:
        """What `policies/rules.yaml` demands. Raises `ManifestInvalid`."""
        return summaries(Path(self._workspaces.get(workspace).path))

    def check_rules(self, workspace: str) -> RulesReport:
        """The manifest as it stands, held against the workspace's rules. Raises `ManifestInvalid`."""
        place = self._workspaces.get(workspace)
        recorded = {str(each.address): each for each in self._resources.all(place.name)}
        manifest = ManifestPlace(Path(place.path), self._configuration.of(place).planning.provider)
        return check_manifest(manifest, recorded, public_key(self.home, place.name))

    # Questions

    def ask(self, workspace: str, question: str, *, now: datetime | None = None) -> StateAnswer | None:
        """The exact answer from the state store; None for what is no question about live state, or is not certain."""
        return self._asker.ask(self._workspaces.get(workspace), question, now)

    def explain(self, run_id: str) -> FailureAccount:
        """Why a run failed, by its journal and by what this workspace saw before, with the next call."""
        return self._asker.explain(self._workspaces.get(self._runs.get(run_id).workspace), run_id)

    def explain_text(self, workspace: str, text: str) -> FailureAccount:
        """What a pasted error is likely to mean here."""
        return self._asker.explain_text(self._workspaces.get(workspace), text)

    def digest(self, workspace: str) -> WorkspaceDigest:
        """The workspace at a glance, from state alone."""
        return self._asker.digest(self._workspaces.get(workspace))

    def chronicle(self, workspace: str) -> Chronicle:
        """What its past consists of: cheap to ask again and again."""
        return self._asker.chronicle(self._workspaces.get(workspace))

    # Plans

    def plan(self, plan_id: str) -> PlanRecord:
        return self._plans.get(plan_id)

    def plans(self, workspace: str, *, cursor: str = "", limit: int = 20) -> Page[PlanRecord]:
        return self._plans.page(workspace, cursor, limit)

    async def propose(self, workspace: str | None, request: Request, by: Principal) -> PlanRecord:
        """Store a plan and change nothing else. One that takes long is answered with status `planning`.

        Raises `Invalid`, `NotFound`, `Refused`, `PolicyDenied` or `ProviderError`, when it is known in time.
        """
        return await self._proposals.propose(workspace, request, by)

    async def wait_plan(self, plan_id: str, seconds: float) -> PlanRecord:
        """The record once its status or run moved, or after so many seconds."""
        await watch(lambda: self._plans.progress(plan_id), self._plans.progress(plan_id), seconds)
        return self._plans.get(plan_id)

    def channels(self, plan: Plan) -> tuple[Channel, ...]:
        """Those over which this plan may be confirmed, by the rules as they are now, weakest first."""
        return self._rules_of(plan.workspace).channels(plan.risk.level)

    # Acts

    def apply(self, confirmation: Confirmation) -> Run:
        """Spend the confirmation and insert the run, in one transaction; a worker takes it from there.

        Raises `PolicyDenied`, `ConfirmationInvalid`, `PlanSettled`, `PlanExpired`, `PlanStale` or `RunInProgress`.
        """
        record = self._plans.get(confirmation.plan_id)
        try:
            run_id = self._runs.spend(confirmation, self._confirmable(confirmation, record))
        except GroundplanError as refusal:
            self.record("plan.not_applied", confirmation.principal, plan=record.id, error=refusal.message)
            raise
        signed = {"approval": confirmation.approval.id} if confirmation.approval else {}
        self.record(
            "plan.confirmed", confirmation.principal,
            plan=record.id, digest=confirmation.digest, channel=confirmation.channel.value, run=run_id, **signed,
        )  # fmt: skip
        self._worker.nudge()
        return self._runs.get(run_id)

    def refuse(self, plan_id: str, by: Principal, channel: Channel) -> None:
        """A person said no: the plan ends."""
        self._plans.decline(plan_id)
        self.record("plan.declined", by, plan=plan_id, channel=channel.value)

    def run(self, run_id: str) -> Run:
        return self._runs.get(run_id)

    def runs(self, workspace: str, *, cursor: str = "", limit: int = 20) -> Page[Run]:
        return self._runs.page(workspace, cursor, limit)

    async def wait_run(self, run_id: str, seconds: float) -> Run:
        """The run once it moved, at once when it is over, or after so many seconds."""
        before = status, _, total = self._runs.progress(run_id)
        if not status.is_over:
            # Thousands of steps move all the time; to read them all at every move would slow the run down.
            pause = min(seconds, total / _STEPS_READ_A_SECOND)
            await watch(lambda: self._runs.progress(run_id)[0], status, pause)
            await watch(lambda: self._runs.progress(run_id), before, seconds - pause)
        return self._runs.get(run_id)

    # The home

    def record(self, event: str, by: Principal, **facts: str) -> None:
        """One audit line."""
        self._audit.append({"event": event, "by": str(by), **facts})

    def verify_audit(self) -> AuditVerdict:
        return self._audit.verify()

    def audit_tail(self, count: int = 20) -> list[dict[str, Any]]:
        return self._audit.last(count)

    def consent_rules(self) -> dict[str, Any]:
        """The rules in force, and in words where config.toml asks for looser ones that nobody accepted."""
        return self._rules.describe()

    def accept_consent_rules(self, by: Principal) -> None:
        """A person at a terminal or on the page lets the rules of config.toml count."""
        self.record("consent.accepted", by, rules="; ".join(self._rules.accept()))

    def approver(self, fingerprint: str) -> str:
        """The name of the approver with this key. Raises `ApprovalInvalid` for one that does not count here."""
        return self._rules.approvers.named(fingerprint).name

    def secret_key(self, name: str) -> bytes:
        return home_key(self.home, name)

    def ensure_demo_workspace(self) -> Workspace:
        """The ready workspace of a first start, on the simulated cloud, in the home's own folder."""
        known = self._workspaces.find("demo")
        if known is None:
            folder = self.home / "workspaces" / "demo"
            write_template("demo", "demo", folder)
            self._workspaces.add("demo", folder)
            if not any(each.active for each in self._workspaces.all()):
                self._workspaces.activate("demo")
            self._audit.append({"event": "workspace.created", "workspace": "demo", "by": "first start"})
        return self._workspaces.get("demo")

    def start_worker(self) -> None:
        self._worker.start()

    def stop_worker(self) -> bool:
        """Whether everything came to rest; if not, steps under way are found by the next worker."""
        return self._worker.stop()

    def worker_status(self) -> dict[str, Any]:
        return self._worker.status()

    def _confirmable(self, confirmation: Confirmation, record: PlanRecord) -> Plan:
        plan = confirmed_plan(confirmation, record, self.channels(record.plan) if record.plan else ())
        self._rules.approvers.check(confirmation, plan)
        check_same_rules(plan, self._folder(plan.workspace))
        return plan

    def _forget_approvers(self) -> None:
        for name in self._rules.approvers.forget_unlisted():
            self._audit.append({"event": "approver.dropped", "by": "config.toml", "approver": name})

    def _place(self, workspace: str | None) -> Workspace | None:
        return self._workspaces.get(workspace) if workspace else None

    def _providers_of(self, place: Workspace) -> set[str]:
        """Of what is recorded; where nothing is, those that the manifest and the settings name."""
        recorded = {each.provider for each in self._resources.all(place.name)}
        if recorded:
            return recorded
        known, default = set(provider_names()), self._configuration.of(place).planning.provider
        return ({default} & known) | providers_in(Path(place.path), known)

    def _rules_of(self, workspace: str) -> ConsentRules:
        return self._rules.for_workspace(self._configuration.consent(self._workspaces.find(workspace)))

    def _folder(self, workspace: str) -> Path | None:
        known = self._workspaces.find(workspace)
        return Path(known.path) if known else None
