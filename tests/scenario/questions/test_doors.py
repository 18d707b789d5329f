"""Exact questions at the doors: what the engine answers is what an assistant and a person at a shell are told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import TextContent
from typer.testing import CliRunner

from server.cli.app import build_app
from server.cli.exits import Exit
from server.office import Office
from tests.scenario.engine.person import engine_at
from tests.scenario.mcp.doors import client_at
from tests.scenario.questions.seeded import Past, live_through, names_for, write_seeded_home
from tests.scenario.questions.templates import TEMPLATES, Template

SEED = 29
ASKED = TEMPLATES[::4]  # of every chapter some
# Nothing here is about passages, so no model is waited for.
NO_MODEL = '\n[index]\nembedder = "openai:none"\nembedder_url = "http://127.0.0.1:9/v1"\n'


@pytest.fixture(scope="module")
def past_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Past]:
    home = tmp_path_factory.mktemp("asked") / "home"
    names, count = names_for(SEED)
    write_seeded_home(home, names)
    (home / "config.toml").write_text((home / "config.toml").read_text() + NO_MODEL)
    with engine_at(home) as engine:
        past = asyncio.run(live_through(engine, names, count))
        lone = engine.resource("shop", f"server.{names['lone']}").recorded
        names |= {"ip": lone.properties["address"], "id": lone.id}
    return home, past


def wrong(past: Past, template: Template, state: dict[str, Any]) -> list[str]:
    """What of an answer is not as the seeded past says."""
    found: list[str] = []
    names = sorted(row["name"] for row in state["rows"])
    if template.names is not None and names != (wanted := sorted(template.names(past))):
        found.append(f"{names} instead of {wanted}")
    count = len(template.names(past)) if template.names else template.count(past) if template.count else state["count"]
    if state["count"] != count:
        found.append(f"{state['count']} instead of {count}")
    return [*found, *(words for words in map(past.say, template.says) if words not in state["statement"])]


async def told_by_the_tool(client: Client, question: str) -> tuple[str, dict[str, Any]]:
    result = await client.call_tool("search_knowledge", {"query": question, "workspace": "shop", "limit": 1})
    assert not result.is_error, result.content
    assert result.structured_content is not None
    text = result.content[0]
    assert isinstance(text, TextContent)
    return text.text, result.structured_content["state"]


@pytest.mark.parametrize("door", ["stdio", "http"])
async def test_the_tool_answers_exactly_before_any_passage(past_home: tuple[Path, Past], door: str) -> None:
    home, past = past_home
    assert len(ASKED) >= 12
    async with client_at(door, Office(home, {})) as client:
        for template in ASKED:
            for said in template.phrasings[:2]:
                text, state = await told_by_the_tool(client, past.say(said))
                assert wrong(past, template, state) == [], past.say(said)
                assert text.startswith("State, exact as of "), said
                assert f"(serial 4): {state['statement']}" in text.splitlines()[0]


@pytest.mark.parametrize("template", ASKED, ids=[each.phrasings[-1] for each in ASKED])
def test_ask_answers_exactly_before_any_passage(
    past_home: tuple[Path, Past], template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, past = past_home
    monkeypatch.setenv("NO_COLOR", "1")
    said = past.say(template.phrasings[-1])
    told = asked(home, "--json", said)
    assert wrong(past, template, json.loads(told)["state"]) == []


def test_ask_tells_a_person_the_same_in_words(past_home: tuple[Path, Past], monkeypatch: pytest.MonkeyPatch) -> None:
    home, past = past_home
    monkeypatch.setenv("NO_COLOR", "1")
    said = past.say("which run last changed server.{lone}?").split()
    told = asked(home, *said)
    assert told.startswith("State, exact as of ")
    assert past.runs["built"].id in told.partition("[1]")[0]


def asked(home: Path, *words: str) -> str:
    command = ["--home", str(home), "--workspace", "shop", "ask", "--limit", "1", *words]
    told = CliRunner().invoke(build_app(), command, prog_name="groundplan")
    assert told.exit_code == Exit.DONE, told.output
    return told.stdout
