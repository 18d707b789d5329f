"""Questions about plans, and about who confirmed, proposed or declined what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.model.citation import cite_plan, cite_run, cite_workspace
from engine.model.plan import Plan, PlanStatus
from engine.model.run import RunStatus
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.lexeme import Part
from engine.questions.lexer import Entity
from engine.questions.run_questions import fits, no_such, span_of
from engine.questions.tell import ROWS, clock, cut, listed
from engine.questions.things import unknown
from engine.state.inquiries import Consent, PlanLine

_LIGHT = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.WITH}
_MEANT: dict[object, str] = {
    "pending": "pending", RunStatus.QUEUED: "pending", "declined": "declined", "expired": "expired",
    "planning": "planning", RunStatus.FAILED: "failed", "over": "applied", RunStatus.SUCCEEDED: "applied",
}  # fmt: skip
_EVENTS = {"confirm": "plan.confirmed", "propose": "plan.proposed", "declined": "plan.declined"}
_WORDS = {"confirm": "confirmed", "propose": "proposed", "declined": "declined", "start": "confirmed"}


def many_plans(case: Case) -> Draft | None:
    """`Which plans wait?`, `declined plans this week`, `how many plans are pending`."""
    reading = case.reading
    allowed = {*_LIGHT, Part.PLAN, Part.STATUS, Part.TIME, Part.LAST, Part.NUMBER, Part.CONSENT, Part.NOT}
    odd = reading.asks("why", "who", "when", "how long", "about", "how far")
    if not reading.has(Part.PLAN) or not reading.only(allowed) or odd or _is_bare(case):
        return None
    asked = any(each.value == "propose" or each.text in ("start", "begin") for each in reading.all(Part.CONSENT))
    if asked or (reading.has(Part.NUMBER) and not reading.has(Part.LAST)):
        return None
    statuses, said = _statuses(case), span_of(case)
    if statuses is None or said is None:
        return None
    span, words = said
    count, lines = case.stores.inquiries.plans(case.name, span, limit=1000)
    kept = [line for line in (_aged(case, each) for each in lines) if not statuses or line.status in statuses]
    if count > len(lines):
        return None
    if reading.has(Part.LAST):
        kept = kept[: _most(case)]
    return _list_of_plans(case, statuses, kept, words)


def one_plan(case: Case) -> Draft | None:
    """A plan by its id: its state, what it does or did."""
    reading = case.reading
    ids = reading.all(Part.PLAN_ID)
    allowed = {
        *_LIGHT,
        Part.PLAN,
        Part.PLAN_ID,
        Part.STATUS,
        Part.FIELD,
        Part.MOVED,
        Part.CHANGE,
        Part.RESOURCE,
        Part.COST,
    }
    if len(ids) != 1 or not reading.only(allowed) or reading.asks("why", "who", "how long", "how far"):
        return None
    if any(each.value != "status" for each in reading.all(Part.FIELD)):
        return None
    line = case.stores.inquiries.plan(case.name, str(ids[0].value))
    if line is None:
        return no_such(case, "plan", str(ids[0].value))
    line = _aged(case, line)
    plan = case.stores.plans.get(line.id).plan
    if plan is None:
        why = f": {cut(line.failure.message, 300)}" if line.failure else ""
        return Draft(f"Plan {line.id} ({line.kind}) is {line.status}{why}.", f"plan {line.id}", 1, (_row(case, line),))
    return _told(case, line, plan)


def who(case: Case) -> Draft | None:
    """`Who confirmed plan …?`, `when was run … approved?`, `who declined the last plan?`"""
    reading = case.reading
    verb = _verb(case)
    allowed = {
        *_LIGHT,
        Part.PLAN,
        Part.PLAN_ID,
        Part.RUN,
        Part.RUN_ID,
        Part.CONSENT,
        Part.STATUS,
        Part.LAST,
        Part.MOVED,
        Part.AND,
        Part.ENTITY,
    }
    if not verb or not reading.asks("who", "when") or not reading.only(allowed):
        return None
    line, id_ = _plan_meant(case, verb)
    if line is None:
        return _nobody(case, id_)
    consent = case.stores.inquiries.consent(line.id)
    if verb == "propose":
        return _proposed(case, line)
    if verb == "declined":
        return _declined(case, line)
    return _confirmed(case, line, consent)


def summary(counts: Mapping[str, int]) -> str:
    """`2 create, 1 delete`."""
    return ", ".join(f"{count:,} {action}" for action, count in counts.items() if count) or "no change of a resource"


def _statuses(case: Case) -> set[str] | None:
    """None where a status is said that no plan has."""
    found: set[str] = set()
    for each in case.reading.all(Part.STATUS):
        meant = _MEANT.get(each.value)
        if meant is None:
            return None
        found.add(meant)
    negated = case.reading.has(Part.NOT)
    for each in case.reading.all(Part.CONSENT):
        if each.value == "confirm" or each.text == "applied":
            found.add("pending" if negated else "applied")
    return None if negated and not case.reading.has(Part.CONSENT) else found


def _is_bare(case: Case) -> bool:
    reading = case.reading
    only_noun = all(each.part in (Part.PLAN, Part.ASK) for each in reading)
    # `The plan has expired` tells of one that is not named.
    singular = all(not each.text.endswith("s") for each in reading.all(Part.PLAN))
    if singular and not reading.has(Part.ASK, Part.LAST, Part.NUMBER):
        return True
    return only_noun and not (
        reading.asks("list", "count", "exists") or bool(reading.fillers & {"there", "we", "i", "here"})
    )


def _aged(case: Case, line: PlanLine) -> PlanLine:
    """A pending plan whose time is over has expired."""
    if line.status == PlanStatus.PENDING.value and line.expires_at < case.now:
        return replace(line, status=PlanStatus.EXPIRED.value)
    return line


def _most(case: Case) -> int:
    number = case.reading.first(Part.NUMBER)
    if number is not None:
        return min(int(number.value), ROWS)
    single = all(not each.text.endswith("s") for each in case.reading.all(Part.PLAN))
    return 1 if single else ROWS


def _list_of_plans(case: Case, statuses: set[str], lines: Sequence[PlanLine], words: str) -> Draft:
    kind = f"{' or '.join(sorted(statuses))} " if statuses else ""
    span = f" {words}" if words else ""
    asked = f"{kind}plans{span}"
    if not lines:
        return Draft(f"No {kind}plan in workspace {case.name}{span}.", asked, citations=(cite_workspace(case.name),))
    told = listed(
        f"{each.id} ({each.kind}, {each.status}, {clock(each.created_at, case.now)})" for each in lines[:ROWS]
    )
    statement = f"{len(lines):,} {kind}plan{'' if len(lines) == 1 else 's'}{span}, newest first: {told}."
    return Draft(statement, asked, len(lines), tuple(_row(case, each) for each in lines[:ROWS]))


def _row(case: Case, line: PlanLine) -> StateRow:
    fields = {
        "status": line.status, "kind": line.kind, "created": clock(line.created_at, case.now), "run": line.run_id,
        "expires": clock(line.expires_at, case.now) if line.status == "pending" else "",
        "error": cut(f"{line.failure.code}: {line.failure.message}", 300) if line.failure else "",
    }  # fmt: skip
    return StateRow(line.id, cite_plan(case.name, line.id), {name: text for name, text in fields.items() if text})


def _told(case: Case, line: PlanLine, plan: Plan) -> Draft:
    wanted = {str(each.value) for each in case.reading.all(Part.MOVED)} - {"any"}
    changes = [each for each in plan.effective if not wanted or each.action.value in wanted]
    if case.reading.has(Part.COST):
        cost = plan.cost
        text = f"Plan {line.id}: {cost.before:.2f} {cost.currency} a month before, {cost.after:.2f} after."
        return Draft(text, f"the monthly price in plan {line.id}", 1, (_row(case, line),))
    rows = tuple(
        StateRow(each.address, cite_plan(case.name, line.id), {"action": each.action.value, "reason": cut(each.reason)})
        for each in changes[:ROWS]
    )
    run = f", run {line.run_id}" if line.run_id else ""
    names = f": {listed(f'{each.action.value} {each.address}' for each in changes)}" if changes else ""
    head = f"Plan {line.id} ({line.kind}, {plan.risk.level.value} risk) is {line.status}{run}"
    statement = f"{head}: {summary(plan.summary())}{names}."
    return Draft(statement, f"plan {line.id}", len(changes), rows, citations=(cite_plan(case.name, line.id),))


def _nobody(case: Case, id_: str) -> Draft | None:
    """No plan is known that is meant: an id that is not there, or a resource that no run changed so."""
    entity = case.reading.first(Part.ENTITY)
    if id_:
        return no_such(case, "run" if case.reading.has(Part.RUN_ID) else "plan", id_)
    if entity is None:
        return None
    named: Entity = entity.value
    if not named.things:
        return unknown(case, named)
    return Draft(f"No run that is recorded did that to {named.said}.", f"who changed {named.said}")


def _verb(case: Case) -> str:
    reading = case.reading
    if reading.holds(Part.STATUS, "declined"):
        return "declined" if len(reading.all(Part.STATUS)) == 1 and not reading.has(Part.CONSENT) else ""
    verbs = {str(each.value) for each in reading.all(Part.CONSENT)}
    if reading.holds(Part.MOVED, "create") and not verbs and reading.has(Part.PLAN, Part.PLAN_ID):
        verbs = {"propose"}
    elif reading.has(Part.MOVED):
        moves_one = reading.asks("who") and len(reading.all(Part.ENTITY)) == 1 and not verbs
        return "confirm" if moves_one and not reading.has(Part.PLAN, Part.PLAN_ID, Part.RUN, Part.RUN_ID) else ""
    elif reading.has(Part.ENTITY):
        return ""
    extra = [each for each in reading.all(Part.STATUS) if each.value is not RunStatus.FAILED]
    return verbs.pop() if len(verbs) == 1 and not extra else ""


def _plan_meant(case: Case, verb: str) -> tuple[PlanLine | None, str]:
    """The plan, by its id, its run's, what it last changed, or as the last one; or the id that is not known."""
    reading, inquiries = case.reading, case.stores.inquiries
    ids = [str(each.value) for each in reading.all(Part.PLAN_ID, Part.RUN_ID)]
    if len(ids) > 1:
        return None, ""
    if ids and reading.has(Part.PLAN_ID):
        return inquiries.plan(case.name, ids[0]), ids[0]
    run_id = ids[0] if ids else _run_meant(case)
    if run_id:
        run = inquiries.run(case.name, run_id)
        return (inquiries.plan(case.name, run.plan_id) if run else None), run_id
    if not reading.has(Part.LAST) or not reading.has(Part.PLAN):
        return None, ""
    statuses = {"confirm": ("applied",), "declined": ("declined",)}.get(verb, ())
    _, plans = inquiries.plans(case.name, statuses=statuses, limit=1)
    return (plans[0] if plans else None), ""


