"""A person's signature under a plan, at an interactive terminal: an approval, to be spent later by a pipeline."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TextIO

from engine.model.approval import Approval
from engine.model.confirmation import Channel
from engine.model.errors import ConsentUnavailable, PlanExpired, PlanSettled
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_file import PlanFile
from server.auth.signing_key import SigningKey
from server.office import Office
from server.phrase import need_terminal, typed_the_phrase

_FACT = "A plan is approved"


def approve_file(
    file: PlanFile, key: SigningKey, lasts: timedelta, *, stdin: TextIO, stdout: TextIO
) -> Approval | None:
    """Show the plan, ask for the phrase, sign; None where the person did not type it. Needs no home.

    Raises `ConsentUnavailable` and `PlanExpired`.
    """
    need_terminal(_FACT, stdin, stdout)
    plan = file.plan
    _check_fresh(plan)
    if not typed_the_phrase(plan, "approve", stdin, stdout):
        return None
    _check_fresh(plan)
    now = datetime.now(UTC)
    unsigned = Approval(
        id=f"approval-{secrets.token_hex(16)}", plan_id=plan.id, digest=file.digest, plan_file=file.sha256(),
        workspace=plan.workspace, accounts=plan.accounts, key=key.fingerprint,
        issued_at=now, expires_at=min(now + lasts, plan.expires_at),
    )  # fmt: skip
    return key.sign(unsigned)


def approve_stored(
    office: Office, plan_id: str, key: SigningKey, lasts: timedelta, *, stdin: TextIO, stdout: TextIO
) -> Approval | None:
    """The same for a plan of this home, which must be one that its rules and this key let be approved.

    Raises `ConsentUnavailable`, `PlanExpired`, `PlanSettled` and `ApprovalInvalid`.
    """
    need_terminal(_FACT, stdin, stdout)
    engine, person = office.engine(), office.person("cli")
    record = engine.plan(plan_id)
    plan = record.plan
    if plan is None or record.status is not PlanStatus.PENDING:
        raise PlanSettled(f"Plan {plan_id} is {record.status.value}.")
    if Channel.APPROVAL not in engine.channels(plan):
        raise ConsentUnavailable(
            "The rules of the home or the workspace don't accept an approval for this plan.",
            hint=f"Confirm it: `groundplan confirm {plan_id}`.",
        )
    engine.approver(key.fingerprint)
    approval = approve_file(PlanFile.of(plan), key, lasts, stdin=stdin, stdout=stdout)
    if approval is None:
        engine.record("plan.not_confirmed", person, plan=plan_id, channel=Channel.APPROVAL.value)
        return None
    engine.record(
        "plan.approved", person, plan=plan_id, digest=plan.digest, approval=approval.id, key=approval.key,
        expires=approval.expires_at.isoformat(),
    )  # fmt: skip
    return approval


def _check_fresh(plan: Plan) -> None:
    if plan.expires_at <= datetime.now(UTC):
        raise PlanExpired(f"Plan {plan.id} expired at {plan.expires_at:%Y-%m-%d %H:%M:%S} UTC.")
