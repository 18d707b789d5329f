"""`groundplan state`: what the last runs left."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from engine.model.query import HistoryEntry, Page, ResourceQuery, ResourceView
from engine.model.resource import Recorded
from server.cli.command import command
from server.cli.completion import complete_address
from server.cli.desk import Desk
from server.cli.table import ago, table
from server.cli.wire import json_text

_PAGE = 200


def register(app: typer.Typer) -> None:
    command(app, "state")(state)


def state(  # noqa: PLR0913, PLR0917 - one parameter an option
    desk: Desk,
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS", help="Print this one whole.", autocompletion=complete_address, show_default=False
        ),
    ] = "",
    type_: Annotated[str, typer.Option("--type", help="Only this resource type.", show_default=False)] = "",
    provider: Annotated[str, typer.Option(help="Only of this provider.", show_default=False)] = "",
    label: Annotated[
        list[str] | None, typer.Option(help="Only with this label: key or key=value; may be repeated.")
    ] = None,
    depends_on: Annotated[
        str, typer.Option(help="Only what needs this address.", autocompletion=complete_address, show_default=False)
    ] = "",
    needed_by: Annotated[
        str, typer.Option(help="Only what this address needs.", autocompletion=complete_address, show_default=False)
    ] = "",
    depth: Annotated[int, typer.Option(min=1, max=100, help="Through at most so many relations.")] = 10,
    history: Annotated[bool, typer.Option("--history", help="With an address: what became of it, run by run.")] = False,
) -> None:
    """List the resources that exist as the last run left them, or print one."""
    if address:
        show_resource(desk, address, history=history)
        return
    query = ResourceQuery(type_, provider, tuple(label or ()), depends_on, needed_by, depth)
    found = every_resource(desk, query)
    rows = [(each.address, each.provider, each.id, each.properties.get("status", ""), each.serial) for each in found]
    desk.show(found, table(("address", "provider", "id", "status", "serial"), rows) if rows else "No resources.")


def every_resource(desk: Desk, query: ResourceQuery) -> list[Recorded]:
    """All pages of the answer."""
    found: list[Recorded] = []
    page: Page[Recorded] = desk.engine.resources(desk.workspace.name, query, limit=_PAGE)
    found.extend(page.items)
    while page.cursor:
        page = desk.engine.resources(desk.workspace.name, query, cursor=page.cursor, limit=_PAGE)
        found.extend(page.items)
    return found


def show_resource(desk: Desk, address: str, *, history: bool) -> None:
    """One resource with its neighbours, and on request its past."""
    view = desk.engine.resource(desk.workspace.name, address)
    desk.show(view, _facts(view), *([_past(view.history)] if history else []))


def _facts(view: ResourceView) -> Table:
    recorded = view.recorded
    facts: list[tuple[object, object]] = [
        ("address", recorded.address),
        ("provider", recorded.provider),
        ("id", recorded.id),
        ("lineage", recorded.lineage),
        ("serial", recorded.serial),
        ("changed", recorded.updated_at),
    ]
    facts += [("label", f"{key}={value}") for key, value in sorted(recorded.labels.items())]
    facts += [("needs", address) for address in view.needs] + [("needed by", address) for address in view.needed_by]
    facts += [(name, _value(value)) for name, value in sorted(recorded.properties.items()) if value is not None]
    return table((), facts)


def _value(value: object) -> str:
    return value if isinstance(value, str) else " ".join(json_text(value).split())


def _past(history: tuple[HistoryEntry, ...]) -> Table:
    rows = [
        (entry.serial, entry.action, entry.run_id, ago(entry.at), f"{entry.at:%Y-%m-%d %H:%M:%S}") for entry in history
    ]
    return table(("serial", "action", "run", "when", "at"), rows)
