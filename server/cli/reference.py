"""`knowledge/reference/cli.md`, made from the commands themselves: `python -m server.cli.reference` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from server.cli.app import build_app
from server.cli.command import PANEL
from server.cli.exits import EPILOG

_HEAD = """---
title: The command line
summary: Every command with its arguments, options and exit codes.
kind: reference
tags: [cli, commands, options, exit-codes]
applies-to: [all]
reviewed: 2026-11-24
---

# The command line

Made from the commands themselves; `groundplan COMMAND --help` shows the same. What a command prints on standard output
is data, what it prints on standard error is progress; `--json` makes the data JSON. No command has a `--yes`: whatever
changes anything is planned first and confirmed by a person, at the terminal or on the confirmation page.

Tab completion, which knows workspaces, plans, runs and addresses: `groundplan --install-completion`.
"""


def reference() -> str:
    """The page as Markdown."""
    root = typer.main.get_command(build_app())
    everywhere = [each for each in root.params if _panel(each) == PANEL]
    parts = [_HEAD, "## Options of every command\n", _options(everywhere), f"{EPILOG}\n"]
    parts += [_section(words, each) for words, each in _leaves("groundplan", root)]
    return "\n".join(parts)


def _leaves(words: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from _leaves(f"{words} {name}", each)
        else:
            yield f"{words} {name}", each


def _section(words: str, each: Any) -> str:
    own = [param for param in each.params if _panel(param) != PANEL]
    arguments = [param for param in own if param.param_type_name == "argument"]
    usage = " ".join([words, *(_shown(param) for param in arguments)])
    lines = [f"## `{usage}`\n", f"{each.help}\n"]
    named = [f"- `{_shown(param)}`: {param.help}" for param in arguments if param.help]
    return "\n".join([*lines, *named, *([""] if named else []), _options(own)]).rstrip() + "\n"


def _options(params: list[Any]) -> str:
    options = [param for param in params if param.param_type_name == "option" and "--help" not in param.opts]
    rows = [f"| `{', '.join(param.opts)}` | {param.help}{_default(param)} |" for param in options]
    return "\n".join(["| Option | Meaning |", "|---|---|", *rows, ""]) if rows else ""


def _default(param: Any) -> str:
    plain = param.default is None or isinstance(param.default, bool) or param.default in ("", ())
    return "" if plain or not param.show_default else f" Default: `{param.default}`."


def _shown(param: Any) -> str:
    name = param.metavar or param.name.upper()
    return (name if param.required else f"[{name}]") + ("..." if param.nargs == -1 else "")


def _panel(param: Any) -> str:
    return getattr(param, "rich_help_panel", "") or ""


if __name__ == "__main__":
    sys.stdout.write(reference())
