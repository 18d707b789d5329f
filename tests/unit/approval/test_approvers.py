"""Whose signature counts, for what, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.model.account import Account
from engine.model.approval import Approval
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ApprovalInvalid, ConfirmationInvalid
from engine.model.plan import Plan
from engine.model.principal import Principal
from engine.policy.approvers import Approvers
from engine.state.database import Database
from engine.state.facts import Facts
from tests.unit.approval.signed import PLAN, approval_of, approvers_at, new_key
from tests.unit.consent.paper import paper_plan

pytestmark = [pytest.mark.promise("APPROVAL-1")]

ADA, BOB = new_key(), new_key()
HOUR = timedelta(hours=1)


def _yes(plan: Plan, approval: Approval | None, name: str = "ada") -> Confirmation:
    return Confirmation(plan.id, plan.digest, Channel.APPROVAL, Principal(user=name, door="approval"), approval)


def _refused(approvers: Approvers, plan: Plan, approval: Approval, words: str) -> None:
    with pytest.raises(ApprovalInvalid, match=words):
        approvers.check(_yes(plan, approval), plan)


def test_a_listed_and_accepted_key_approves(tmp_path: Path) -> None:
    plan = paper_plan(PLAN)
    approvers_at(tmp_path, {"ada": ADA[1]}).check(_yes(plan, approval_of(plan, ADA[0])), plan)


def test_an_unlisted_key_does_not(tmp_path: Path) -> None:
    plan = paper_plan(PLAN)
    _refused(
        approvers_at(tmp_path, {"ada": ADA[1]}), plan, approval_of(plan, BOB[0]), "not among this home's approvers"
    )


@pytest.mark.promise("APPROVAL-3")
def test_a_listed_key_that_nobody_accepted_does_not(tmp_path: Path) -> None:
    plan, approvers = paper_plan(PLAN), approvers_at(tmp_path, {"ada": ADA[1]}, accepted=False)
    _refused(approvers, plan, approval_of(plan, ADA[0]), "nobody accepted it yet")
    approvers.accept()
    approvers.check(_yes(plan, approval_of(plan, ADA[0])), plan)


@pytest.mark.promise("APPROVAL-3")
@pytest.mark.parametrize("listed", [{"ada": BOB[1]}, {"bob": BOB[1]}, {"bob": ADA[1]}])
def test_another_name_or_key_in_the_file_has_to_be_accepted_anew(tmp_path: Path, listed: dict[str, str]) -> None:
    plan = paper_plan(PLAN)
    approvers_at(tmp_path, {"ada": ADA[1]})
    later = approvers_at(tmp_path, listed, accepted=False)
    assert [each.name for each in later.waiting] == [*listed]
    for key in (ADA[0], BOB[0]):
        with pytest.raises(ApprovalInvalid):
            later.check(_yes(plan, approval_of(plan, key)), plan)


@pytest.mark.promise("APPROVAL-3")
def test_whoever_was_taken_off_the_list_has_to_be_accepted_anew(tmp_path: Path) -> None:
    facts = Facts(Database.open("", tmp_path))
    Approvers(facts, {"ada": ADA[1], "bob": BOB[1]}).accept()
    assert Approvers(facts, {"bob": BOB[1]}).forget_unlisted() == ("ada",)
    back = Approvers(facts, {"ada": ADA[1], "bob": BOB[1]})
    assert back.forget_unlisted() == ()
    assert [each.name for each in back.waiting] == ["ada"]


def test_a_signature_of_another_under_an_approvers_name_does_not_count(tmp_path: Path) -> None:
    plan, approvers = paper_plan(PLAN), approvers_at(tmp_path, {"ada": ADA[1], "bob": BOB[1]})
    _refused(approvers, plan, approval_of(plan, BOB[0], key=ADA[0].fingerprint), "signature is not ada's")
    for signature in ("", "0" * 128, "f" * 128, approval_of(plan, ADA[0]).signature):
        forged = approval_of(plan, ADA[0]).model_copy(update={"signature": signature})
        _refused(approvers, plan, forged, "signature is not ada's")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"expires_at": datetime.now(UTC) - timedelta(seconds=1)}, "expired at"),
        ({"expires_at": datetime.now(UTC) + 50 * HOUR}, "outlives its plan"),
        ({"issued_at": datetime.now(UTC) + HOUR}, "from the future"),
        ({"plan_id": "plan-ba9876543210"}, "for something else"),
        ({"workspace": "prod"}, "for something else"),
        ({"accounts": ()}, "for something else"),
        ({"accounts": (Account(provider="demo", id="evil", region="north"),)}, "for something else"),
        ({"digest": "0" * 64}, "for something else"),
        ({"plan_file": "0" * 64}, "another text"),
    ],
)
def test_an_honest_signature_under_something_else_does_not_count(tmp_path: Path, other: Any, words: str) -> None:
    plan = paper_plan(PLAN)
    _refused(approvers_at(tmp_path, {"ada": ADA[1]}), plan, approval_of(plan, ADA[0], **other), words)


def test_an_approval_is_for_the_plan_as_it_was_shown(tmp_path: Path) -> None:
    plan = paper_plan(PLAN)
    later = plan.model_copy(update={"expires_at": plan.expires_at + HOUR}).sealed()
    assert later.digest == plan.digest
    _refused(approvers_at(tmp_path, {"ada": ADA[1]}), later, approval_of(plan, ADA[0]), "another text")


def test_an_approval_and_its_channel_go_together(tmp_path: Path) -> None:
    plan, approvers = paper_plan(PLAN), approvers_at(tmp_path, {"ada": ADA[1]})
    with pytest.raises(ConfirmationInvalid, match="goes with its own channel"):
        approvers.check(_yes(plan, None), plan)
    person = Principal(user="ada", door="cli")
    for channel in set(Channel) - {Channel.APPROVAL}:
        approvers.check(Confirmation(plan.id, plan.digest, channel, person), plan)
        with pytest.raises(ConfirmationInvalid, match="goes with its own channel"):
            approvers.check(Confirmation(plan.id, plan.digest, channel, person, approval_of(plan, ADA[0])), plan)


def test_the_confirmation_is_the_approvers_and_nobody_elses(tmp_path: Path) -> None:
    plan, approvers = paper_plan(PLAN), approvers_at(tmp_path, {"ada": ADA[1]})
    with pytest.raises(ConfirmationInvalid, match="by ada"):
        approvers.check(_yes(plan, approval_of(plan, ADA[0]), "mallory"), plan)
