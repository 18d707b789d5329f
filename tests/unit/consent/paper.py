"""An engine on paper: plans and runs in memory, spent once, as the real one promises."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from engine.facade import Engine
from engine.model.account import Account
from engine.model.action import Action
from engine.model.change import Change, Compensation
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConfirmationInvalid, NotFound, PlanSettled, PolicyDenied
from engine.model.plan import Plan, PlanStatus, Risk, RiskLevel
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from engine.model.run import Run, RunStatus
from server.office import Office

ASSISTANT = Principal(user="ada", door="stdio", client="a-client")


def paper_plan(name: str = "plan-1", *, destroys: bool = False, **after: Any) -> Plan:
    """One change of one server; what is given in `after` are its properties."""
    change = Change(
        address="server.web", action=Action.DELETE if destroys else Action.CREATE, provider="demo", reason="it is new",
        before={"image": "debian-12"} if destroys else None, after=None if destroys else {"image": "debian-12", **after},
        compensation=Compensation(possible=not destroys, text="delete it again"),
    )  # fmt: skip
    now = datetime.now(UTC)
    return Plan(
        id=name, workspace="shop", kind="change",  created_at=now, expires_at=now + timedelta(hours=1),
        by=ASSISTANT, serial=1, accounts=(Account(provider="demo", id="acme", region="north"),), changes=(change,),
        risk=Risk(level=RiskLevel.HIGH if destroys else RiskLevel.LOW), rollback="plan_rollback can undo 1 of 1 changes.",
    ).sealed()  # fmt: skip


class PaperEngine:
    def __init__(self) -> None:
        self.records: dict[str, PlanRecord] = {}
        self.spent: list[Confirmation] = []
        self.audit: list[tuple[str, dict[str, str]]] = []
        self.accepted: tuple[Channel, ...] = (Channel.ELICITATION, Channel.PAGE, Channel.TERMINAL)
        self._guard = threading.Lock()

    def file(self, plan: Plan) -> Plan:
        self.records[plan.id] = PlanRecord(id=plan.id, workspace=plan.workspace, status=PlanStatus.PENDING, plan=plan)
        return plan

    def plan(self, plan_id: str) -> PlanRecord:
        if plan_id not in self.records:
            raise NotFound(f"there is no plan {plan_id}.")
        return self.records[plan_id]

    def channels(self, plan: Plan) -> tuple[Channel, ...]:
        low = plan.risk.level is RiskLevel.LOW
        return tuple(channel for channel in self.accepted if low or channel is not Channel.ELICITATION)

    def apply(self, confirmation: Confirmation) -> Run:
        with self._guard:
            record = self.plan(confirmation.plan_id)
            if record.status is not PlanStatus.PENDING or record.plan is None:
                raise PlanSettled(f"plan {record.id} is {record.status.value}.")
            if record.plan.digest != confirmation.digest:
                raise ConfirmationInvalid(f"plan {record.id} is not what was confirmed.")
            if confirmation.channel not in self.channels(record.plan):
                raise PolicyDenied("not over this channel.")
            self.spent.append(confirmation)
            self.settle(record.id, PlanStatus.APPLIED, f"run-{len(self.spent)}")
        return self.run(f"run-{len(self.spent)}")

    def settle(self, plan_id: str, status: PlanStatus, run_id: str = "") -> None:
        self.records[plan_id] = self.records[plan_id].model_copy(update={"status": status, "run_id": run_id})

    def refuse(self, plan_id: str, by: Principal, channel: Channel) -> None:
        if self.plan(plan_id).status is not PlanStatus.PENDING:
            raise PlanSettled(f"plan {plan_id} is settled.")
        self.settle(plan_id, PlanStatus.DECLINED)
        self.record("plan.declined", by, plan=plan_id, channel=channel.value)

    def run(self, run_id: str) -> Run:
        plan_id = next(record.id for record in self.records.values() if record.run_id == run_id)
        return Run(
            id=run_id, plan_id=plan_id, workspace="shop", status=RunStatus.RUNNING, serial=2, created_at=datetime.now(UTC),
            total=1,
        )  # fmt: skip

    def record(self, event: str, by: Principal, **facts: str) -> None:
        self.audit.append((event, {"by": str(by), **facts}))

    def start_worker(self) -> None:
        """Nothing is carried out on paper."""

    @property
    def ran(self) -> list[str]:
        return [confirmation.plan_id for confirmation in self.spent]


class PaperOffice(Office):
    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        super().__init__(home, environment)
        self.paper = PaperEngine()

    def engine(self) -> Engine:
        return cast("Engine", self.paper)

    async def opened(self) -> Engine:
        return self.engine()