def _run_meant(case: Case) -> str:
    """The run that last changed the resource, or the last run; empty if neither is said."""
    reading, inquiries = case.reading, case.stores.inquiries
    entity = reading.first(Part.ENTITY)
    if entity is not None:
        named: Entity = entity.value
        touched = [each for address in named.addresses for each in inquiries.touched(case.name, address=address)[1]]
        kept = [each for each in touched if fits(case, each)]
        return max(kept, key=lambda each: each.at).run_id if kept else ""
    if not reading.has(Part.LAST) or not reading.has(Part.RUN):
        return ""
    statuses = (RunStatus.FAILED,) if reading.has(Part.STATUS) else ()
    _, runs = inquiries.runs(case.name, statuses=statuses, limit=1)
    return runs[0].id if runs else ""


def _confirmed(case: Case, line: PlanLine, consent: Consent | None) -> Draft:
    asked = f"who confirmed plan {line.id}"
    if consent is None:
        aged = _aged(case, line)
        return Draft(
            f"Nobody confirmed plan {line.id}: it is {aged.status}.",
            asked,
            0,
            citations=(cite_plan(case.name, line.id),),
        )
    fields = {
        "by": str(consent.principal), "channel": consent.channel, "at": clock(consent.at, case.now),
        "plan": line.id, "run": consent.run_id,
    }  # fmt: skip
    how = f"by {consent.channel} at {fields['at']}"
    statement = f"{consent.principal} confirmed plan {line.id} {how}, which began {consent.run_id}."
    uris = (cite_plan(case.name, line.id), cite_run(case.name, consent.run_id))
    return Draft(cut(statement, 400), asked, 1, (StateRow(line.id, uris[0], fields),), citations=uris)


