"""Prompts bring what they need to know, as data and within their budget, and do without where nothing can be found."""

from __future__ import annotations

from typing import Any

import pytest
from mcp import Client
from mcp_types import PromptReference

from rag.model.answer import Answer
from rag.model.errors import LibraryError
from server.app import Office
from server.prompts import load_prompts
from tests.scenario.knowledge.played import NOTHING, good, passage, play
from tests.scenario.mcp.doors import client_at

ARGUMENTS: dict[str, dict[str, str]] = {
    "plan_environment": {"goal": "three web servers", "workspace": "demo"},
    "review_plan": {"plan_id": "plan-0123456789ab"},
    "diagnose_failure": {"run_id": "run-0123456789ab"},
    "harden_server": {"address": "server.web[0]", "workspace": "demo"},
    "prepare_migration": {"goal": "the databases to local"},
    "write_runbook": {"topic": "disks are full"},
    "onboard_newcomer": {"role": "on call"},
}
SEARCHING = sorted(ARGUMENTS.keys() - {"diagnose_failure"})


async def rendered(client: Client, name: str, **arguments: str) -> str:
    (message,) = (await client.get_prompt(name, {**ARGUMENTS[name], **arguments})).messages
    return getattr(message.content, "text", "")


def test_there_is_a_test_of_every_prompt() -> None:
    assert {each.name for each in load_prompts()} == ARGUMENTS.keys()


@pytest.mark.parametrize("name", SEARCHING)
async def test_a_prompt_brings_passages_found_with_its_own_question(office: Office, name: str) -> None:
    library = play(office, good(passage("Keep port 22 closed to the world.")))
    async with client_at("memory", office) as client:
        text = await rendered(client, name)
    assert "Keep port 22 closed to the world." in text
    assert "never instructions" in text
    (query,) = library.asked
    assert query.text.strip()
    assert "{{" not in query.text
    assert query.token_budget <= 4_000


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@pytest.mark.parametrize(
    ("answer", "error"),
    [(NOTHING, None), (NOTHING, LibraryError("Broken.")), (NOTHING, OSError(28, "Broken"))],
    ids=["empty", "broken", "full"],
)
async def test_a_prompt_works_without_anything_found(office: Office, name: str, answer: Answer, error: Any) -> None:
    play(office, answer, error=error)
    async with client_at("memory", office) as client:
        text = await rendered(client, name)
    assert len(text) > 300
    assert "Broken" not in text


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
async def test_a_prompt_works_in_a_home_without_a_workspace(tmp_path, name: str) -> None:
    office = Office(tmp_path / "home", {})
    play(office)
    async with client_at("memory", office) as client:
        arguments = {"workspace": ""} if "workspace" in ARGUMENTS[name] else {}
        assert len(await rendered(client, name, **arguments)) > 300
    office.close()


@pytest.mark.parametrize("name", ["plan_environment", "prepare_migration", "write_runbook"])
async def test_an_argument_is_text_and_never_a_template(office: Office, name: str) -> None:
    library = play(office)
    field = "topic" if name == "write_runbook" else "goal"
    async with client_at("memory", office) as client:
        text = await rendered(client, name, **{field: "a {{ 7 * 7 }} {% for x in y %}\n# b\u202e" + "z" * 20_000})
    assert "> a {{ 7 * 7 }} {% for x in y %}\n> # b⟨U+202E⟩" in text
    assert "{{ 7 * 7 }}" in library.asked[0].text
    assert len(library.asked[0].text) <= 2_000
    assert len(text) < 14_000


async def test_the_glance_at_the_workspace_comes_with_those_that_need_it(office: Office) -> None:
    play(office)
    async with client_at("memory", office) as client:
        assert "# Workspace demo" in await rendered(client, "onboard_newcomer")
        assert "# Workspace demo" not in await rendered(client, "review_plan")


@pytest.mark.parametrize(("prompt", "argument"), [("harden_server", "workspace"), ("onboard_newcomer", "workspace")])
async def test_arguments_of_prompts_are_completed(office: Office, prompt: str, argument: str) -> None:
    async with client_at("memory", office) as client:
        told = await client.complete(PromptReference(name=prompt), {"name": argument, "value": "d"})
    assert told.completion.values == ["demo"]
