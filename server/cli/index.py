"""`groundplan index`: how the knowledge index stands, and bringing it up to date."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.model.errors import GroundplanError
from rag.model.document import KNOWLEDGE_SHELF
from rag.model.errors import IndexBusy, LibraryError
from rag.model.status import IndexStatus, Phase, RefreshReport
from rag.model.status import Progress as Moved
from server.added import AddedPaths
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import printable, table
from server.cli.wire import wire

Work = Callable[[Callable[[Moved], None]], RefreshReport]
_WORDS = {
    Phase.READING: "reading documents",
    Phase.EMBEDDING: "reading for meaning",
    Phase.COPYING: "copying vectors",
}
_SHOWN_UNREADABLE = 10


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "status")(status)
    command(group, "refresh")(refresh)
    command(group, "rebuild")(rebuild)
    command(group, "add")(add)
    command(group, "remove")(remove)
    app.add_typer(group, name="index", help="The knowledge index: its state, and what it reads.")


def status(desk: Desk) -> None:
    """Show what the index holds of each workspace, which model reads it, and what could not be read."""
    with _told():
        found = desk.office.library().status()
    names = {KNOWLEDGE_SHELF: "(shipped pages)"} | {
        each.uid: each.name for each in desk.engine.workspaces(archived=True)
    }
    rows = [
        (names.get(each.shelf, each.shelf[:8]), each.scope.value, each.documents, each.chunks, each.with_vectors)
        for each in found.shelves
    ]
    sheet = table(("workspace", "scope", "documents", "chunks", "with vectors"), rows)
    desk.show(
        found, sheet if rows else "The index is empty.", *_facts(found), *_added(desk), *_unreadable(found, names)
    )


def refresh(desk: Desk) -> None:
    """Take in what is new or changed now; servers and `groundplan ask` do so by themselves, in the background."""
    with _told():
        done = _work(desk, lambda report: desk.office.library().refresh(report))
    if _lacks(done):
        raise typer.Exit(Exit.FAILED)


def rebuild(desk: Desk) -> None:
    """Read and embed everything anew; the old index answers until the new one is whole."""
    with _told():
        done = _work(desk, lambda report: desk.office.library().rebuild(report))
    if _lacks(done):
        desk.tell("The old index answers as before.", style="yellow")
        raise typer.Exit(Exit.FAILED)


def add(
    desk: Desk, path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder outside the workspace.")]
) -> None:
    """Let the index read a file or folder for this workspace too; the workspace itself is not changed."""
    kept = AddedPaths(desk.office.home).add(desk.workspace.uid, path)
    desk.tell(f"{printable(kept)} is read for {desk.workspace.name} from now on.")
    _take_in(desk)


def remove(desk: Desk, path: Annotated[Path, typer.Argument(metavar="PATH", help="What was added before.")]) -> None:
    """Let the index forget a file or folder that was added; the file itself stays."""
    kept = AddedPaths(desk.office.home).remove(desk.workspace.uid, path)
    desk.tell(f"{printable(kept)} is no longer read for {desk.workspace.name}.")
    _take_in(desk)


def _take_in(desk: Desk) -> None:
    """What was noted is noted, also while another process writes the index: that one will come to it."""
    with _told():
        try:
            _work(desk, lambda report: desk.office.library().refresh(report))
        except IndexBusy as busy:
            desk.tell(f"{busy.message} It takes this in with its next look.")


@contextmanager
def _told() -> Generator[None]:
    """What goes wrong in the index, in the words of every command."""
    try:
        yield
    except LibraryError as error:
        raise GroundplanError(error.message, hint=error.hint) from error
    except OSError as error:
        raise GroundplanError(f"The index can't be used: {error}.", hint="Mend that, then try again.") from error


def _lacks(done: RefreshReport) -> bool:
    return bool(done.without_vectors or done.trouble)


def _work(desk: Desk, work: Work) -> RefreshReport:
    """With a bar on a terminal; with `--json` a line of JSON for each move, and one for the report at the end."""
    report = _with_lines(work) if desk.json else _with_bars(desk, work)
    if desk.json:
        _line(report)
    else:
        desk.show(report, *_told_of(report))
    return report


def _with_lines(work: Work) -> RefreshReport:
    return work(_line)


def _line(value: object) -> None:
    sys.stdout.write(json.dumps(wire(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _with_bars(desk: Desk, work: Work) -> RefreshReport:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=desk.err, transient=True, disable=not desk.err.is_terminal) as bars:
        tasks = {phase: bars.add_task(words, total=None, visible=False) for phase, words in _WORDS.items()}

        def moved(now: Moved) -> None:
            bars.update(tasks[now.phase], completed=now.done, total=now.total, visible=True)

        return work(moved)


def _told_of(report: RefreshReport) -> list[str]:
    counts = f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} as before"
    lines = [f"{counts}; {report.embedded} chunks embedded in {report.seconds:.1f} s."]
    if not report.complete:
        lines.append("It was stopped before its end and goes on where it was.")
    if report.without_vectors:
        lines.append(f"Found by words alone: {printable(report.without_vectors)}")
    if report.trouble:
        lines.append(f"Not all was looked at: {printable(report.trouble)}")
    lines += [
        f"not read: {printable(each.id)}: {printable(each.reason)}" for each in report.unreadable[:_SHOWN_UNREADABLE]
    ]
    return lines


def _facts(found: IndexStatus) -> list[str]:
    model = found.embedder or "none so far: found by words alone"
    moving = f", on the way to {found.wanted}" if found.wanted != found.embedder else ""
    writer = f"; process {found.writer} writes now" if found.writer else ""
    facts = [
        f"Model {printable(model)}{printable(moving)}; {decimal(found.bytes)}; generation {found.generation}{writer}."
    ]
    if found.without_vectors:
        new = "New texts are found" if found.embedder else "Found"
        facts.append(f"{new} by words alone: {printable(found.without_vectors)}")
    if found.chroma:
        facts.append(f"Without Chroma: {printable(found.chroma)}")
    return [*facts, *([f"The last refresh failed: {printable(found.trouble)}"] if found.trouble else [])]


def _added(desk: Desk) -> list[str]:
    added = AddedPaths(desk.office.home)
    return [
        f"added to {each.name}: {printable(path)}" for each in desk.engine.workspaces() for path in added.of(each.uid)
    ]


def _unreadable(found: IndexStatus, names: dict[str, str]) -> list[str]:
    lines = [
        f"not read: {printable(names.get(each.shelf, each.shelf[:8]))} {printable(each.id)}: {printable(each.reason)}"
        for each in found.unreadable[:_SHOWN_UNREADABLE]
    ]
    more = len(found.unreadable) - len(lines)
    return [*lines, *([f"… and {more} more"] if more > 0 else [])]
