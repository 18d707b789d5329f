"""Questions about runs: which, how many, how far, how long, what they did."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.citation import cite_resource, cite_run, cite_workspace
from engine.model.run import RunStatus
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.lexeme import Part
from engine.questions.lexer import Entity
from engine.questions.tell import ROWS, clock, cut, lasted, listed
from engine.questions.times import When
from engine.state.inquiries import ALWAYS, RunLine, Span, Touch

_LIGHT = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.WITH}
_MOST_READ = 20_000
_OVER = tuple(status for status in RunStatus if status.is_over)
_ALIVE = (RunStatus.QUEUED, RunStatus.RUNNING)
_MEANT: dict[object, tuple[RunStatus, ...]] = {
    "over": _OVER, "alive": _ALIVE, "pending": (RunStatus.QUEUED,), RunStatus.RUNNING: (RunStatus.RUNNING,),
    RunStatus.QUEUED: (RunStatus.QUEUED,), RunStatus.FAILED: (RunStatus.FAILED,),
    RunStatus.SUCCEEDED: (RunStatus.SUCCEEDED,), RunStatus.CANCELLED: (RunStatus.CANCELLED,),
    RunStatus.ROLLED_BACK: (RunStatus.ROLLED_BACK,),
}  # fmt: skip
_ACTIONS: dict[tuple[str, ...], str] = {
    ("create",): "created", ("update",): "updated", ("delete",): "deleted", ("adopt",): "adopted",
    ("forget",): "forgotten", ("create", "delete"): "replaced",
}  # fmt: skip


def action_of(touch: Touch) -> str:
    return _ACTIONS.get(tuple(sorted(touch.verbs)), " and ".join(sorted(touch.verbs)))


def many_runs(case: Case) -> Draft | None:
    """`Failed runs`, `how many runs today`, `what is running`, `the last five runs`."""
    reading = case.reading
    allowed = {*_LIGHT, Part.RUN, Part.STATUS, Part.TIME, Part.LAST, Part.NUMBER, Part.RESOURCE}
    odd = reading.asks("why", "who", "when", "how long", "how far", "how much", "about")
    statuses, when = _statuses(case), _when(case)
    if not reading.only(allowed) or odd or statuses is None or when is None or not _is_about_runs(case):
        return None
    if not statuses and _is_one_word(case):
        return None
    count, runs = case.stores.inquiries.runs(case.name, when.span, statuses=statuses, limit=_most(case))
    count = min(count, _most(case)) if reading.has(Part.NUMBER) else count
    words = " or ".join(each.value.replace("_", " ") for each in statuses) if len(statuses) < len(_OVER) else "finished"
    return _list_of_runs(case, f"{words} " if statuses else "", when, count, runs)


def last_run(case: Case) -> Draft | None:
    """`The last run`, `did the latest failed run …`: one run, in full."""
    reading = case.reading
    allowed = {*_LIGHT, Part.RUN, Part.STATUS, Part.LAST, Part.FIELD, Part.FIRST, Part.MOVED, Part.NUMBER, Part.TIME}
    if not reading.has(Part.RUN) or not reading.has(Part.LAST) or not reading.only(allowed):
        return None
    if reading.asks("why", "who", "count") or reading.has(Part.TIME, Part.FIRST) or not _fields_fit(case):
        return None
    asks_outcome = reading.has(Part.DO) or (reading.fillers & {"is", "was", "has"} and not reading.asks("what", "when"))
    statuses = () if asks_outcome and reading.holds(Part.DO, "do") else _statuses(case)
    if statuses is None or not _is_single(case):
        return None
    _, runs = case.stores.inquiries.runs(case.name, statuses=statuses, limit=1)
    said = f"the last {'' if not statuses else statuses[0].value.replace('_', ' ') + ' '}run"
    if not runs:
        return Draft(f"Workspace {case.name} has no such run.", said, citations=(cite_workspace(case.name),))
    return _one(case, runs[0], said)


def one_run(case: Case) -> Draft | None:
    """A run by its id: its state, how far and how long it went, what it did."""
    reading = case.reading
    ids = reading.all(Part.RUN_ID)
    allowed = {
        *_LIGHT, Part.ARTICLE, Part.RUN, Part.RUN_ID, Part.STATUS, Part.FIELD, Part.MOVED, Part.CHANGE, Part.STEP,
        Part.RESOURCE, Part.CONSENT,
    }  # fmt: skip
    if len(ids) != 1 or not reading.only(allowed) or reading.asks("why", "who") or not _fields_fit(case):
        return None
    if reading.has(Part.CONSENT) and not (reading.asks("when") and reading.holds(Part.CONSENT, "start")):
        return None
    line = case.stores.inquiries.run(case.name, str(ids[0].value))
    if line is None:
        return no_such(case, "run", str(ids[0].value))
    if reading.has(Part.STEP, Part.RESOURCE) and reading.holds(Part.STATUS, RunStatus.FAILED):
        return None
    if reading.has(Part.MOVED, Part.CHANGE, Part.RESOURCE) or _asks_what_it_did(case):
        return what_it_did(case, line)
    return _one(case, line, f"run {line.id}")


def run_of_resource(case: Case) -> Draft | None:
    """`Which runs touched server.web[0]?`, its history."""
    reading = case.reading
    entity = reading.first(Part.ENTITY)
    allowed = {*_LIGHT, Part.ENTITY, Part.RUN, Part.MOVED, Part.HISTORY, Part.CHANGE, Part.LAST, Part.TIME}
    if entity is None or not reading.only(allowed) or reading.asks("why", "who", "count", "about"):
        return None
    told = reading.has(Part.MOVED, Part.HISTORY, Part.CHANGE, Part.RUN) or reading.asks("outcome")
    if not told or len(reading.all(Part.ENTITY)) != 1:
        return None
    named: Entity = entity.value
    addresses = list(named.addresses) or [named.said]
    when = _when(case)
    if when is None or len(addresses) > 20:
        return None
    found = [
        touch for address in addresses
        for touch in case.stores.inquiries.touched(case.name, when.span, address=address)[1]
        if fits(case, touch)
    ]  # fmt: skip
    found.sort(key=lambda touch: touch.at, reverse=True)
    return _past(case, named, found, when)


def what_it_did(case: Case, line: RunLine) -> Draft:
    """What a run changed, with the properties that differ where its plan is small."""
    wanted = {str(each.value) for each in case.reading.all(Part.MOVED)} - {"any"}
    most = _MOST_READ if wanted else ROWS
    count, touched = case.stores.inquiries.touched(case.name, run_id=line.id, limit=most)
    if wanted:
        touched = [each for each in touched if fits(case, each)]
        count = len(touched)
    diffs = _differences(case, line) if count <= ROWS else {}
    rows = tuple(
        StateRow(
            each.address, cite_resource(case.name, each.address),
            {"action": action_of(each), **diffs.get(each.address, {})},
        )
        for each in touched[:ROWS]
    )  # fmt: skip
    head = f"Run {line.id} ({line.kind}, {line.status.value.replace('_', ' ')})"
    doing = f"{' or '.join(action for action in sorted(wanted))}d" if wanted else "changed"
    did = listed(f"{row.fields['action']} {row.name}" for row in rows) if rows else ""
    statement = (
        f"{head} {doing} {count:,} resource{'' if count == 1 else 's'}: {did}."
        if rows
        else f"{head} {doing} no resource."
    )
    return Draft(statement, f"what run {line.id} did", count, rows, citations=(cite_run(case.name, line.id),))


def run_row(case: Case, line: RunLine) -> StateRow:
    fields = {
        "status": line.status.value, "kind": line.kind, "steps": f"{line.done} of {line.total}",
        "created": clock(line.created_at, case.now), "ended": clock(line.ended_at, case.now), "plan": line.plan_id,
        "error": cut(f"{line.failure.code}: {line.failure.message}", 300) if line.failure else "",
        "at": line.failure.address if line.failure else "", "waiting": cut(line.waiting),
    }  # fmt: skip
    return StateRow(line.id, cite_run(case.name, line.id), {name: text for name, text in fields.items() if text})


def no_such(case: Case, what: str, id_: str) -> Draft:
    text = f"Workspace {case.name} has no {what} {id_}."
    return Draft(text, f"{what} {id_}", citations=(cite_workspace(case.name),), next=f"list_{what}s names them.")


def _is_about_runs(case: Case) -> bool:
    """Several runs, or whatever is at work; one run that is not the last has no name here."""
    reading = case.reading
    if any(each.value != "any" for each in reading.all(Part.RESOURCE)):
        return False
    if reading.has(Part.NUMBER) and not reading.has(Part.LAST):
        return False
    if not reading.has(Part.RUN):
        return _bare_status(case)
    return not _is_single(case) or (reading.has(Part.ASK) and not reading.has(Part.LAST))


def _statuses(case: Case) -> tuple[RunStatus, ...] | None:
    """None where a status is said that no run has."""
    found: list[RunStatus] = []
    for each in case.reading.all(Part.STATUS):
        meant = _MEANT.get(each.value)
        if meant is None:
            return None
        found += meant
    return tuple(dict.fromkeys(found))


def _bare_status(case: Case) -> bool:
    """`What is running now?`, `anything queued?`, `did anything fail last night?`"""
    reading = case.reading
    alive = any(reading.holds(Part.STATUS, each) for each in (RunStatus.RUNNING, RunStatus.QUEUED, "alive"))
    failed = reading.holds(Part.STATUS, RunStatus.FAILED)
    open_ = reading.has(Part.RESOURCE) or reading.asks("what", "exists")
    return (alive and (open_ or reading.asks("list", "count"))) or (failed and open_)


def _is_one_word(case: Case) -> bool:
    """`What are runs?`, `run`: no question about those here."""
    reading = case.reading
    only_noun = all(each.part in (Part.RUN, Part.ASK) for each in reading)
    asked = reading.asks("list", "count", "exists") or bool(reading.fillers & {"there", "we", "i", "here"})
    return only_noun and not asked


def _is_single(case: Case) -> bool:
    runs = case.reading.all(Part.RUN)
    return all(not each.text.endswith("s") for each in runs) and not case.reading.has(Part.NUMBER)


def _most(case: Case) -> int:
    number = case.reading.first(Part.NUMBER)
    return min(int(number.value), ROWS) if number and case.reading.has(Part.LAST) else ROWS


def _when(case: Case) -> When | None:
    """The time that is said; None where two are."""
    times = case.reading.all(Part.TIME)
    if len(times) > 1:
        return None
    return times[0].value if times else When(ALWAYS, "")


def _list_of_runs(case: Case, kind: str, when: When, count: int, runs: Sequence[RunLine]) -> Draft:
    span = f" {when.words}" if when.words else ""
    last = "last " if case.reading.has(Part.LAST, Part.NUMBER) else ""
    asked = f"{last}{kind}runs{span}"
    if not runs:
        return Draft(f"No {kind}run in workspace {case.name}{span}.", asked, citations=(cite_workspace(case.name),))
    told = listed((_short(case, each) for each in runs), 5)
    statement = f"{count:,} {kind}run{'' if count == 1 else 's'}{span}, newest first: {told}."
    return Draft(statement, asked, count, tuple(run_row(case, each) for each in runs))


def _short(case: Case, line: RunLine) -> str:
    at = f"{line.failure.address}, {line.failure.code}" if line.failure and line.failure.address else ""
    at = at or (line.failure.code if line.failure else "")
    facts = [line.status.value.replace("_", " "), at, clock(line.created_at, case.now)]
    return f"{line.id} ({', '.join(fact for fact in facts if fact)})"


def _one(case: Case, line: RunLine, said: str) -> Draft:
    reading, rows = case.reading, (run_row(case, line),)
    if reading.has(Part.LAST) and (_asks_what_it_did(case) or reading.has(Part.MOVED, Part.CHANGE)):
        return what_it_did(case, line)
    parts = [f"Run {line.id} ({line.kind}) {_status_words(line)}, {line.done} of {line.total} steps done"]
    begun, ended = line.started_at or line.created_at, line.ended_at
    if reading.asks("how long", "when"):
        parts.append(f"it began {clock(begun, case.now)}")
    if ended is not None:
        parts.append(f"it ended {clock(ended, case.now)} after {lasted(ended - begun)}")
    elif reading.asks("how long"):
        parts.append(f"it has been going on for {lasted(case.now - begun)}")
    if line.failure:
        where = f"{line.failure.address}: " if line.failure.address else ""
        parts.append(f"error {line.failure.code}: {where}{cut(line.failure.message, 300)}")
    if line.resumed_by:
        parts.append(f"it was resumed by {line.resumed_by}")
    if line.waiting and not line.status.is_over:
        parts.append(cut(line.waiting))
    next_ = "explain_failure tells why and what to do." if line.status is RunStatus.FAILED else ""
    return Draft("; ".join(parts).rstrip(".") + ".", said, 1, rows, next=next_)


def _status_words(line: RunLine) -> str:
    verb = {
        RunStatus.QUEUED: "is ",
        RunStatus.RUNNING: "is ",
        RunStatus.CANCELLED: "was ",
        RunStatus.ROLLED_BACK: "was ",
    }
    return f"{verb.get(line.status, '')}{line.status.value.replace('_', ' ')}"


def _asks_what_it_did(case: Case) -> bool:
    """`What did run-… do?`: a verb that is left when nothing else is asked."""
    reading = case.reading
    return reading.asks("what") and reading.has(Part.DO) and not reading.has(Part.STATUS, Part.FIELD)


def _fields_fit(case: Case) -> bool:
    return all(each.value == "status" for each in case.reading.all(Part.FIELD))


def fits(case: Case, touch: Touch) -> bool:
    """`When was it created?` wants creates alone."""
    wanted = {str(each.value) for each in case.reading.all(Part.MOVED)} - {"any"}
    return not wanted or bool(wanted & {*touch.verbs, "replace" if len(touch.verbs) > 1 else ""})


def _past(case: Case, named: Entity, found: Sequence[Touch], when: When) -> Draft:
    span = f" {when.words}" if when.words else ""
    asked = f"what runs did to {named.said}{span}"
    if not found:
        return Draft(
            f"No run that is recorded did that to {named.said}{span}.", asked, citations=(cite_workspace(case.name),)
        )
    last = any(each.text.startswith("last") for each in case.reading.all(Part.MOVED))
    single = last or case.reading.has(Part.LAST) or case.reading.asks("when")
    kept = found[:1] if single else found[:ROWS]
    rows = tuple(
        StateRow(each.run_id, cite_run(case.name, each.run_id),
                 {"address": each.address, "action": action_of(each), "at": clock(each.at, case.now)})
        for each in kept
    )  # fmt: skip
    told = listed((f"{action_of(each)} {clock(each.at, case.now)} by {each.run_id}" for each in kept), 5)
    here = tuple(cite_resource(case.name, address) for address in named.addresses[:5])
    return Draft(f"{named.said}: {told}.", asked, 1 if single else len(found), rows, citations=here)


def _differences(case: Case, line: RunLine) -> dict[str, dict[str, str]]:
    """By address, the properties that the run's plan set out to change."""
    if line.total > 4 * ROWS:
        return {}
    plan = case.stores.plans.get(line.plan_id).plan
    return {
        each.address: {
            f"{diff.path}": f"{cut(str(diff.before), 60)} → {cut(str(diff.after), 60)}" for diff in each.diff[:5]
        }
        for each in (plan.changes if plan else ())
        if each.before and each.after
    }


def span_of(case: Case) -> tuple[Span, str] | None:
    """The span that is said, with its words; None where more than one is."""
    when = _when(case)
    return None if when is None else (when.span, when.words)
