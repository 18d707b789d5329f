"""plan_text: a plan as plain text, the same at a terminal, in a client's question and for a model."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.plan import Plan
from server.render.plan_sheet import FileSheet, Item, Line, Sheet, plan_sheet


def plan_text(plan: Plan, *, changes: int | None = None) -> str:
    """The whole plan, or its first `changes` changes with a word on how many are left out."""
    return "\n".join(_plan_lines(plan_sheet(plan), changes)) + "\n"


def _plan_lines(sheet: Sheet, most: int | None) -> Iterable[str]:
    yield f"Plan {sheet.id}: {sheet.headline}"
    yield f"Workspace: {sheet.workspace}"
    if sheet.accounts:
        yield f"Accounts:  {', '.join(sheet.accounts)}"
    yield ""
    for item in sheet.items[:most]:
        yield from _item_lines(item)
    if most is not None and len(sheet.items) > most:
        yield f"… and {len(sheet.items) - most} more changes, not shown here"
    for file in sheet.files:
        yield from _file_lines(file)
    yield from _facts(sheet)


def _item_lines(item: Item) -> Iterable[str]:
    where = f" ({item.where})" if item.where else ""
    yield f"{item.symbol} {item.action} {item.address}{where}: {item.reason}"
    for line in item.lines:
        yield from _property_lines(line)
    for note in item.notes:
        yield f"    ! {note}"
    if not item.reversible:
        yield f"    ! can't be undone: {item.undo}"


def _property_lines(line: Line) -> Iterable[str]:
    forces = "  (forces a replacement)" if line.forces_replace else ""
    lead = f"    {line.sign} {line.path}"
    if line.block:
        yield f"{lead}:{forces}"
        yield from (f"      - | {part}" for part in line.before.split("\n") if line.before)
        sign = " " if line.sign == " " else "+"
        yield from (f"      {sign} | {part}" for part in line.after.split("\n") if line.after)
    elif line.sign == "~":
        yield f"{lead}: {line.before} → {line.after}{forces}"
    else:
        yield f"{lead}: {line.before or line.after}"


def _file_lines(file: FileSheet) -> Iterable[str]:
    yield f"File {file.path}:"
    yield from (f"    {line}" for _, line in file.diff)


def _facts(sheet: Sheet) -> Iterable[str]:
    yield ""
    yield f"Risk:      {sheet.risk}" + (f": {'; '.join(sheet.risk_reasons)}" if sheet.risk_reasons else "")
    yield f"Cost:      {sheet.cost}"
    yield f"Rollback:  {sheet.rollback}"
    for warning in sheet.warnings:
        yield f"Warning:   {warning}"
    yield f"Asked by:  {sheet.asked_by}, {sheet.asked_at}"
    yield f"Expires:   {sheet.expires}"
    yield f"Digest:    {sheet.digest}"
