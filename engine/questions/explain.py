"""Explaining a failure: what failed, what was done, what was like it before, why, and the next call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from engine.model.citation import cite_plan, cite_resource, cite_run, cite_workspace
from engine.model.errors import NotFound
from engine.model.failure_account import Evidence, FailureAccount, PastFailure, ToolCall
from engine.model.plan import Plan
from engine.model.run import Failure, RunStatus, Step, StepStatus
from engine.model.workspace import Workspace
from engine.questions.causes import codes_in, rank_causes, runbooks_for
from engine.questions.stores import Stores
from engine.questions.tell import cut, listed
from engine.state.inquiries import RunLine

_LISTED = 20
_FACTS = ("status", "size", "image", "region", "address", "server", "cidr")
_RUN_ID = re.compile(r"\brun-[0-9a-f]{12}\b")
_TEXT = 500
_NO_FAILURE = Failure(code="", message="")
# What has to be done before a run is resumed.
_FIRST = {
    "auth": "once the credentials are mended, ", "rate_limit": "after a few minutes, ",
    "quota": "once the limit is raised or something is taken away, ",
}  # fmt: skip


def explain_run(stores: Stores, place: Workspace, run_id: str, now: datetime) -> FailureAccount:
    """Also of a run that did not fail: then it says so. Raises `NotFound`."""
    line = stores.inquiries.run(place.name, run_id)
    if line is None:
        raise NotFound(f"There is no run {run_id[:60]!r}.", hint="list_runs names the runs of a workspace.")
    plan = stores.plans.get(line.plan_id).plan
    steps = stores.inquiries.steps(run_id, failed=True, limit=_LISTED)
    evidence = _evidence(stores, place.name, line, steps)
    codes = tuple(dict.fromkeys(each.code for each in evidence if each.code))
    similar = _similar(stores, place.name, line, evidence)
    done, not_done = _progress(stores, run_id, plan)
    return FailureAccount(
        workspace=place.name, statement=_statement(line, evidence), as_of=now, run_id=run_id, plan_id=line.plan_id,
        status=line.status.value, codes=codes, evidence=evidence, done=done[:_LISTED], done_count=len(done),
        not_done=not_done[:_LISTED], not_done_count=len(not_done), similar=similar,
        causes=rank_causes(codes, [each.message for each in evidence], similar, evidence) if evidence else (),
        runbooks=runbooks_for(codes) or (("stuck-run",) if not line.status.is_over else ()),
        next_call=_next_call(stores, place.name, line, evidence),
        citations=(
            cite_run(place.name, run_id), cite_plan(place.name, line.plan_id),
            *dict.fromkeys(cite_resource(place.name, each.address) for each in evidence if _is_resource(each.address)),
        ),
    )  # fmt: skip


def explain_text(stores: Stores, place: Workspace, text: str, now: datetime) -> FailureAccount:
    """An error that somebody pasted. A run of this workspace that it names is explained itself."""
    for run_id in dict.fromkeys(_RUN_ID.findall(text)):
        if stores.inquiries.run(place.name, run_id) is not None:
            return explain_run(stores, place, run_id, now)
    codes = tuple(codes_in(text))
    similar = _resembling(stores, place.name, text, codes)
    runbooks = runbooks_for(codes)
    known = f"It looks like {' or '.join(codes[:2])}." if codes else "No error that is known here is in this text."
    past = (
        f" {len(similar)} failure{'s' if len(similar) != 1 else ''} of this workspace resemble it." if similar else ""
    )
    latest = next((each for each in similar if not each.resolved_by), None)
    call = (
        ToolCall("explain_failure", {"run_id": latest.run_id}, "the newest run that failed like this")
        if latest
        else None
    )
    return FailureAccount(
        workspace=place.name, statement=f"{known}{past}", as_of=now, codes=codes, similar=similar,
        causes=rank_causes(codes, [text], similar), runbooks=runbooks,
        next_call=call or ToolCall("search_knowledge", {"query": cut(text, 200)}, "documentation on this error"),
        citations=(cite_workspace(place.name),),
    )  # fmt: skip


def _evidence(stores: Stores, workspace: str, line: RunLine, steps: Sequence[Step]) -> tuple[Evidence, ...]:
    if not steps and line.failure is not None:
        failure = line.failure
        whole = Evidence(
            "", failure.address, "", failure.code, cut(failure.message, _TEXT), cut(failure.hint, _TEXT), 0
        )
        return (whole,)
    facts = _facts(stores, workspace, [each.address for each in steps])
    loose = {each.address for each in stores.resources.loose_ends(workspace)}
    found: list[Evidence] = []
    for each in steps:
        observed = dict(facts.get(each.address, {"recorded": "no"} if _is_resource(each.address) else {}))
        if each.address in loose:
            observed["loose end"] = "a create was not answered; an object may exist under its key"
        span = (each.ended_at - each.started_at).total_seconds() if each.ended_at and each.started_at else None
        failure = each.failure or _NO_FAILURE
        found.append(
            Evidence(
                each.id, each.address, each.verb, failure.code, cut(failure.message, _TEXT), cut(failure.hint, _TEXT),
                each.attempts, span, observed,
            )
        )  # fmt: skip
    return tuple(found)


def _facts(stores: Stores, workspace: str, addresses: Sequence[str]) -> dict[str, dict[str, str]]:
    """What was last recorded of these resources."""
    return {
        row.address: {"id": cut(row.object_id)}
        | {name: cut(str(row.properties[name])) for name in _FACTS if row.properties.get(name)}
        for row in stores.inquiries.nodes(workspace, addresses)
    }


def _similar(stores: Stores, workspace: str, line: RunLine, evidence: Sequence[Evidence]) -> tuple[PastFailure, ...]:
    """Earlier failures with the same code or on the same address, the most alike first, then the newest."""
    ranked: list[tuple[int, PastFailure]] = []
    for other, step in stores.inquiries.failures(workspace):
        if other.id == line.id or other.created_at > line.created_at:
            continue
        alike = max((_alike(each, step) for each in evidence), key=len, default=())
        if {"code", "address"} & set(alike):
            ranked.append((len(alike), _past(stores, workspace, other, step, alike)))
    ranked.sort(key=lambda pair: (-pair[0], -pair[1].at.timestamp()))
    return tuple(past for _, past in ranked[:5])


def _resembling(stores: Stores, workspace: str, text: str, codes: Sequence[str]) -> tuple[PastFailure, ...]:
    """Failures of which the code is one of these, or most of the words of the message stand in the text."""
    words = _words(text)
    ranked: list[tuple[float, PastFailure]] = []
    for line, step in stores.inquiries.failures(workspace):
        if step.failure is None:
            continue
        said = _words(step.failure.message)
        share = len(words & said) / len(said) if said else 0.0
        alike = tuple(name for name, holds in (
            ("code", step.failure.code in codes), ("message", share >= 0.6), ("address", step.address in text),
        ) if holds)  # fmt: skip
        if alike:
            ranked.append((share + ("code" in alike), _past(stores, workspace, line, step, alike)))
    ranked.sort(key=lambda pair: -pair[0])
    return tuple(past for _, past in ranked[:5])


def _alike(evidence: Evidence, step: Step) -> tuple[str, ...]:
    code = step.failure.code if step.failure else ""
    same = {
        "code": bool(code) and code == evidence.code,
        "address": step.address == evidence.address,
        "type": step.address.partition(".")[0] == evidence.address.partition(".")[0],
        "verb": step.verb == evidence.verb,
    }
    return tuple(name for name, holds in same.items() if holds)


def _past(stores: Stores, workspace: str, line: RunLine, step: Step, alike: tuple[str, ...]) -> PastFailure:
    at = step.ended_at or line.created_at
    later = stores.inquiries.worked_later(workspace, step.address, at)
    resolved, resolution = "", ""
    if later is not None:
        resolved = later.run_id
        run = stores.inquiries.run(workspace, resolved)
        kind = f" ({run.kind})" if run else ""
        resolution = f"{resolved}{kind} did {' and '.join(later.verbs)} {step.address} with success later."
    failure = step.failure or _NO_FAILURE
    return PastFailure(
        run_id=line.id, uri=cite_run(workspace, line.id), address=step.address, code=failure.code,
        message=cut(failure.message, _TEXT), at=at, alike=alike, resolved_by=resolved, resolution=resolution,
    )  # fmt: skip


def _progress(stores: Stores, run_id: str, plan: Plan | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the plan's steps that are done, and of those that are not."""
    steps = stores.runs.get(run_id).steps
    finished = {each.id for each in steps if each.status in (StepStatus.DONE, StepStatus.SKIPPED)}
    planned = [each.id for each in plan.steps] if plan else [each.id for each in steps]
    return tuple(id_ for id_ in planned if id_ in finished), tuple(id_ for id_ in planned if id_ not in finished)


