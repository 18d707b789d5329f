"""A plan laid out for reading: every text in it is made visible, nothing is cut. Terminal and page print this sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from engine.model.action import Action
from engine.model.change import Change, PropertyDiff
from engine.model.plan import Cost, FileEdit, Plan
from engine.model.unknown import WIRE_KEY
from server.render.clean import hides_something, visible

Sign = Literal["+", "-", "~", " "]
_VERBS = {
    "create": "to create", "update": "to update", "replace": "to replace", "delete": "to delete",
    "adopt": "to adopt", "forget": "to forget",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One property. A text of several lines, such as a script, is a block: it is printed as it will be run."""

    sign: Sign
    path: str
    before: str = ""
    after: str = ""
    block: bool = False
    forces_replace: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One change."""

    symbol: str
    action: str
    address: str
    where: str
    reason: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    undo: str
    reversible: bool
    destroys: bool


@dataclass(frozen=True, slots=True)
class FileSheet:
    """`diff` is (sign, line) for each line of the difference."""

    path: str
    diff: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    id: str
    headline: str
    workspace: str
    accounts: tuple[str, ...]
    items: tuple[Item, ...]
    files: tuple[FileSheet, ...]
    risk: str
    risk_reasons: tuple[str, ...]
    cost: str
    rollback: str
    warnings: tuple[str, ...]
    asked_by: str
    asked_at: str
    expires: str
    digest: str
    destroys: bool
    hidden: bool


def plan_sheet(plan: Plan) -> Sheet:
    """`hidden` says that some text held characters that do not show by themselves."""
    resources = tuple(_item(change) for change in plan.effective if change.effect != "file")
    return Sheet(
        id=plan.id, headline=headline(plan), workspace=visible(plan.workspace, lines=False),
        accounts=tuple(visible(str(account), lines=False) for account in plan.accounts), items=resources,
        files=(*map(_file, plan.files), *_settings_files(plan)), risk=plan.risk.level.value,
        risk_reasons=tuple(visible(reason, lines=False) for reason in plan.risk.reasons), cost=_cost(plan.cost),
        rollback=visible(plan.rollback), warnings=tuple(visible(warning) for warning in plan.warnings),
        asked_by=visible(str(plan.by), lines=False), asked_at=f"{plan.created_at:%Y-%m-%d %H:%M:%S} UTC",
        expires=f"{plan.expires_at:%Y-%m-%d %H:%M:%S} UTC", digest=plan.digest, destroys=destroys(plan),
        hidden=any(hides_something(text) for text in _texts(plan.model_dump(mode="json"))),
    )  # fmt: skip


def destroys(plan: Plan) -> bool:
    """An object that exists now will be gone."""
    return any(change.action.destroys and change.effect != "file" for change in plan.effective)


def headline(plan: Plan) -> str:
    """`3 to create, 1 to delete`."""
    counts: dict[str, int] = {}
    for change in plan.effective:
        if change.effect != "file":
            counts[change.action.value] = counts.get(change.action.value, 0) + 1
    parts = [f"{counts[action]} {words}" for action, words in _VERBS.items() if counts.get(action)]
    if plan.files:
        parts.append(f"{len(plan.files)} file{'s' if len(plan.files) != 1 else ''} to write")
    return ", ".join(parts) or "nothing to change"


def value_text(value: Any) -> str:
    """A value in wire form as JSON, so that text can't pass for anything else; an Unknown in words, unquoted."""
    if _is_unknown(value):
        return f"(known after apply: {visible(str(value[WIRE_KEY]), lines=False)})"
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        pairs = (f"{visible(str(key), lines=False)}: {value_text(item)}" for key, item in table.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_text(item) for item in cast("list[Any]", value)) + "]"
    return visible(json.dumps(value, ensure_ascii=False), lines=False)


def _item(change: Change) -> Item:
    where = " ".join(part for part in (change.provider, change.id) if part)
    return Item(
        symbol=change.action.symbol, action=change.action.value, address=visible(change.address, lines=False),
        where=visible(where, lines=False), reason=visible(change.reason, lines=False), lines=tuple(_lines(change)),
        notes=tuple(_notes(change)), undo=visible(change.compensation.text, lines=False),
        reversible=change.reversible, destroys=change.action.destroys,
    )  # fmt: skip


def _lines(change: Change) -> Iterable[Line]:
    match change.action:
        case Action.CREATE:
            yield from _whole("+", change.after)
            yield from _whole("+", {f"labels.{name}": value for name, value in change.labels.items()})
        case Action.DELETE:
            yield from _whole("-", change.before)
        case Action.REPLACE:
            changed = {diff.path for diff in change.diff}
            yield from (_difference(diff) for diff in change.diff)
            # The new object is given these too; a script among them runs again, so it is shown again.
            yield from _whole(" ", {name: value for name, value in (change.after or {}).items() if name not in changed})
        case Action.FORGET | Action.NO_OP:
            return
        case Action.UPDATE | Action.ADOPT:
            yield from (_difference(diff) for diff in change.diff)


def _whole(sign: Sign, properties: Mapping[str, Any] | None) -> Iterable[Line]:
    for name, value in (properties or {}).items():
        if value is not None:
            text, block = _shown(value)
            before, after = (text, "") if sign == "-" else ("", text)
            yield Line(sign, visible(name, lines=False), before=before, after=after, block=block)


def _difference(diff: PropertyDiff) -> Line:
    before, block_before = _shown(diff.before)
    after, block_after = _shown(diff.after)
    return Line(
        "~", visible(diff.path, lines=False), before=before, after=after, block=block_before or block_after,
        forces_replace=diff.forces_replace,
    )  # fmt: skip


def _shown(value: Any) -> tuple[str, bool]:
    if isinstance(value, str) and "\n" in value:
        return visible(value), True
    return ("(none)" if value is None else value_text(value)), False


def _notes(change: Change) -> Iterable[str]:
    if change.stateful and change.action.destroys:
        yield "it holds data, which is lost with it"
    if change.worst_case:
        yield "the worst case: it may turn out to be less once the unknown values are known"
    if change.create_first:
        yield "the new one is made before the old one goes"


def _settings_files(plan: Plan) -> Iterable[FileSheet]:
    """The lines that change of files with settings, where they may be shown."""
    for change in plan.effective:
        lines = str((change.after or {}).get("lines", "")) if change.effect == "settings" else ""
        if lines:
            yield _difference_of(str((change.after or {})["file"]), lines)


def _file(edit: FileEdit) -> FileSheet:
    return _difference_of(edit.path, edit.diff)


def _difference_of(path: str, diff: str) -> FileSheet:
    lines = diff.removesuffix("\n").split("\n")
    signed = tuple((_sign(line, head=number < 2), visible(line, lines=False)) for number, line in enumerate(lines))
    return FileSheet(path=visible(path, lines=False), diff=signed)


def _sign(line: str, *, head: bool) -> str:
    """The first two lines of a difference name the file, and are no change of it."""
    if head and line.startswith(("---", "+++")):
        return "@"
    return line[:1] if line[:1] in ("+", "-", "@") else " "


def _cost(cost: Cost) -> str:
    change = cost.after - cost.before
    currency = visible(cost.currency, lines=False)
    text = f"{cost.before:,.2f} → {cost.after:,.2f} {currency} a month ({change:+,.2f})"
    return text + (f"; {cost.unpriced} not priced" if cost.unpriced else "")


def _is_unknown(value: Any) -> bool:
    return isinstance(value, dict) and cast("dict[str, Any]", value).keys() == {WIRE_KEY}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)
