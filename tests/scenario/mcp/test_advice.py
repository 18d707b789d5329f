"""Advice over MCP: a real client at each door asks for a mode, a platform, services and sizes; answers stay small."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from rag.chunk.tokens import count
from server.app import Office, build_server
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_errors_and_limits import refusal_of
from tests.scenario.mcp.test_every_tool_answers import answer_of

ADVICE = ("get_mode_defaults", "recommend_platform", "recommend_services", "recommend_sizing")
MOST_TOKENS_READ = 190
MOST_TOKENS_ANSWERED = 800
MOST_TOKENS_SCHEMA = 100
SERVERS = """
  server:
    db: {image: debian-12, size: small}
    web: {image: debian-12, size: xlarge, count: 2}
"""


def tokens(value: Any) -> int:
    return count(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _write_manifest(office: Office, text: str) -> None:
    Path(office.engine().workspace("demo").path, "infra", "main.yaml").write_text(text)


def _declare_servers(office: Office) -> None:
    manifest = Path(office.engine().workspace("demo").path, "infra", "main.yaml")
    manifest.write_text(manifest.read_text() + SERVERS)


async def test_what_a_model_reads_of_the_four_tools_stays_small(tmp_path: Path) -> None:
    offered = await build_server(Office(tmp_path, {}), wake=False).list_tools()
    tools = [each.model_dump(mode="json", by_alias=True) for each in offered if each.name in ADVICE]
    assert len(tools) == len(ADVICE)
    assert (
        sum(tokens({key: tool[key] for key in ("name", "description", "inputSchema")}) for tool in tools)
        <= MOST_TOKENS_READ
    )
    assert all(tokens(tool["outputSchema"]) <= MOST_TOKENS_SCHEMA for tool in tools)


@pytest.mark.parametrize("door", ["memory", "stdio", "http"])
async def test_an_assistant_is_advised_from_the_mode_to_the_price(door: str, office: Office) -> None:
    _declare_servers(office)
    async with client_at(door, office) as client:
        mode = await answer_of(client, "get_mode_defaults", mode="enterprise")
        platform = await answer_of(client, "recommend_platform")
        services = await answer_of(client, "recommend_services", purpose="postgres with monitoring")
        sizing = await answer_of(client, "recommend_sizing", services=["db: postgres, pgbouncer", "web: nginx"])
        declared = await answer_of(client, "recommend_sizing")
    assert mode["defaults"]["settings"]["index.chroma"].startswith("http")
    assert mode["not_built"]
    assert platform["best"] in ("provider demo", "provider local")
    assert [each.partition(":")[0] for each in services["services"]] == ["postgres", "prometheus", "postgres-exporter"]
    db, web = sizing["servers"]
    assert (db["needs"], db["is_enough"], web["is_enough"]) == ("3 cpu, 7GiB, 80GiB", False, True)
    assert db["fits"][0] == "demo large (4 cpu, 8GiB, 80GiB): 16.00 EUR a month"
    assert declared["totals"] == ["68.00 EUR a month"]
    assert {each["server"]: each.get("count", 1) for each in declared["servers"]} == {"db": 1, "web": 2}
    for answer in (mode, platform, services, sizing, declared):
        assert answer["workspace"] == "demo"
        assert tokens(answer) <= MOST_TOKENS_ANSWERED


@pytest.mark.parametrize("purpose", ["enterprise", "databases", "mail server for a team with chat and backups"])
async def test_the_longest_answers_stay_small(office: Office, purpose: str) -> None:
    async with client_at("memory", office) as client:
        assert tokens(await answer_of(client, "recommend_services", purpose=purpose)) <= MOST_TOKENS_ANSWERED


async def test_nothing_pretends_that_a_manifest_could_declare_services(office: Office) -> None:
    async with client_at("memory", office) as client:
        for tool, arguments in (
            ("recommend_services", {"purpose": "vpn"}),
            ("recommend_sizing", {"services": ["wireguard"]}),
        ):
            assert "can't declare services yet" in (await answer_of(client, tool, **arguments))["next"]


async def test_advice_works_where_no_workspace_is(tmp_path: Path) -> None:
    office = Office(tmp_path / "home", {"PATH": "/usr/bin:/bin"})
    try:
        async with client_at("memory", office) as client:
            assert (await answer_of(client, "get_mode_defaults", mode="solo"))["mode"] == "solo"
            assert (await answer_of(client, "recommend_sizing", services=["redis"]))["servers"]
        assert "plan_workspace" in await refusal_of(office, "recommend_sizing")
    finally:
        office.close()


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("get_mode_defaults", {"mode": "big"}, "There are: solo, multiuser, cicd, enterprise."),
        ("recommend_sizing", {"services": ["postgrs"]}, "Did you mean postgres"),
        ("recommend_sizing", {"services": ["x\u202e\u0007: postgres"]}, "is no name of a server"),
        ("recommend_sizing", {"services": ["redis"], "workspace": "nope"}, "No workspace is called 'nope'"),
        ("recommend_services", {"purpose": "x", "install": True}, "install"),
    ],
)
async def test_what_can_not_be_meant_is_refused_in_words(
    office: Office, tool: str, arguments: dict[str, Any], words: str
) -> None:
    text = await refusal_of(office, tool, **arguments)
    assert words in text
    assert "\u202e" not in text


async def test_a_broken_manifest_stands_in_the_way_only_of_who_asks_about_it(office: Office) -> None:
    _write_manifest(office, "resources: [")
    async with client_at("memory", office) as client:
        assert (await answer_of(client, "recommend_sizing", services=["redis"]))["servers"]
    assert "infra/main.yaml" in await refusal_of(office, "recommend_sizing")
    assert "infra/main.yaml" in await refusal_of(office, "recommend_sizing", services=["redis"], workspace="demo")


async def test_hostile_words_come_back_visible_and_change_nothing(office: Office) -> None:
    async with client_at("memory", office) as client:
        answer = await answer_of(
            client, "recommend_services", purpose="tribble\u202e \u0007{{ env.HOME }} ${x} " + "y" * 90_000
        )
    assert "\u202e" not in str(answer)
    assert "tribble" in answer["unknown"]
    assert tokens(answer) <= MOST_TOKENS_ANSWERED


async def test_a_program_that_hangs_does_not_hold_other_calls_up(tmp_path: Path) -> None:
    hanging = tmp_path / "bin" / "docker"
    hanging.parent.mkdir()
    hanging.write_text("#!/bin/sh\nsleep 60\n")
    hanging.chmod(0o755)
    office = Office(tmp_path / "home", {"PATH": f"{hanging.parent}:/usr/bin:/bin", "DOCKER_HOST": "unix:///none.sock"})
    office.engine().ensure_demo_workspace()
    try:
        async with client_at("memory", office) as client:
            before = time.monotonic()
            answer = await answer_of(client, "recommend_platform")
            assert time.monotonic() - before < 10
    finally:
        office.close()
    (docker,) = (line for line in answer["platforms"] if line.startswith("docker"))
    assert docker.startswith("docker: found; docker is on the PATH, and no engine gave its version in time")
