"""Pages about what a client of the protocol finds beside the tools: resources, their templates, prompts."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reference.page import Page, code, joined, table, words
from server.app import Office, build_server
from server.prompts import load_prompts


def protocol_pages() -> Iterator[Page]:
    yield _resources()
    yield _prompts()


def addresses() -> list[tuple[str, str, str]]:
    """Address or template, name, and what it holds, as a server lists them."""
    # A server keeps a key in its home, so that it needs one even to be asked what it has.
    with tempfile.TemporaryDirectory() as home:
        server = build_server(Office(Path(home), {}), wake=False)
        plain = asyncio.run(server.list_resources())
        templates = asyncio.run(server.list_resource_templates())
    found = [(str(each.uri), each.name or "", each.description or "") for each in plain]
    return found + [(each.uri_template, each.name or "", each.description or "") for each in templates]


def _resources() -> Page:
    told = words("protocol")
    rows = [(code(address), name, text, told["resources"].get(name, "")) for address, name, text in addresses()]
    return Page(
        "mcp-resources.md",
        "MCP resources",
        "The groundplan:// addresses that a client can read and subscribe to.",
        ("mcp", "resources", "uri", "subscribe"),
        joined(told["resources_opens"], table(("Address", "Name", "Holds", "Use it"), rows), told["resources_notes"]),
    )


def _prompts() -> Page:
    told = words("protocol")
    prompts = load_prompts()
    parts = [
        joined(
            f"## {each.name}",
            f"**{each.title}.** {each.description}",
            table(
                ("Argument", "Needed", "Meaning"),
                [
                    (code(one.name), "required" if one.required else "optional", one.description or "")
                    for one in each.arguments or ()
                ],
            )
            or "It takes no arguments.",
        )
        for each in prompts
    ]
    return Page(
        "prompts.md",
        "MCP prompts",
        "The prompts that a client offers a person, with their arguments.",
        ("mcp", "prompts"),
        joined(told["prompts_opens"], *parts),
    )