def _proposed(case: Case, line: PlanLine) -> Draft:
    plan = case.stores.plans.get(line.id).plan
    asked, here = f"who proposed plan {line.id}", cite_plan(case.name, line.id)
    if plan is None:
        return Draft(f"Plan {line.id} is {line.status}, and who asked for it is not kept.", asked, citations=(here,))
    at = clock(line.created_at, case.now)
    row = StateRow(line.id, here, {"by": str(plan.by), "at": at})
    return Draft(cut(f"{plan.by} proposed plan {line.id} at {at}.", 400), asked, 1, (row,))


def _declined(case: Case, line: PlanLine) -> Draft | None:
    asked, here = f"who declined plan {line.id}", cite_plan(case.name, line.id)
    if line.status != PlanStatus.DECLINED.value:
        return Draft(f"Nobody declined plan {line.id}: it is {_aged(case, line).status}.", asked, citations=(here,))
    entry = next(_events(case.stores.audit.about(line.id), _EVENTS["declined"]), None)
    if entry is None:
        return Draft(f"Plan {line.id} was declined; who did it is no longer in the log.", asked, citations=(here,))
    by, channel, at = (cut(str(entry.get(name, ""))) for name in ("by", "channel", "at"))
    row = StateRow(line.id, here, {"by": by, "channel": channel, "at": at})
    return Draft(f"{by} declined plan {line.id} by {channel} at {at}.", asked, 1, (row,))


def _events(lines: Iterable[Mapping[str, Any]], event: str) -> Iterator[Mapping[str, Any]]:
    yield from (line for line in lines if line.get("event") == event)
