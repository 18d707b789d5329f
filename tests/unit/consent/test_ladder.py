"""The ladder, asked by a real MCP client in both eras: the client's form, the page, a refusal with words."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp.client import Client
from mcp.server.mcpserver import MCPServer
from mcp_types import ElicitRequestParams, ElicitRequestURLParams, ElicitResult

from engine.model.confirmation import Channel
from engine.model.plan import PlanStatus
from server.app import build_server
from server.http.pending import pending_pages
from tests.unit.consent.paper import PaperOffice, paper_plan

Era = Literal["auto", "legacy"]
eras = pytest.mark.parametrize("era", ["auto", "legacy"])


class Person:
    """Answers a client's forms."""

    def __init__(self, action: Literal["accept", "decline", "cancel"] = "accept", confirm: object = True) -> None:
        self.action: Literal["accept", "decline", "cancel"] = action
        self.content: Any = {"confirm": confirm} if action == "accept" else None
        self.opens_links = False
        self.asked: list[str] = []
        self.links: list[str] = []

    async def __call__(self, context: Any, params: ElicitRequestParams) -> ElicitResult:
        if isinstance(params, ElicitRequestURLParams):
            self.links.append(params.url)
            return ElicitResult(action="accept" if self.opens_links else "cancel")
        self.asked.append(params.message)
        return ElicitResult(action=self.action, content=self.content)


def server_of(office: PaperOffice) -> MCPServer[Any]:
    return build_server(office, wake=False)


async def apply(
    office: PaperOffice, era: Era, person: Person | None = None, more: dict[str, Any] | None = None
) -> tuple[bool, str, dict[str, Any]]:
    """(is it an error, its text, its structured content)"""
    async with Client(server_of(office), mode=era, elicitation_callback=person) as client:
        result = await client.call_tool("apply_plan", {"plan_id": "plan-1", **(more or {})})
    text = "".join(getattr(part, "text", "") for part in result.content)
    return bool(result.is_error), text, result.structured_content or {}


def with_browser(office: PaperOffice, tmp_path: Path) -> tuple[PaperOffice, Path]:
    notes, script = tmp_path / "notes", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" >> {shlex.quote(str(notes))}\n')
    script.chmod(0o700)
    return PaperOffice(office.home, {**office.environment, "BROWSER": str(script)}), notes


@eras
async def test_a_yes_in_the_clients_form_starts_the_run(office: PaperOffice, era: Era) -> None:
    plan, person = office.paper.file(paper_plan(user_data="#!/bin/sh\nreboot\n")), Person()
    error, text, answer = await apply(office, era, person)
    assert not error, text
    assert answer["run_id"] == "run-1"
    [question] = person.asked
    assert "reboot" in question
    assert plan.digest in question
    [confirmation] = office.paper.spent
    assert (confirmation.channel, confirmation.digest) == (Channel.ELICITATION, plan.digest)


@eras
@pytest.mark.parametrize("person", [Person("decline"), Person(confirm=False)], ids=["decline", "no"])
async def test_a_no_ends_the_plan(office: PaperOffice, era: Era, person: Person) -> None:
    office.paper.file(paper_plan())
    error, text, _ = await apply(office, era, person)
    assert error
    assert "declined" in text
    assert office.paper.plan("plan-1").status is PlanStatus.DECLINED
    assert office.paper.ran == []


@eras
async def test_a_dismissed_question_leaves_the_plan_pending(office: PaperOffice, era: Era) -> None:
    office.paper.file(paper_plan())
    error, text, _ = await apply(office, era, Person("cancel"))
    assert error
    assert "still pending" in text
    assert office.paper.plan("plan-1").status is PlanStatus.PENDING


@eras
@pytest.mark.parametrize("content", [{}, {"confirm": "perhaps"}, {"shown": "x"}, {"confirm": None}])
async def test_a_form_that_says_no_clear_yes_confirms_nothing(
    office: PaperOffice, era: Era, content: dict[str, Any]
) -> None:
    office.paper.file(paper_plan())
    person = Person()
    person.content = content
    error, _, _ = await apply(office, era, person)
    assert error
    assert office.paper.ran == []


