"""Pages about what an operator's own programs meet: exit codes, environment variables, audit events."""

from __future__ import annotations

from collections.abc import Iterator

from reference.commands import leaves
from reference.page import Page, code, joined, table, words
from reference.source import events, variables
from server.cli.exits import Exit


def operation_pages() -> Iterator[Page]:
    yield _exits()
    yield _variables()
    yield _events()


def _exits() -> Page:
    told = words("operations")
    given = {
        str(each.value): [
            leaf for leaf in leaves() if str(each.value) in words("commands").get(leaf.slug, {}).get("exits", {})
        ]
        for each in Exit
    }
    rows = [
        (
            code(each.value),
            code(each.name.lower()),
            told["exits"].get(str(each.value), ""),
            ", ".join(f"[{leaf.words}](cli/{leaf.slug}.md)" for leaf in given[str(each.value)]),
        )
        for each in Exit
    ]
    return Page(
        "exit-codes.md",
        "Exit codes",
        "What the number means that a groundplan command ends with, for scripts and CI.",
        ("cli", "exit-codes", "scripts", "ci"),
        joined(
            told["exits_opens"],
            table(("Code", "Name", "Means", "With a meaning of its own in"), rows),
            told["exits_notes"],
        ),
    )


def _variables() -> Page:
    told = words("operations")
    rows = [
        (code(name), told["variables"].get(name, ""), ", ".join(map(code, files)))
        for name, files in variables().items()
    ]
    return Page(
        "environment-variables.md",
        "Environment variables",
        "Every environment variable that Groundplan looks at, and what for.",
        ("environment", "variables", "configuration"),
        joined(told["variables_opens"], table(("Variable", "What for", "Read by"), rows), told["variables_notes"]),
    )


def _events() -> Page:
    told = words("operations")
    rows = [
        (code(each.name), told["events"].get(each.name, ""), ", ".join(map(code, each.fields))) for each in events()
    ]
    return Page(
        "audit-events.md",
        "Audit events",
        "Every event of the audit log with its fields.",
        ("audit", "events", "log", "compliance"),
        joined(told["events_opens"], table(("Event", "Written when", "Fields"), rows), told["events_notes"]),
    )
