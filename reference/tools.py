"""A page for each MCP tool: what it takes, what it answers, what it changes, what it may refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mcp.server.mcpserver.tools import Tool

from reference.errors import error_link
from reference.page import Page, as_json, bullets, code, joined, sentence, table, words
from reference.shape import Row, rows
from server.tools.offer import Offer, tool_of
from server.tools.schema import lean_input
from server.tools.selection import OFFERS

_KINDS = {
    "read": "It reads. Nothing is changed, here or at a provider; it may be called as often as one likes.",
    "propose": "It proposes. A plan is stored for a person to look at; nothing else changes until they confirm it.",
    "act": "It acts, but only after a person's own yes, which no argument can give.",
}
_GROUPS = {"read": "reads", "propose": "proposes", "act": "acts"}


def tool_pages() -> Iterator[Page]:
    yield _overview()
    for offer in OFFERS:
        yield _page(offer, tool_of(offer))


def _overview() -> Page:
    lines = [
        (f"[{offer.name}](tools/{offer.name}.md)", _GROUPS[offer.kind], offer.group, _first(tool_of(offer)))
        for offer in OFFERS
    ]
    return Page(
        "tools.md",
        "MCP tools",
        "Every tool that an assistant is given: what each does, and which change anything.",
        ("mcp", "tools", "assistant"),
        joined(
            words("tools")["overview"],
            table(("Tool", "It", "Group", "What it is for"), lines),
            words("tools")["offered"],
        ),
    )


def _page(offer: Offer, tool: Tool) -> Page:
    told = words("tools").get(offer.name, {})
    schema: dict[str, Any] = tool.fn_metadata.output_schema or {}
    return Page(
        f"tools/{offer.name}.md",
        f"Tool {offer.name}",
        _first(tool),
        tuple(dict.fromkeys(("tool", "mcp", offer.kind, offer.group))),
        joined(
            told.get("opens", "") or sentence(tool.description),
            _KINDS[offer.kind],
            f"A model reads of it: “{tool.description}”",
            "## Arguments\n\n" + (_arguments(_taken(tool), offer.name) or "None."),
            _call(offer.name, told),
            "## Answer",
            words("tools")["answer"],
            _answer(schema, offer.name),
            told.get("answers", ""),
            _refusals(told.get("refuses", ())),
            _hints(offer, tool),
            bullets(told.get("see", ())) and "## See also\n\n" + bullets(told.get("see", ())),
        ),
    )


def _taken(tool: Tool) -> dict[str, Any]:
    """The arguments' schema with the limits that a model is not told."""
    return lean_input(tool.fn_metadata.arg_model.model_json_schema(), limits=True)


def _arguments(schema: dict[str, Any], tool: str) -> str:
    told = {**words("fields")["arguments"], **words("fields")["arguments_of"].get(tool, {})}
    return table(
        ("Argument", "Type", "Needed", "Rules", "Meaning"),
        [(code(row.name), row.type, row.need, row.rules, _meaning(row, told)) for row in rows(schema)],
    )


def _answer(schema: dict[str, Any], tool: str) -> str:
    """All fields; of an answer that another tool's page tells already, only their names."""
    first = next(each.name for each in OFFERS if tool_of(each).fn_metadata.output_schema == schema)
    if first != tool:
        names = ", ".join(code(name) for name in schema.get("properties", {}))
        return f"It is the same as that of [{first}]({first}.md#answer), where each is explained: {names}."
    told = {**words("fields")["answers"], **words("fields")["answers_of"].get(tool, {})}
    return table(
        ("Field", "Type", "Meaning"), [(code(row.name), row.type, told.get(row.name, "")) for row in rows(schema)]
    )


def _meaning(row: Row, told: dict[str, str]) -> str:
    return told.get(row.name) or sentence(row.meaning)


def _call(name: str, told: dict[str, Any]) -> str:
    if "example" not in told:
        return ""
    return joined(
        "## Example call",
        told.get("before", ""),
        as_json({"name": name, "arguments": json.loads(told["example"])}),
        told.get("then", ""),
    )


def _refusals(codes: list[str]) -> str:
    if not codes:
        return ""
    return "## May be refused with\n\n" + bullets(error_link(each, "../") for each in codes)


def _hints(offer: Offer, tool: Tool) -> str:
    hints = tool.annotations
    facts = [("kind", offer.kind), ("group", offer.group)]
    if hints is not None:
        named = hints.model_dump(include={"read_only_hint", "destructive_hint", "idempotent_hint", "open_world_hint"})
        facts += [(name.replace("_", " "), str(value).lower()) for name, value in named.items()]
    return "## Facts for clients\n\n" + table(("Fact", "Value"), [(name, code(value)) for name, value in facts])


def _first(tool: Tool) -> str:
    return f"{tool.description.split('. ')[0].rstrip('.')}."
