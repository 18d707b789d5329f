"""`Why did run … fail?`: the account of the failure, in a sentence, where a question asks for it."""

from __future__ import annotations

from engine.model.citation import cite_run, cite_workspace
from engine.model.failure_account import FailureAccount
from engine.model.run import RunStatus
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.explain import explain_run
from engine.questions.lexeme import Part
from engine.questions.lexer import Entity
from engine.questions.run_questions import no_such
from engine.questions.tell import cut

_ALLOWED = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.RUN, Part.RUN_ID, Part.STATUS, Part.LAST, Part.ERROR,
            Part.ENTITY, Part.STEP, Part.MOVED, Part.WITH}  # fmt: skip


def why(case: Case) -> Draft | None:
    reading = case.reading
    if not _is_about_one(case):
        return None
    ids = reading.all(Part.RUN_ID)
    if ids:
        line = case.stores.inquiries.run(case.name, str(ids[0].value))
        return no_such(case, "run", str(ids[0].value)) if line is None else _told(case, line.id)
    if reading.has(Part.ENTITY):
        return _of_resource(case, reading.all(Part.ENTITY)[0].value)
    _, runs = case.stores.inquiries.runs(case.name, statuses=(RunStatus.FAILED,), limit=1)
    if runs:
        return _told(case, runs[0].id)
    here = (cite_workspace(case.name),)
    return Draft(f"No run of workspace {case.name} failed.", "the last failed run", citations=here)


def _is_about_one(case: Case) -> bool:
    """A run, a resource, or the last run."""
    reading = case.reading
    named = len(reading.all(Part.RUN_ID, Part.ENTITY))
    last = reading.has(Part.LAST) and reading.has(Part.RUN, Part.ERROR)
    failed = all(each.value is RunStatus.FAILED for each in reading.all(Part.STATUS))
    return reading.asks("why") and reading.only(_ALLOWED) and failed and (named == 1 or (named == 0 and last))


def _of_resource(case: Case, entity: Entity) -> Draft | None:
    """The last failure of a step on it."""
    if not (case.reading.has(Part.STATUS) or case.reading.has(Part.ERROR)):
        return None
    named = {*entity.addresses, entity.said}
    for line, step in case.stores.inquiries.failures(case.name, limit=1000):
        if step.address in named:
            return _told(case, line.id)
    text = f"No step on {entity.said} failed in workspace {case.name}."
    return Draft(text, f"the last failure of {entity.said}", citations=(cite_workspace(case.name),))


def _told(case: Case, run_id: str) -> Draft:
    account = explain_run(case.stores, case.place, run_id, case.now)
    rows = tuple(
        StateRow(each.address or each.step, cite_run(case.name, run_id), {
            "step": each.step, "code": each.code, "error": cut(each.message, 300), "attempts": str(each.attempts),
        })
        for each in account.evidence
    )  # fmt: skip
    call = account.next_call
    next_ = f"{call.tool}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())}): {call.why}" if call else ""
    return Draft(
        _sentence(account),
        f"why run {run_id} failed",
        len(rows),
        rows,
        next=next_,
        citations=(cite_run(case.name, run_id),),
    )


def _sentence(account: FailureAccount) -> str:
    cause = f" Likeliest cause: {account.causes[0].text}" if account.causes else ""
    return f"{account.statement}{cause}"
