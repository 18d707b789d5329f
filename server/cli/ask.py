"""`groundplan ask`: what is written about it, and what the state store knows exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from rag.model.answer import Passage, Verdict
from rag.model.document import Scope
from server.cli.command import command
from server.cli.completion import complete_kind, complete_tag
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import ago, printable
from server.render.answers.looked_up import search_answer
from server.render.answers.passages import cited_lines
from server.render.answers.state import state_echo, state_text
from server.render.clean import visible
from server.retrieval import Question, Reply, look_up

_LONGEST_QUERY = 2_000
_HEADS = {
    Verdict.WEAK: "These may not answer; verify before you rely on them.",
    Verdict.NONE: "Nothing that is written here answers this.",
}


def register(app: typer.Typer) -> None:
    command(app, "ask")(ask)


def ask(  # noqa: PLR0913, PLR0917 - each filter is an option of the command
    desk: Desk,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="A question in your words; quotes are optional.")],
    scope: Annotated[
        Scope | None, typer.Option(help="Only the shipped pages, the workspace's files, or its history.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", autocompletion=complete_kind, help="Only texts of a kind; may be given several times."),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", autocompletion=complete_tag, help="Only texts with a tag; with several, any of them."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many passages at most.")] = 5,
    tokens: Annotated[int, typer.Option(min=200, max=8_000, help="How long they may be together.")] = 1_200,
) -> None:
    """Find what is known: exact facts from the state first, then cited passages; exit with 5 if nothing answers."""
    question = Question(
        " ".join(query)[:_LONGEST_QUERY], desk.named, scopes=(scope,) if scope else (), kinds=tuple(kind or ()),
        tags=tuple(tag or ()), limit=limit, token_budget=tokens, state=not (scope or kind or tag),
    )  # fmt: skip
    reply = look_up(desk.office, question)
    desk.show(search_answer(reply.workspace, reply.state, reply.answer), *_sheets(reply))
    if reply.answer.note:
        desk.tell(printable(reply.answer.note), style="yellow")
    if reply.is_empty:
        raise typer.Exit(Exit.UNANSWERED)


def _sheets(reply: Reply) -> Iterator[RenderableType]:
    if reply.state:
        yield Text(state_text(state_echo(reply.state)) + "\n", style="bold")
    head = _HEADS.get(reply.answer.verdict)
    if head and not (reply.state and reply.answer.verdict is Verdict.NONE):
        yield Text(head + "\n", style="yellow")
    for passage in reply.answer.passages:
        yield from _passage(passage)
    if reply.answer.left_out:
        yield Text(f"Pages that were left out: {reply.answer.left_out}; raise --limit or --tokens.", style="dim")


def _passage(passage: Passage) -> Iterator[RenderableType]:
    section = f" > {passage.section}" if passage.section and passage.section != passage.title else ""
    yield Text(printable(f"[{passage.number}] {passage.title}{section}"), style="bold cyan")
    age = f", {ago(passage.updated_at)}" if passage.updated_at and passage.scope is not Scope.KNOWLEDGE else ""
    lines = cited_lines(passage)
    yield Text(printable(f"    {passage.uri}{f':{lines}' if lines else ''} ({passage.kind}{age})"), style="dim")
    yield Padding(Text(visible(passage.text.strip())), (0, 0, 1, 4))
