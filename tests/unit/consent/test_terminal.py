"""The terminal: the whole plan, a phrase typed by a person, and only where there is a terminal."""

from __future__ import annotations

import io

import pytest

from engine.model.confirmation import Channel
from engine.model.errors import ConsentUnavailable, PlanSettled
from engine.model.plan import PlanStatus
from server.terminal_consent import confirm_at_terminal
from tests.unit.consent.paper import PaperOffice, paper_plan


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_yes_applies_a_plan_that_destroys_nothing(office: PaperOffice) -> None:
    plan, out = office.paper.file(paper_plan(user_data="#!/bin/sh\nreboot\n")), Terminal()
    run = confirm_at_terminal(office, "plan-1", stdin=Terminal("yes\n"), stdout=out)
    assert run is not None
    assert plan.digest in out.getvalue()
    assert "reboot" in out.getvalue()
    assert [each.channel for each in office.paper.spent] == [Channel.TERMINAL]


@pytest.mark.parametrize("typed", ["", "\n", "y\n", "YES\n", "no\n"])
def test_anything_else_applies_nothing_and_leaves_the_plan(office: PaperOffice, typed: str) -> None:
    office.paper.file(paper_plan())
    assert confirm_at_terminal(office, "plan-1", stdin=Terminal(typed), stdout=Terminal()) is None
    assert office.paper.plan("plan-1").status is PlanStatus.PENDING


def test_destroying_takes_the_workspaces_name(office: PaperOffice) -> None:
    office.paper.file(paper_plan(destroys=True))
    assert confirm_at_terminal(office, "plan-1", stdin=Terminal("yes\n"), stdout=Terminal()) is None
    assert confirm_at_terminal(office, "plan-1", stdin=Terminal("shop\n"), stdout=Terminal()) is not None


@pytest.mark.parametrize(("stdin", "stdout"), [(io.StringIO("yes\n"), Terminal()), (Terminal("yes\n"), io.StringIO())])
def test_a_pipe_is_no_person(office: PaperOffice, stdin: io.StringIO, stdout: io.StringIO) -> None:
    office.paper.file(paper_plan())
    with pytest.raises(ConsentUnavailable):
        confirm_at_terminal(office, "plan-1", stdin=stdin, stdout=stdout)
    assert office.paper.ran == []


def test_a_settled_plan_is_not_asked_about(office: PaperOffice) -> None:
    office.paper.file(paper_plan())
    office.paper.settle("plan-1", PlanStatus.DECLINED)
    with pytest.raises(PlanSettled):
        confirm_at_terminal(office, "plan-1", stdin=Terminal("yes\n"), stdout=Terminal())


def test_rules_that_leave_out_the_terminal_are_kept(office: PaperOffice) -> None:
    office.paper.file(paper_plan())
    office.paper.accepted = (Channel.PAGE,)
    with pytest.raises(ConsentUnavailable, match="--page"):
        confirm_at_terminal(office, "plan-1", stdin=Terminal("yes\n"), stdout=Terminal())
