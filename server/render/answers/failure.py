"""Why a run failed, as an answer: what the journal holds, what was like it, what is likely, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from engine.model.failure_account import Cause, Evidence, FailureAccount, PastFailure
from server.render.answers.limits import clipped, shown
from server.render.clean import visible

_LONGEST = 400
_MOST = 5
_RUNBOOK = "groundplan://knowledge/runbooks/{topic}"


class EvidenceEcho(BaseModel):
    """One failing step; `observed` is what was last recorded of its resource."""

    step: str
    code: str
    message: str
    hint: str | None = None
    attempts: int
    seconds: float | None = None
    observed: dict[str, str] | None = None


class PastFailureEcho(BaseModel):
    """`alike` says in what it is like this one; `resolution` how it came right, where it did."""

    run_id: str
    uri: str
    address: str
    code: str
    message: str
    at: datetime
    alike: list[str]
    resolved_by: str | None = None
    resolution: str | None = None


class CauseEcho(BaseModel):
    text: str
    reason: str
    weight: float


class CallEcho(BaseModel):
    tool: str
    arguments: dict[str, Any]
    why: str


class FailureEcho(BaseModel):
    """Causes are ranked, likeliest first. The counts say how many steps there are where the lists are cut."""

    statement: str
    as_of: datetime
    run_id: str | None = None
    plan_id: str | None = None
    status: str | None = None
    codes: list[str]
    evidence: list[EvidenceEcho]
    done: list[str]
    done_count: int
    not_done: list[str]
    not_done_count: int
    causes: list[CauseEcho]
    similar: list[PastFailureEcho]
    next_call: CallEcho | None = None
    runbooks: list[str]
    citations: list[str]


def failure_echo(account: FailureAccount) -> FailureEcho:
    call = account.next_call
    return FailureEcho(
        statement=_text(account.statement), as_of=account.as_of, run_id=account.run_id or None,
        plan_id=account.plan_id or None, status=account.status or None, codes=_texts(account.codes),
        evidence=[_evidence(each) for each in account.evidence[:_MOST]],
        done=_texts(account.done), done_count=account.done_count,
        not_done=_texts(account.not_done), not_done_count=account.not_done_count,
        causes=[_cause(each) for each in account.causes[:_MOST]],
        similar=[_past(each) for each in account.similar[:_MOST]],
        next_call=CallEcho(tool=call.tool, arguments=shown(call.arguments), why=_text(call.why)) if call else None,
        runbooks=[_RUNBOOK.format(topic=_text(each)) for each in account.runbooks[:_MOST]],
        citations=_texts(account.citations),
    )  # fmt: skip


def failure_text(echo: FailureEcho) -> str:
    """The same as lines: the statement first, the next move last."""
    return "\n".join(_lines(echo))


def _lines(echo: FailureEcho) -> Iterable[str]:
    yield f"{echo.statement} (as of {echo.as_of.isoformat(timespec='seconds')})"
    yield from map(_evidence_line, echo.evidence)
    if echo.done_count or echo.not_done_count:
        not_done = _steps("not done", echo.not_done, echo.not_done_count)
        yield f"Steps: {_steps('done', echo.done, echo.done_count)}; {not_done}"
    if echo.causes:
        yield "Likely causes, likeliest first:"
        yield from (f"{rank}. {each.text} ({each.reason})" for rank, each in enumerate(echo.causes, 1))
    yield from map(_past_line, echo.similar)
    if echo.runbooks:
        yield f"Runbooks, the fitting one first: {' '.join(echo.runbooks)}"
    if echo.citations:
        yield f"Source: {' '.join(echo.citations)}"
    if echo.next_call:
        yield f"Next: {echo.next_call.tool}({_arguments(echo.next_call.arguments)}): {echo.next_call.why}"


def _evidence_line(each: EvidenceEcho) -> str:
    tries = f", {each.attempts} attempts" if each.attempts > 1 else ""
    hint = f" {each.hint}" if each.hint else ""
    return f"- failed: {each.step} [{each.code}{tries}] {each.message}{hint}"


def _past_line(each: PastFailureEcho) -> str:
    end = each.resolution or ("resolved" if each.resolved_by else "not resolved so far")
    like = f"alike in {', '.join(each.alike)}"
    return f"Like {each.run_id} of {each.at.date()}: {each.address} [{each.code}], {like}; {end}"


def _steps(word: str, names: list[str], count: int) -> str:
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f"{count} {word}" + (f" ({', '.join(names)}{more})" if names else "")


def _arguments(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _evidence(each: Evidence) -> EvidenceEcho:
    return EvidenceEcho(
        step=_text(each.step), code=_text(each.code), message=_text(each.message), hint=_text(each.hint) or None,
        attempts=each.attempts, seconds=each.seconds,
        observed={_text(name): _text(value) for name, value in list(each.observed.items())[:_MOST]} or None,
    )  # fmt: skip


def _past(each: PastFailure) -> PastFailureEcho:
    return PastFailureEcho(
        run_id=_text(each.run_id), uri=_text(each.uri), address=_text(each.address), code=_text(each.code),
        message=_text(each.message), at=each.at, alike=_texts(each.alike), resolved_by=each.resolved_by or None,
        resolution=_text(each.resolution) or None,
    )  # fmt: skip


def _cause(each: Cause) -> CauseEcho:
    return CauseEcho(text=_text(each.text), reason=_text(each.reason), weight=round(each.weight, 2))


def _texts(texts: Iterable[str]) -> list[str]:
    return [_text(each) for each in list(texts)[:_MOST]]


def _text(text: str) -> str:
    return clipped(visible(text, lines=False), _LONGEST)
