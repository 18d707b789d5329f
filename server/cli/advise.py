"""`groundplan advise`: modes of Groundplan itself, what servers could run on, services, and sizes of servers."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType

from engine.model.machine import Platform
from engine.model.mode_defaults import ModeDefaults
from engine.model.service import NOT_DECLARED
from engine.model.sizing import ServerSizing
from server.cli.command import command
from server.cli.completion import complete_mode
from server.cli.desk import Desk
from server.cli.table import printable, table
from server.cli.wire import json_text
from server.render.answers.advice import machine_line


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "modes")(modes)
    command(group, "platform")(platform)
    command(group, "services")(services)
    command(group, "sizing")(sizing)
    app.add_typer(group, name="advise", help="Advice: modes, platforms, services, sizes. It changes nothing.")


def modes(
    desk: Desk,
    mode: Annotated[
        str, typer.Argument(metavar="MODE", autocompletion=complete_mode, help="solo, multiuser, cicd or enterprise.")
    ] = "",
) -> None:
    """List the modes that Groundplan itself runs in, or show one with its settings and commands."""
    if mode:
        found = desk.engine.advice.mode(mode)
        desk.show(found, *_mode(found))
        return
    every = desk.engine.advice.modes()
    desk.show(
        every, table(("mode", "machine", "what it is"), [(each.name, each.machine, each.summary) for each in every])
    )


def platform(desk: Desk) -> None:
    """Look at what servers could run on from here, best first; calls no cloud and reads no credential."""
    advice = desk.engine.advice.platform()
    rows = [(_verdict(each), each.name, each.provider, "; ".join(each.reasons)) for each in advice.platforms]
    desk.show(advice, machine_line(advice), "", table(("", "platform", "provider", "reasons"), rows))


def services(
    desk: Desk,
    purpose: Annotated[
        list[str] | None, typer.Argument(metavar="PURPOSE", help="A mode, a category, or words; else what there is.")
    ] = None,
) -> None:
    """Suggest services for a purpose, each after what it requires; nothing is installed."""
    advice = desk.engine.advice.services(" ".join(purpose or []))
    rows = [(each.service.name, str(each.service.needs.comfortable), each.reason) for each in advice.services]
    sheets: list[RenderableType] = [table(("service", "comfortable with", "why"), rows)] if rows else []
    if advice.optional:
        sheets += ["", table(("beside them", "why"), advice.optional)]
    if not rows:
        sheets.append(f"Ask for words, or one of: {', '.join(desk.engine.advice.purposes())}.")
    desk.show(advice, *sheets)
    for word in advice.unknown:
        desk.tell(f"Nothing here answers to {printable(word)!r}.")
    if advice.is_choice:
        desk.tell("These are choices, not all needed.")
    if rows:
        desk.tell(NOT_DECLARED)


def sizing(
    desk: Desk,
    servers: Annotated[
        list[str] | None,
        typer.Argument(metavar="SERVER:SERVICE,…", help="Such as db:postgres,redis; else the workspace as declared."),
    ] = None,
) -> None:
    """Work out how large servers have to be for their services, and which sizes hold that at which price."""
    place = desk.workspace if desk.named or not servers else None
    found = desk.engine.advice.sizing(servers or [], place)
    columns = ("server", "services", "comfortable", "at least", "sizes that fit", "declared")
    rows = [row for each in found.servers for row in _server(each)]
    shown = table(columns, rows) if rows else "No server is declared."
    totals = [f"Together: {each}" for each in found.totals]
    desk.show(found, shown, *totals, *([found.rule] if found.servers else []))


def _mode(mode: ModeDefaults) -> list[RenderableType]:
    facts = [("machine", mode.machine), *(("process", each) for each in mode.processes), *mode.backends.items()]
    sheets: list[RenderableType] = [f"{mode.name}: {mode.summary}", "", table(("", ""), facts)]
    if mode.settings:
        sheets += ["", "In the home's config.toml, with your own addresses:", *(_toml(mode.settings))]
    sheets += ["", "Commands:", *(f"  {each}" for each in mode.commands)]
    if mode.not_built:
        sheets += ["", "Not built yet:", *(f"  {each.what}" for each in mode.not_built)]
    return sheets


def _toml(settings: dict[str, Any]) -> list[str]:
    """Top keys first: below a table's head they would belong to it."""
    tables: dict[str, list[str]] = {}
    for key, value in settings.items():
        head, _, name = key.rpartition(".")
        tables.setdefault(head, []).append(f"{name} = {json_text(value)}".replace("\n", "").replace("[  ", "["))
    lines = [f"  {line}" for line in tables.pop("", [])]
    for head, own in tables.items():
        lines += [f"  [{head}]", *(f"  {line}" for line in own)]
    return lines


def _verdict(each: Platform) -> str:
    return "usable" if each.is_usable else "found" if each.is_found else ""


def _server(each: ServerSizing) -> list[tuple[str, ...]]:
    """Its facts, and a line of its own for each further size that fits."""
    name = each.name if each.count == 1 else f"{each.count} of {each.name}"
    enough = {True: " (enough)", False: " (too small)", None: ""}[each.is_enough]
    declared = f"{each.declared}{enough}" if each.declared else each.note
    first, *more = [str(fit) for fit in each.fits] or [_no_fit(each)]
    facts = (name, " ".join(each.services), str(each.comfortable or ""), str(each.least or ""), first, declared)
    return [facts, *(("", "", "", "", fit, "") for fit in more)]


def _no_fit(each: ServerSizing) -> str:
    if each.comfortable is None:
        return ""
    return f"none; at least: {each.tight}" if each.tight else "no provider has one so large"
