"""A page for each command of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from reference.page import Page, bullets, code, fenced, joined, table, words
from server.cli.app import build_app
from server.cli.command import PANEL
from server.cli.exits import EPILOG, Exit

_EVERYWHERE = (
    "And [those of every command](../cli.md#options-of-every-command): `--home`, `--workspace`, `--json`, `--debug`."
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One command: `words` as they are typed after `groundplan`."""

    words: str
    command: Any

    @property
    def slug(self) -> str:
        return self.words.replace(" ", "-")

    @property
    def help(self) -> str:
        return " ".join(str(self.command.help).split())


def leaves() -> list[Leaf]:
    return list(_leaves("", typer.main.get_command(build_app())))


def command_pages() -> Iterator[Page]:
    yield _overview()
    for leaf in leaves():
        yield _page(leaf)


def usage(leaf: Leaf) -> str:
    arguments = [each for each in leaf.command.params if each.param_type_name == "argument"]
    return " ".join(["groundplan", leaf.words, *(_shown(each) for each in arguments)])


def _overview() -> Page:
    root = typer.main.get_command(build_app())
    everywhere = [each for each in root.params if _panel(each) == PANEL]
    rows = [(f"[{code(usage(leaf))}](cli/{leaf.slug}.md)", leaf.help) for leaf in leaves()]
    return Page(
        "cli.md",
        "The command line",
        "Every command with its arguments, options and exit codes.",
        ("cli", "commands", "options", "exit-codes"),
        joined(
            words("commands")["overview"],
            table(("Command", "What it does"), rows),
            "## Options of every command",
            _options(everywhere),
            f"{EPILOG} More: [exit codes](exit-codes.md).",
        ),
    )


def _page(leaf: Leaf) -> Page:
    told = words("commands").get(leaf.slug, {})
    own = [each for each in leaf.command.params if _panel(each) != PANEL]
    arguments = [(code(_shown(each)), each.help or "") for each in own if each.param_type_name == "argument"]
    options = _options(own)
    return Page(
        f"cli/{leaf.slug}.md",
        f"groundplan {leaf.words}",
        leaf.help,
        ("cli", "command", *leaf.words.split()),
        joined(
            told.get("opens", ""),
            leaf.help,
            fenced(f"{usage(leaf)}{' [OPTIONS]' if options else ''}"),
            "## Arguments\n\n" + table(("Argument", "Meaning"), arguments) if arguments else "",
            "## Options\n\n" + (options or "None of its own."),
            _EVERYWHERE,
            _examples(told.get("examples", ())),
            told.get("notes", ""),
            _exits(told.get("exits", {})),
            bullets(told.get("see", ())) and "## See also\n\n" + bullets(told.get("see", ())),
        ),
    )


def _examples(examples: list[dict[str, str]]) -> str:
    if not examples:
        return ""
    width = max(len(each["run"]) for each in examples)
    lines = [f"{each['run']:<{width}}  # {each['does']}" for each in examples]
    return joined("## Examples", fenced("\n".join(lines)))


def _exits(own: dict[str, str]) -> str:
    """What the codes mean here, where a command gives them a meaning of their own; then those that all share."""
    meant = {"0": "done", "1": "failed; the reason is on standard error", **own, "2": "wrong usage"}
    rows = [(str(each.value), meant[str(each.value)]) for each in Exit if str(each.value) in meant]
    return "## Exit codes\n\n" + table(("Code", "Here"), rows) + "\n\nAll: [exit codes](../exit-codes.md)."


def _leaves(before: str, group: Any) -> Iterator[Leaf]:
    for name, each in group.commands.items():
        told = f"{before} {name}".strip()
        if hasattr(each, "commands"):
            yield from _leaves(told, each)
        else:
            yield Leaf(told, each)


def _options(params: list[Any]) -> str:
    options = [each for each in params if each.param_type_name == "option" and "--help" not in each.opts]
    return table(
        ("Option", "Takes", "Meaning"),
        [(code(", ".join(each.opts)), _takes(each), f"{each.help}{_default(each)}") for each in options],
    )


def _takes(param: Any) -> str:
    if param.is_flag:
        return "nothing"
    if param.min is not None and param.max is not None:
        return f"a number from {param.min} to {param.max}"
    return "a value; may be repeated" if param.multiple else "a value"


def _default(param: Any) -> str:
    plain = param.default is None or isinstance(param.default, bool) or param.default in ("", ())
    return "" if plain or not param.show_default else f" Default: {code(param.default)}."


def _shown(param: Any) -> str:
    name = param.metavar or param.name.upper()
    return (name if param.required else f"[{name}]") + ("..." if param.nargs == -1 else "")


def _panel(param: Any) -> str:
    return getattr(param, "rich_help_panel", "") or ""
