"""An exact answer from the state store, beside what texts say: never mixed with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from engine.model.state_answer import StateAnswer, StateRow
from server.render.answers.limits import clipped
from server.render.clean import visible

ROWS_SHOWN = 20
_LONGEST_STATEMENT = 600
_LONGEST_FIELD = 120
_MOST_FIELDS = 8
_MOST_NAMES = 8


class RowEcho(BaseModel):
    name: str
    uri: str | None = None
    fields: dict[str, str]


class StateEcho(BaseModel):
    """What the store held at `as_of`; `asked` is the query that was made, in words."""

    statement: str
    asked: str
    as_of: datetime
    serial: int
    count: int
    left_out: int
    rows: list[RowEcho]
    citations: list[str]
    near: list[str] | None = None
    next: str | None = None


def state_echo(answer: StateAnswer) -> StateEcho:
    rows = [_row(each) for each in answer.rows[:ROWS_SHOWN]]
    return StateEcho(
        statement=_line(answer.statement, _LONGEST_STATEMENT), asked=_line(answer.asked, _LONGEST_STATEMENT),
        as_of=answer.as_of, serial=answer.serial, count=answer.count,
        left_out=answer.left_out + len(answer.rows) - len(rows), rows=rows,
        citations=[_line(each) for each in answer.citations[:_MOST_NAMES]],
        near=[_line(each) for each in answer.near[:_MOST_NAMES]] or None, next=_line(answer.next) or None,
    )  # fmt: skip


def state_text(echo: StateEcho) -> str:
    """The same for people and models: the statement, a line for each thing, when it was so and where it stands."""
    return "\n".join(_lines(echo))


def _lines(echo: StateEcho) -> Iterable[str]:
    yield f"State, exact as of {echo.as_of.isoformat(timespec='seconds')} (serial {echo.serial}): {echo.statement}"
    for row in echo.rows:
        facts = ", ".join(f"{name} {value}" for name, value in row.fields.items() if value)
        yield f"- {row.name}" + (f": {facts}" if facts else "")
    if echo.left_out:
        yield f"… and {echo.left_out} more"
    if echo.near:
        yield f"Perhaps meant: {', '.join(echo.near)}"
    if echo.citations:
        yield f"Source: {' '.join(echo.citations)}"


def _row(row: StateRow) -> RowEcho:
    fields = {_line(name): _line(value) for name, value in list(row.fields.items())[:_MOST_FIELDS]}
    return RowEcho(name=_line(row.name), uri=_line(row.uri, 2 * _LONGEST_FIELD) or None, fields=fields)


def _line(text: str, longest: int = _LONGEST_FIELD) -> str:
    return clipped(visible(text, lines=False), longest)