def _statement(line: RunLine, evidence: Sequence[Evidence]) -> str:
    done = f"{line.done} of {line.total} steps are done; what they did stays."
    if line.status is not RunStatus.FAILED and not evidence:
        status = line.status.value.replace("_", " ")
        return f"Run {line.id} did not fail: it is {status}, {line.done} of {line.total} steps done."
    if not evidence:
        return f"Run {line.id} failed, and the journal has no reason. {done}"
    first = evidence[0]
    where = f" at {first.step or first.address}" if first.step or first.address else " before its first step"
    tries = f" after {first.attempts} attempts" if first.attempts > 1 else ""
    more = (
        f" {len(evidence) - 1} more failed: {listed(each.step for each in evidence[1:])}." if len(evidence) > 1 else ""
    )
    words = first.message.split(" (and ")[0].rstrip(".")
    verb = "failed" if line.status is RunStatus.FAILED else f"is {line.status.value.replace('_', ' ')}; a step failed"
    return f"Run {line.id} {verb}{where}{tries} with {first.code}: {words}.{more} {done}"


def _next_call(stores: Stores, workspace: str, line: RunLine, evidence: Sequence[Evidence]) -> ToolCall | None:
    if not line.status.is_over:
        return ToolCall("get_run", {"run_id": line.id, "wait_seconds": 20}, "it is not over yet")
    if line.resumed_by:
        return ToolCall("get_run", {"run_id": line.resumed_by}, "this run was resumed by that one")
    if line.status not in (RunStatus.FAILED, RunStatus.CANCELLED):
        return None
    if evidence and all(_works_now(stores, workspace, line, each) for each in evidence):
        why = "what failed worked in a later run; this plans what is left"
        return ToolCall("plan_change", {"workspace": workspace}, why)
    return _by_code(stores, workspace, line, evidence)


