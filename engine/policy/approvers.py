"""The approvers in force: those that the home lists, as far as a person accepted name and key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from engine.model.approval import Approval
from engine.model.approver import Approver, read_public_key
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ApprovalInvalid, ConfirmationInvalid
from engine.model.plan import Plan
from engine.model.plan_file import PlanFile
from engine.state.facts import Facts

_ACCEPTED = "accepted_approvers"
# By so much two machines' clocks may differ.
_SKEW = timedelta(minutes=5)


class Approvers:
    """`listed` is config.toml's table. A line in a file alone gives nobody a say."""

    def __init__(self, facts: Facts, listed: Mapping[str, str]) -> None:
        self._facts = facts
        self._listed = tuple(Approver(name, read_public_key(line)) for name, line in sorted(listed.items()))

    @property
    def waiting(self) -> tuple[Approver, ...]:
        """Listed, and not accepted yet."""
        accepted = self._accepted()
        return tuple(each for each in self._listed if accepted.get(each.name) != each.fingerprint)

    def accept(self) -> None:
        """Let the listed keys count from now on, and no others."""
        self._facts.set(_ACCEPTED, {each.name: each.fingerprint for each in self._listed})

    def forget_unlisted(self) -> tuple[str, ...]:
        """Whoever was taken off the list has to be accepted anew to come back; the names that were."""
        accepted, listed = self._accepted(), {each.name: each.fingerprint for each in self._listed}
        kept = {name: key for name, key in accepted.items() if listed.get(name) == key}
        if kept != accepted:
            self._facts.set(_ACCEPTED, kept)
        return tuple(sorted(accepted.keys() - kept.keys()))

    def named(self, fingerprint: str) -> Approver:
        """Raises `ApprovalInvalid` for a key that does not count here."""
        found = next((each for each in self._listed if each.fingerprint == fingerprint), None)
        if found is None:
            raise ApprovalInvalid(
                f"The key {fingerprint} is not among this home's approvers.",
                hint="List its public half under [approvers] in config.toml, then `groundplan consent accept`.",
            )
        if found in self.waiting:
            raise ApprovalInvalid(
                f"The key of {found} is listed, but nobody accepted it yet.",
                hint="A person does so at a terminal: `groundplan consent accept`.",
            )
        return found

    def describe(self) -> list[dict[str, Any]]:
        waiting = self.waiting
        return [{"name": each.name, "key": each.fingerprint, "accepted": each not in waiting} for each in self._listed]

    def check(self, confirmation: Confirmation, plan: Plan) -> None:
        """What was signed is this plan, by a key that counts, and in time; nothing to check on other channels.

        Raises `ApprovalInvalid` or `ConfirmationInvalid`.
        """
        approval = confirmation.approval
        if (approval is None) is (confirmation.channel is Channel.APPROVAL):
            raise ConfirmationInvalid("An approval goes with its own channel, and that channel with an approval.")
        if approval is None:
            return
        approver = self.named(approval.key)
        _check_signature(approval, approver)
        _check_time(approval, plan)
        _check_subject(approval, plan)
        if (confirmation.principal.user, confirmation.digest) != (approver.name, approval.digest):
            raise ConfirmationInvalid(
                f"The approval is by {approver.name}, and for another digest or person it is none."
            )

    def _accepted(self) -> dict[str, str]:
        return self._facts.get(_ACCEPTED, {})


def _check_signature(approval: Approval, approver: Approver) -> None:
    try:
        signature = bytes.fromhex(approval.signature)
        Ed25519PublicKey.from_public_bytes(approver.key).verify(signature, approval.signed_bytes())
    except (InvalidSignature, ValueError):
        raise ApprovalInvalid(f"The signature is not {approver.name}'s under this approval: it was changed.") from None


def _check_time(approval: Approval, plan: Plan) -> None:
    now = datetime.now(UTC)
    if approval.expires_at <= now:
        raise ApprovalInvalid(f"The approval expired at {approval.expires_at:%Y-%m-%d %H:%M:%S} UTC.")
    if approval.expires_at > plan.expires_at:
        raise ApprovalInvalid("The approval says that it outlives its plan.")
    if approval.issued_at > now + _SKEW:
        raise ApprovalInvalid(
            f"The approval is from the future: {approval.issued_at:%Y-%m-%d %H:%M:%S} UTC.",
            hint="Set the clocks of both machines, then approve anew.",
        )


def _check_subject(approval: Approval, plan: Plan) -> None:
    said = approval.plan_id, approval.workspace, approval.accounts, approval.digest
    if said != (plan.id, plan.workspace, plan.accounts, plan.computed_digest()):
        raise ApprovalInvalid(f"The approval is for something else than plan {plan.id} of workspace {plan.workspace}.")
    if approval.plan_file != PlanFile.of(plan).sha256():
        raise ApprovalInvalid(f"The person was shown another text than that of plan {plan.id}.")
