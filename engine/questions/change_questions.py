"""Questions about what changed: last night, since Monday, in the last run; and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.model.citation import cite_resource, cite_run, cite_workspace
from engine.model.run import RunStatus, Step
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.lexeme import Part
from engine.questions.lexer import Entity
from engine.questions.run_questions import action_of, fits, span_of, what_it_did
from engine.questions.tell import ROWS, clock, cut, listed
from engine.questions.words import plural
from engine.state.inquiries import ALWAYS, RunLine, Touch

_LIGHT = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.WITH}
_FAILURES = {
    *_LIGHT, Part.ARTICLE, Part.STEP, Part.ERROR, Part.STATUS, Part.CODE, Part.TIME, Part.LAST, Part.RUN, Part.RUN_ID,
    Part.MOVED, Part.TYPE, Part.ENTITY, Part.RESOURCE,
}  # fmt: skip
_SOME = 2000


def changes(case: Case) -> Draft | None:
    """`What changed last night?`, `which servers were created today?`, `what changed recently?`"""
    said = span_of(case)
    if said is None or not _is_about_changes(case):
        return None
    span, words = said
    if span == ALWAYS:
        return _lately(case)
    count, touched = case.stores.inquiries.touched(case.name, span, limit=_SOME)
    kept = [each for each in touched if fits(case, each) and _is_of_type(case, each)]
    if count > len(touched) and len(kept) != len(touched):
        return None
    return _told(case, kept, count if len(kept) == len(touched) else len(kept), words)


def failing(case: Case) -> Draft | None:
    """`Which steps failed?`, `quota errors this week`, `what failed on servers today`."""
    reading, said = case.reading, span_of(case)
    if said is None or not _is_about_failures(case):
        return None
    if unknown_run := _unknown_run(case):
        return unknown_run
    found = [pair for pair in case.stores.inquiries.failures(case.name, said[0], limit=_SOME) if _is_meant(case, *pair)]
    if reading.has(Part.LAST) and found:
        newest = found[0][0].id
        found = [pair for pair in found if pair[0].id == newest] if reading.has(Part.RUN) else found[:1]
    if reading.has(Part.RUN) and not reading.has(Part.RUN_ID, Part.LAST):
        return _runs_with(case, found, said[1])
    return _failures(case, found, said[1])


def _is_about_changes(case: Case) -> bool:
    reading = case.reading
    allowed = {*_LIGHT, Part.MOVED, Part.CHANGE, Part.TIME, Part.LAST, Part.TYPE, Part.RESOURCE, Part.RUN, Part.AND}
    return (
        reading.only(allowed)
        and reading.has(Part.MOVED, Part.CHANGE)
        and reading.has(Part.TIME, Part.LAST)
        and not reading.asks("why", "who", "how long", "how far", "about", "where")
        and (not reading.has(Part.RUN) or (reading.has(Part.LAST) and not reading.has(Part.TIME)))
    )


def _is_about_failures(case: Case) -> bool:
    reading = case.reading
    failed = reading.holds(Part.STATUS, RunStatus.FAILED)
    about = reading.has(Part.ERROR, Part.CODE) or (
        reading.has(Part.STEP, Part.ENTITY, Part.TYPE, Part.RUN_ID) and failed
    )
    # An article is said of an error alone: a quota error.
    articles = not reading.has(Part.ARTICLE) or (reading.has(Part.CODE) and reading.has(Part.RUN, Part.ENTITY))
    return (
        about
        and articles
        and reading.only(_FAILURES)
        and (failed or not reading.has(Part.STEP))
        and not reading.asks("why", "who", "when", "how long", "about", "how far")
        and all(each.value == "any" for each in reading.all(Part.MOVED))
        and all(each.value is RunStatus.FAILED for each in reading.all(Part.STATUS))
        and not _is_bare(case)
    )


def _lately(case: Case) -> Draft | None:
    """Without a time: what the last run that changed something did."""
    reading = case.reading
    if (
        not reading.has(Part.LAST)
        or reading.has(Part.TYPE)
        or {each.value for each in reading.all(Part.MOVED)} - {"any"}
    ):
        return None
    _, runs = case.stores.inquiries.runs(case.name, limit=ROWS)
    for line in runs:
        found = what_it_did(case, line)
        if found.count or reading.has(Part.RUN):
            return found
    return Draft(
        f"No run changed anything in workspace {case.name}.", "the last changes", citations=(cite_workspace(case.name),)
    )


def _is_of_type(case: Case, touch: Touch) -> bool:
    types = {str(each.value) for each in case.reading.all(Part.TYPE)}
    return not types or touch.address.partition(".")[0] in types


def _told(case: Case, touched: Sequence[Touch], count: int, words: str) -> Draft:
    reading = case.reading
    types = [plural(str(each.value)) for each in reading.all(Part.TYPE)]
    moved = [each.text for each in reading.all(Part.MOVED) if each.value != "any"]
    asked = f"{' and '.join(types) or 'resources'} {' or '.join(moved) or 'changed'} {words}".strip()
    if not touched:
        return Draft(f"Nothing: no {asked}.", asked, citations=(cite_workspace(case.name),))
    counted = Counter(action_of(each) for each in touched)
    rows = tuple(
        StateRow(
            each.address, cite_resource(case.name, each.address),
            {"action": action_of(each), "run": each.run_id, "at": clock(each.at, case.now)},
        )
        for each in touched[:ROWS]
    )  # fmt: skip
    runs = list(dict.fromkeys(each.run_id for each in touched))
    sums = ", ".join(f"{number:,} {action}" for action, number in counted.most_common())
    names = listed(f"{row.name} ({row.fields['action']})" for row in rows)
    by = f"{len(runs)} run{'' if len(runs) == 1 else 's'}"
    statement = f"{count:,} change{'' if count == 1 else 's'} {words}: {sums}, by {by}: {names}."
    return Draft(statement, asked, count, rows, citations=tuple(cite_run(case.name, each) for each in runs[:5]))


def _is_bare(case: Case) -> bool:
    """`What is an error?`, `errors`: no question about those here."""
    reading = case.reading
    alone = all(each.part in (Part.ASK, Part.ERROR, Part.CODE, Part.STEP) for each in reading)
    asked = reading.asks("list", "count", "exists") or bool(reading.fillers & {"there", "we", "i", "here"})
    return alone and not asked


def _unknown_run(case: Case) -> Draft | None:
    for each in case.reading.all(Part.RUN_ID):
        if case.stores.inquiries.run(case.name, str(each.value)) is None:
            text = f"Workspace {case.name} has no run {each.value}."
            return Draft(text, f"run {each.value}", citations=(cite_workspace(case.name),))
    return None


def _is_meant(case: Case, line: RunLine, step: Step) -> bool:
    reading = case.reading
    codes = {str(each.value) for each in reading.all(Part.CODE)}
    types = {str(each.value) for each in reading.all(Part.TYPE)}
    ids = {str(each.value) for each in reading.all(Part.RUN_ID)}
    named: list[Entity] = [each.value for each in reading.all(Part.ENTITY)]
    addresses = {address for each in named for address in (*each.addresses, each.said)}
    return (
        (not codes or (step.failure is not None and step.failure.code in codes))
        and (not types or step.address.partition(".")[0] in types)
        and (not ids or line.id in ids)
        and (not named or step.address in addresses)
    )


def _runs_with(case: Case, found: Sequence[tuple[RunLine, Step]], words: str) -> Draft:
    """`Which runs failed with quota?`"""
    runs = {line.id: line for line, _ in found}
    asked = f"runs with {_what(case)}{f' {words}' if words else ''}"
    if not runs:
        return Draft(f"No {asked}.", asked, citations=(cite_workspace(case.name),))
    rows = tuple(
        StateRow(each.id, cite_run(case.name, each.id), {
            "status": each.status.value, "created": clock(each.created_at, case.now),
            "error": cut(f"{each.failure.code}: {each.failure.message}", 300) if each.failure else "",
        })
        for each in list(runs.values())[:ROWS]
    )  # fmt: skip
    return Draft(
        f"{len(runs):,} run{'' if len(runs) == 1 else 's'}{asked[4:]}: {listed(runs)}.", asked, len(runs), rows
    )


def _failures(case: Case, found: Sequence[tuple[RunLine, Step]], words: str) -> Draft:
    asked = f"{_what(case)}{f' {words}' if words else ''}"
    if not found:
        return Draft(f"No {asked} recorded.", asked, citations=(cite_workspace(case.name),))
    rows = tuple(
        StateRow(step.address, cite_run(case.name, line.id), {
            "run": line.id, "step": step.id, "code": step.failure.code if step.failure else "",
            "error": cut(step.failure.message, 300) if step.failure else "", "attempts": str(step.attempts),
            "at": clock(step.ended_at, case.now),
        })
        for line, step in found[:ROWS]
    )  # fmt: skip
    names = listed(f"{row.fields['step']} ({row.fields['code']}, {row.fields['run']})" for row in rows)
    statement = f"{len(found):,} {asked}, newest first: {names}."
    return Draft(statement, asked, len(found), rows, next="explain_failure tells why one failed and what to do.")


def _what(case: Case) -> str:
    reading = case.reading
    codes = [str(each.value) for each in reading.all(Part.CODE)]
    where = [f"of {plural(str(each.value))}" for each in reading.all(Part.TYPE)]
    where += [f"of {each.value.said}" for each in reading.all(Part.ENTITY)]
    where += [f"in {each.value}" for each in reading.all(Part.RUN_ID)]
    return " ".join([*codes, "failed steps", *where])
