"""A person's yes that was signed beforehand: `groundplan apply --plan-file FILE --approval FILE`. Nobody is asked."""

from __future__ import annotations

from pathlib import Path

from engine.model.approval import Approval
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import (
    ApprovalInvalid,
    ConsentUnavailable,
    GroundplanError,
    Invalid,
    NotFound,
    PlanExpired,
    PlanSettled,
)
from engine.model.plan import PlanStatus
from engine.model.plan_file import PlanFile
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from engine.model.run import Run
from server.office import Office
from server.plan_paper import read_approval, read_plan_file

DOOR = "approval"


def apply_approved(office: Office, plan_path: Path, approval_path: Path, workspace: str = "") -> Run:
    """Spend the approval on the plan that the file holds, which this home made. `workspace` is the one meant, if any.

    Raises `Invalid`, `ApprovalInvalid`, `ConsentUnavailable`, `PlanSettled`, `PlanExpired` and whatever `Engine.apply`
    refuses; every refusal is in the audit log.
    """
    engine, caller, plan_id = office.engine(), office.person("cli"), ""
    try:
        file = read_plan_file(plan_path)
        plan_id = file.plan.id
        approval = read_approval(approval_path)
        if workspace and workspace != file.plan.workspace:
            raise Invalid("The plan file is for another workspace than the one named.", hint="Leave --workspace out.")
        _check_known(_record(office, file), file)
        _check_same(file, approval)
        if Channel.APPROVAL not in engine.channels(file.plan):
            raise ConsentUnavailable(
                "The rules of the home or the workspace don't accept an approval for this plan.",
                hint=f"A person may confirm it: `groundplan confirm {plan_id}`.",
            )
        person = Principal(user=engine.approver(approval.key), door=DOOR, client=caller.user)
    except GroundplanError as refusal:
        engine.record("approval.refused", caller, plan=plan_id, error=refusal.message)
        raise
    return engine.apply(Confirmation(plan_id, approval.digest, Channel.APPROVAL, person, approval))


def _record(office: Office, file: PlanFile) -> PlanRecord:
    try:
        return office.engine().plan(file.plan.id)
    except NotFound:
        raise Invalid(
            f"This home never made plan {file.plan.id}.",
            hint="Plan and apply on the same home: `groundplan plan --out FILE`, then have that plan approved.",
        ) from None


def _check_known(record: PlanRecord, file: PlanFile) -> None:
    if record.status is PlanStatus.APPLIED:
        raise PlanSettled(
            f"Plan {record.id} was applied before: run {record.run_id}.",
            hint=f"Follow it with `groundplan runs {record.run_id} --follow`.",
        )
    if record.status is PlanStatus.EXPIRED:
        raise PlanExpired(f"Plan {record.id} expired before it was applied.")
    if record.plan is None or record.status is not PlanStatus.PENDING:
        raise PlanSettled(f"Plan {record.id} is {record.status.value}.")
    if PlanFile.of(record.plan).sha256() != file.sha256():
        raise Invalid(
            f"The plan file is not the plan {record.id} that this home made.",
            hint="Use the file as `groundplan plan --out` wrote it.",
        )


def _check_same(file: PlanFile, approval: Approval) -> None:
    if (approval.plan_id, approval.plan_file) != (file.plan.id, file.sha256()):
        raise ApprovalInvalid(f"The approval is for another plan file than that of {file.plan.id}.")
