"""A person's signature under a plan, at a terminal or on the page: an approval, to be spent later by a pipeline."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TextIO

from anyio import to_thread

from engine.model.approval import Approval
from engine.model.confirmation import Channel
from engine.model.errors import ConsentUnavailable, PlanExpired, PlanSettled
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_file import PlanFile
from engine.model.principal import Principal
from server.auth.signing_key import SigningKey
from server.http.asking import ask_in_window
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
    _check_fresh(file.plan)
    return _signed(file, key, lasts) if typed_the_phrase(file.plan, "approve", stdin, stdout) else None


def approve_stored(
    office: Office, plan_id: str, key: SigningKey, lasts: timedelta, *, stdin: TextIO, stdout: TextIO
) -> Approval | None:
    """The same for a plan of this home, which must be one that its rules and this key let be approved.

    Raises `ConsentUnavailable`, `PlanExpired`, `PlanSettled` and `ApprovalInvalid`.
    """
    need_terminal(_FACT, stdin, stdout)
    plan = _approvable(office, plan_id, key)
    approval = approve_file(PlanFile.of(plan), key, lasts, stdin=stdin, stdout=stdout)
    if approval is None:
        office.engine().record("plan.not_confirmed", office.person("cli"), plan=plan_id, channel=Channel.APPROVAL.value)
        return None
    _record(office, approval, office.person("cli"))
    return approval


async def approve_on_page(
    office: Office, plan_id: str, key: SigningKey, lasts: timedelta, tell: Callable[[str], None] | None = None
) -> Approval | None:
    """The same, with the plan and the question on the page in the person's browser; a refusal there ends the plan.

    Raises as `approve_stored` does.
    """
    plan = await to_thread.run_sync(_approvable, office, plan_id, key)
    made: list[Approval] = []

    def sign() -> str:
        approval = _signed(PlanFile.of(plan), key, lasts)
        _record(office, approval, office.person("page"))
        made.append(approval)
        return f"Signed with {key.fingerprint}. The command that opened this page writes the approval."

    await ask_in_window(office, plan, tell, sign)
    return made[0] if made else None


def _approvable(office: Office, plan_id: str, key: SigningKey) -> Plan:
    engine = office.engine()
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
    _check_fresh(plan)
    return plan


def _signed(file: PlanFile, key: SigningKey, lasts: timedelta) -> Approval:
    """Raises `PlanExpired` where the person took too long."""
    plan = file.plan
    _check_fresh(plan)
    now = datetime.now(UTC)
    unsigned = Approval(
        id=f"approval-{secrets.token_hex(16)}", plan_id=plan.id, digest=file.digest, plan_file=file.sha256(),
        workspace=plan.workspace, accounts=plan.accounts, key=key.fingerprint,
        issued_at=now, expires_at=min(now + lasts, plan.expires_at),
    )  # fmt: skip
    return key.sign(unsigned)


def _record(office: Office, approval: Approval, person: Principal) -> None:
    office.engine().record(
        "plan.approved", person, plan=approval.plan_id, digest=approval.digest, approval=approval.id,
        key=approval.key, expires=approval.expires_at.isoformat(),
    )  # fmt: skip


def _check_fresh(plan: Plan) -> None:
    if plan.expires_at <= datetime.now(UTC):
        raise PlanExpired(f"Plan {plan.id} expired at {plan.expires_at:%Y-%m-%d %H:%M:%S} UTC.")