@eras
async def test_the_form_is_not_enough_for_a_plan_that_destroys(office: PaperOffice, era: Era) -> None:
    office.paper.file(paper_plan(destroys=True))
    person = Person()
    error, text, _ = await apply(office, era, person)
    assert error
    assert "groundplan" in text
    assert "confirm plan-1` in a terminal" in text
    assert person.asked == []
    assert office.paper.ran == []


@eras
async def test_a_plan_too_long_for_the_form_is_not_asked_there(office: PaperOffice, era: Era) -> None:
    office.paper.file(paper_plan(user_data="#!/bin/sh\n" + "true\n" * 2000))
    person = Person()
    error, _, _ = await apply(office, era, person)
    assert error
    assert person.asked == []


@eras
async def test_an_expired_plan_is_not_applied_by_a_late_yes(office: PaperOffice, era: Era) -> None:
    plan = paper_plan()
    office.paper.file(plan.model_copy(update={"expires_at": datetime.now(UTC)}))
    error, text, _ = await apply(office, era, Person())
    assert error
    assert "expired" in text
    assert office.paper.ran == []


@eras
async def test_the_page_opens_one_window_however_often_it_is_asked_for(
    office: PaperOffice, era: Era, tmp_path: Path
) -> None:
    office, notes = with_browser(office, tmp_path)
    office.paper.file(paper_plan(destroys=True))
    for _ in range(3):
        error, text, answer = await apply(office, era, Person())
        assert not error, text
        assert answer["status"] == "awaiting_confirmation"
        assert answer.get("run_id") is None
        assert "wait_seconds 20" in answer["next"]
        assert "/confirm/open/" not in text + str(answer)
        assert "127.0.0.1" not in text + str(answer)
    assert len(notes.read_text().splitlines()) == 1
    assert office.paper.ran == []


@eras
async def test_a_void_page_is_asked_for_again(office: PaperOffice, era: Era, tmp_path: Path) -> None:
    office, notes = with_browser(office, tmp_path)
    office.paper.file(paper_plan())
    await apply(office, era)
    page = pending_pages(office).of_plan("plan-1")
    assert page is not None
    pending_pages(office).void(page, "void")
    await apply(office, era)
    assert len(notes.read_text().splitlines()) == 2


@eras
@pytest.mark.parametrize("name", ["confirm", "yes", "force", "token", "asked", "answer", "approved"])
async def test_no_argument_is_consent(office: PaperOffice, era: Era, name: str) -> None:
    office.paper.file(paper_plan())
    error, _, _ = await apply(office, era, more={name: True})
    assert error
    assert office.paper.ran == []


@eras
async def test_an_applied_plan_names_its_run_and_starts_no_other(office: PaperOffice, era: Era) -> None:
    office.paper.file(paper_plan())
    await apply(office, era, Person())
    error, text, _ = await apply(office, era, Person())
    assert error
    assert "run-1" in text
    assert office.paper.ran == ["plan-1"]


async def test_where_the_rules_leave_only_the_terminal_only_the_terminal_is_named(
    office: PaperOffice, tmp_path: Path
) -> None:
    office, notes = with_browser(office, tmp_path)
    office.paper.file(paper_plan())
    office.paper.accepted = (Channel.TERMINAL,)
    error, text, _ = await apply(office, "auto", Person())
    assert error
    assert "in a terminal" in text
    assert "--page" not in text
    assert not notes.exists()


async def test_where_the_rules_leave_only_an_approval_that_is_what_is_named(office: PaperOffice) -> None:
    office.paper.file(paper_plan())
    office.paper.accepted = (Channel.APPROVAL,)
    error, text, _ = await apply(office, "auto", Person())
    assert error
    assert "approve plan-1`" in text
    assert office.paper.ran == []


async def test_an_older_client_that_opens_links_is_handed_the_page(office: PaperOffice) -> None:
    office.paper.file(paper_plan(destroys=True))
    person = Person()
    person.opens_links = True
    error, text, answer = await apply(office, "legacy", person)
    assert not error, text
    assert answer["status"] == "awaiting_confirmation"
    [link] = person.links
    assert link.rpartition("/")[2] not in text + str(answer)
    assert office.paper.ran == []


async def test_a_link_that_the_client_dismissed_is_void(office: PaperOffice) -> None:
    office.paper.file(paper_plan(destroys=True))
    person = Person()
    error, _, _ = await apply(office, "legacy", person)
    assert error
    assert person.links
    assert not pending_pages(office).is_waiting("plan-1")