def _by_code(stores: Stores, workspace: str, line: RunLine, evidence: Sequence[Evidence]) -> ToolCall:
    code = evidence[0].code if evidence else ""
    match code:
        case "plan_stale":
            return ToolCall("plan_change", {"workspace": workspace}, "plan again on the world as it is now")
        case "not_found" | "conflict":
            why = "see what is there and what is not, before planning again"
            return ToolCall("check_drift", {"workspace": workspace}, why)
        case "invalid":
            return _describe(stores, line, evidence[0])
        case _:
            why = f"{_FIRST.get(code, '')}plan only what is left of the run"
            return ToolCall("plan_run", {"run_id": line.id, "op": "resume"}, why)


def _describe(stores: Stores, line: RunLine, evidence: Evidence) -> ToolCall:
    plan = stores.plans.get(line.plan_id).plan
    change = plan.by_address.get(evidence.address) if plan else None
    type_ = evidence.address.partition(".")[0]
    topic = f"{change.provider}.{type_}" if change and change.provider else type_
    return ToolCall(
        "describe", {"topic": topic}, "the property's schema and limits; then plan_change with the mended property"
    )


def _works_now(stores: Stores, workspace: str, line: RunLine, evidence: Evidence) -> bool:
    ended = line.ended_at or line.created_at
    return bool(evidence.step) and stores.inquiries.worked_later(workspace, evidence.address, ended) is not None


def _is_resource(address: str) -> bool:
    return bool(address) and ":" not in address


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z_']{2,}", text.lower()[:20_000]))
