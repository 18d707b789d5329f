"""Questions about drift: answered by the latest check, as of its time, and only as far as no run came after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.citation import cite_resource, cite_workspace
from engine.model.drift_check import DriftCheck
from engine.model.finding import Finding
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.lexeme import Part, Reading
from engine.questions.lexer import Entity
from engine.questions.register import Thing
from engine.questions.tell import ROWS, clock, difference, listed
from engine.questions.things import subject_words, unknown

_ALLOWED = {
    Part.ASK, Part.DO, Part.DEFINITE, Part.ARTICLE, Part.TIED, Part.WITH, Part.LAST, Part.DRIFT, Part.CHECK, Part.TYPE,
    Part.RESOURCE, Part.ENTITY, Part.WORKSPACE,
}  # fmt: skip
_OTHER = ("why", "about", "who", "where", "how long", "how far", "how much", "outcome")
_PAST = frozenset(("was", "were", "been", "ever"))
_NEXT = "check_drift compares now and changes nothing."


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is asked about: everything, these types, or what bears this name."""

    types: tuple[str, ...]
    entity: Entity | None
    things: tuple[Thing, ...]

    def takes(self, finding: Finding) -> bool:
        if self.entity is not None:
            return finding.address in self.entity.addresses
        return not self.types or finding.address.partition(".")[0] in self.types


def drift(case: Case) -> Draft | None:
    """`What drifted?`, `is there any drift on server.web?`, `when was drift last checked?`"""
    reading = case.reading
    if not reading.has(Part.DRIFT) or not reading.only(_ALLOWED) or not _is_asked(reading):
        return None
    scope = _scope(case)
    if scope.entity is not None and not scope.things:
        return unknown(case, scope.entity)
    check = case.stores.findings.latest(case.name)
    if check is None:
        text = f"Drift was never checked in workspace {case.name}: what the providers report now is not known."
        return Draft(text, "the latest check for drift", citations=(cite_workspace(case.name),), next=_NEXT)
    if reading.asks("when") or (reading.has(Part.CHECK) and not reading.asks("what", "list", "count")):
        return _checked(case, check, scope)
    return _found(case, check, scope)


def _is_asked(reading: Reading) -> bool:
    """Whether it is about what is here, not about what drift is or how it is looked for."""
    if reading.asks(*_OTHER) or len(reading.all(Part.ENTITY)) > 1:
        return False
    if reading.has(Part.ARTICLE) and not reading.asks("exists"):
        return False
    did = any(each.text == "did" for each in reading.all(Part.DO))
    if reading.has(Part.CHECK):
        past = any(each.text.startswith(("was ", "were ", "did ", "has ", "have ")) for each in reading.all(Part.ASK))
        return past or did or reading.has(Part.LAST, Part.WITH) or bool(reading.fillers & _PAST)
    return reading.has(Part.ENTITY) or _is_ours(reading, did)


def _is_ours(reading: Reading, did: bool) -> bool:
    if reading.has(Part.DO) and not did:
        # `Do servers drift?` is about servers as such; `what drift do we have?` is about ours.
        return bool(reading.fillers & {"we", "i"})
    if did or reading.has(Part.WITH) or reading.asks("exists", "list", "count"):
        return True
    meant = reading.holds(Part.DRIFT, "verb") or reading.has(Part.DEFINITE) or "there" in reading.fillers
    return meant and (reading.asks("what", "when") or reading.holds(Part.RESOURCE, "any"))


def _scope(case: Case) -> _Scope:
    reading, register = case.reading, case.register
    lexeme = reading.first(Part.ENTITY)
    if lexeme is not None:
        return _Scope((), lexeme.value, lexeme.value.things)
    types = tuple(dict.fromkeys(str(each.value) for each in reading.all(Part.TYPE)))
    things = [each for each in register.things.values() if not types or each.type in types]
    return _Scope(types, None, tuple(things))


def _checked(case: Case, check: DriftCheck, scope: _Scope) -> Draft:
    """When it was looked at; what a run changed since then was not."""
    asked = "when drift was last checked"
    if scope.entity is not None and not case.reading.has(Part.CHECK):
        found = _found(case, check, scope)
        text = f"When something drifts is not recorded, only when it is found. {found.statement}"
        return _dated(case, check, Draft(text, asked, found.count, found.rows, citations=found.citations))
    checked = f"{check.checked:,} resource{'' if check.checked == 1 else 's'}"
    count = len(check.findings) + len(check.outdated)
    text = f"Drift was last checked {clock(check.at, case.now)}: {checked} compared, {count:,} had drifted."
    return _dated(case, check, Draft(text + _since(case, check, scope), asked, 1, citations=_here(case)))


def _found(case: Case, check: DriftCheck, scope: _Scope) -> Draft:
    found = [each for each in check.findings if scope.takes(each)]
    rows = tuple(
        StateRow(
            each.address, cite_resource(case.name, each.address), {"drift": each.kind, "difference": difference(each)}
        )
        for each in found[:ROWS]
    )
    head = f"By the check of {clock(check.at, case.now)}, {_counted(check, scope, found)}."
    asked = f"drift of {scope.entity.said if scope.entity else ' and '.join(scope.types) or 'all resources'}"
    text = head + _since(case, check, scope)
    return _dated(case, check, Draft(text, asked, len(found), rows, citations=_here(case)))


def _counted(check: DriftCheck, scope: _Scope, found: Sequence[Finding]) -> str:
    named = listed(f"{each.address} ({difference(each)})" for each in found)
    if scope.entity is not None:
        whole = [each.address for each in scope.things if _is_covered(check, each)]
        kept = [address for address in whole if address not in {each.address for each in found}]
        said = [f"{named} had drifted" if found else "", f"{listed(kept)} had not drifted" if kept else ""]
        unknown_now = f"nothing is known of {listed(scope.entity.addresses, 5)} as recorded now"
        return "; ".join(part for part in said if part) or unknown_now
    if not found:
        one = scope.types[0].replace("_", " ") if len(scope.types) == 1 else "resource"
        whole = all(_is_covered(check, each) for each in scope.things)
        return f"no {one} had drifted" if whole else f"no {one} had drifted that is recorded as it was then"
    return f"{subject_words(scope.types, len(found))} had drifted: {named}"


def _since(case: Case, check: DriftCheck, scope: _Scope) -> str:
    """What the check does not tell of, because runs came after it."""
    changed = [each.address for each in scope.things if not _is_covered(check, each)]
    gone = [each.address for each in check.outdated if scope.takes(each) and each.address not in case.register.things]
    text = f" Changed by runs since then and not checked again: {listed(changed, 5)}." if changed else ""
    return text + (f" Found then, and recorded no more: {listed(gone, 5)}." if gone else "")


def _is_covered(check: DriftCheck, thing: Thing) -> bool:
    return thing.updated_at < check.at.timestamp()


def _dated(case: Case, check: DriftCheck, draft: Draft) -> Draft:
    return Draft(
        draft.statement, draft.asked, draft.count, draft.rows, draft.near, _NEXT, draft.citations,
        check.at.astimezone(case.now.tzinfo), check.serial,
    )  # fmt: skip


def _here(case: Case) -> tuple[str, ...]:
    return (cite_workspace(case.name),)
