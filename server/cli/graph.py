"""`groundplan graph`: which resource needs which, as a tree or for a drawing program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import typer
from rich.text import Text
from rich.tree import Tree

from engine.model.query import ResourceQuery
from engine.model.resource import Recorded
from server.cli.command import command
from server.cli.completion import complete_address
from server.cli.desk import Desk
from server.cli.state import every_resource

Format = Literal["text", "dot", "mermaid", "json"]


@dataclass(frozen=True, slots=True)
class Relations:
    """Addresses in order, and for each what it needs; both ends of every relation are among them."""

    needs: dict[str, tuple[str, ...]]

    @property
    def edges(self) -> list[tuple[str, str]]:
        """(what needs, what is needed)."""
        return [(address, needed) for address, all_needed in self.needs.items() for needed in all_needed]

    def needed_by(self, address: str) -> list[str]:
        return [each for each, needed in self.needs.items() if address in needed]


def register(app: typer.Typer) -> None:
    command(app, "graph")(graph)


def graph(
    desk: Desk,
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="Only this, what it needs and what needs it.",
            autocompletion=complete_address,
            show_default=False,
        ),
    ] = "",
    format_: Annotated[Format, typer.Option("--format", help="How to write it: text, dot, mermaid or json.")] = "text",
) -> None:
    """Show which resources need which, as the last run left them."""
    relations = related(_chosen(desk, address))
    if desk.json or format_ == "json":
        edges = [{"from": start, "to": end} for start, end in relations.edges]
        desk.show_json({"nodes": list(relations.needs), "edges": edges})
        return
    if not relations.needs:
        desk.show(None, "No resources.")
        return
    writers: dict[str, Callable[[Relations], Tree | str]] = {"text": as_tree, "dot": as_dot, "mermaid": as_mermaid}
    desk.show(None, writers[format_](relations))


def _chosen(desk: Desk, address: str) -> list[Recorded]:
    if not address:
        return every_resource(desk, ResourceQuery())
    own = desk.engine.resource(desk.workspace.name, address).recorded
    around = every_resource(desk, ResourceQuery(depends_on=address)) + every_resource(
        desk, ResourceQuery(needed_by=address)
    )
    return list({str(each.address): each for each in [own, *around]}.values())


def related(resources: list[Recorded]) -> Relations:
    """The relations among these. A relation to a declaration that stands for several is one to each of them."""
    known = [str(each.address) for each in resources]
    several: dict[str, list[str]] = {}
    for each in resources:
        several.setdefault(str(each.address.declaration), []).append(str(each.address))
    needs: dict[str, tuple[str, ...]] = {}
    for each in resources:
        wanted = [name for needed in each.depends_on for name in several.get(str(needed), [str(needed)])]
        needs[str(each.address)] = tuple(
            sorted({name for name in wanted if name in known and name != str(each.address)})
        )
    return Relations(dict(sorted(needs.items())))


def as_tree(relations: Relations) -> Tree:
    """What needs nothing first, below it what needs it; a resource that hangs in two places is opened in the first."""
    root = Tree(Text("needed first", style="dim"), guide_style="dim")
    opened: set[str] = set()

    def hang(address: str, branch: Tree) -> None:
        above = relations.needed_by(address)
        again = address in opened and bool(above)
        leaf = branch.add(Text(address + (" …" if again else "")))
        if not again:
            opened.add(address)
            for each in above:
                hang(each, leaf)

    for address, needed in relations.needs.items():
        if not needed:
            hang(address, root)
    return root


def as_dot(relations: Relations) -> str:
    lines = [f"  {_quoted(address)};" for address in relations.needs]
    lines += [f"  {_quoted(start)} -> {_quoted(end)};" for start, end in relations.edges]
    return "\n".join(["digraph groundplan {", "  rankdir=RL;", "  node [shape=box];", *lines, "}"])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def as_mermaid(relations: Relations) -> str:
    ids = {address: f"n{index}" for index, address in enumerate(relations.needs)}
    nodes = [f'  {ids[address]}["{address.replace(chr(34), "#quot;")}"]' for address in relations.needs]
    edges = [f"  {ids[start]} --> {ids[end]}" for start, end in relations.edges]
    return "\n".join(["flowchart RL", *nodes, *edges])
