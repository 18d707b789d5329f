"""HistorySource: a workspace's past and present as documents: runs, lost plans, resources by type, days, drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Protocol

from engine.model.change import Change, PropertyDiff
from engine.model.chronicle import Chronicle, PastAct, PastPlan, PastRun
from engine.model.citation import cite_plan, cite_run, cite_workspace
from engine.model.errors import GroundplanError
from engine.model.failure_account import FailureAccount
from engine.model.finding import Finding
from engine.model.plan_record import PlanRecord
from engine.model.query import Page, ResourceQuery
from engine.model.resource import Recorded
from engine.model.run import RunStatus
from engine.model.workspace import Workspace
from rag.model.document import Document, Scope
from rag.model.errors import DocumentUnreadable

_RETOLD = 40
_DAYS = 60
_GROUPS = 300
_ADDRESSES = 30
_READ_IN_FULL = 1000
_LINE = 300
_TEXT = 40_000
_DRIFT = "drift/latest"
_TOLD = ("size", "image", "region", "cidr", "address", "filesystem", "mount", "status")


class Teller(Protocol):
    """What is asked of the engine."""

    def chronicle(self, workspace: str) -> Chronicle: ...

    def explain(self, run_id: str) -> FailureAccount: ...

    def plan(self, plan_id: str) -> PlanRecord: ...

    def resources(
        self, workspace: str, query: ResourceQuery, *, cursor: str = "", limit: int = 50
    ) -> Page[Recorded]: ...


class HistorySource:
    """One workspace's. It is bounded: the newest runs and plans, one document for each type of resource and each day.

    State holds references to secrets, never their values, and so does what is told from it.
    """

    def __init__(self, engine: Teller, workspace: Workspace) -> None:
        self._engine = engine
        self._name, self._uid = workspace.name, workspace.uid
        self._known: Chronicle | None = None

    @property
    def shelf(self) -> str:
        return self._uid

    @property
    def scope(self) -> Scope:
        return Scope.HISTORY

    def marks(self) -> Mapping[str, str]:
        """A run that is over moves no more, but what came of the newest failures may: each run tells them anew.

        Raises `DocumentUnreadable` when the engine can't tell.
        """
        try:
            self._known = told = self._engine.chronicle(self._name)
        except GroundplanError as wrong:
            raise DocumentUnreadable(wrong.message, hint=wrong.hint) from wrong
        failed = [each.id for each in told.runs if each.status is RunStatus.FAILED][:_RETOLD]
        found = {
            f"runs/{each.id}": f"{each.status.value} {each.resumed_by} {told.serial if each.id in failed else ''}"
            for each in told.runs
        }
        found |= {f"plans/{each.id}": each.outcome for each in told.plans}
        found |= {f"resources/{each.type}": f"{each.count} {each.updated_at.timestamp()}" for each in told.types}
        found |= {f"days/{day}": _day_mark(happened) for day, happened in _by_day(told)}
        if (check := told.drift) is not None:
            found[_DRIFT] = f"{check.at.timestamp()} {len(check.findings)} {len(check.outdated)}"
        # The workspace's name is in every address: when it is renamed, everything is told again.
        return {id_: f"{mark} {self._name}" for id_, mark in found.items()}

    def read(self, document_id: str) -> Document | None:
        kind, _, name = document_id.partition("/")
        try:
            match kind:
                case "runs":
                    return self._run(name)
                case "plans":
                    return self._plan(name)
                case "resources":
                    return self._resources(name)
                case "days":
                    return self._day(name)
                case "drift":
                    return self._drift()
                case _:
                    return None
        except GroundplanError as wrong:
            raise DocumentUnreadable(wrong.message, hint=wrong.hint) from None

    def _chronicle(self) -> Chronicle:
        if self._known is None:
            self._known = self._engine.chronicle(self._name)
        return self._known

    def _run(self, run_id: str) -> Document | None:
        run = next((each for each in self._chronicle().runs if each.id == run_id), None)
        if run is None:
            return None
        lines = list(self._run_lines(run))
        codes = (run.code,) if run.code else ()
        addresses = (run.address,) if run.address else ()
        title = f"Run {run.id} {_words(run.status)}" + (
            f": {run.code} {_line(run.address)}".rstrip() if run.code else ""
        )
        return self._document(
            f"runs/{run.id}", cite_run(self._name, run.id), title, lines, "run",
            (run.status.value, run.kind, *codes, *addresses), run.at,
        )  # fmt: skip

    def _run_lines(self, run: PastRun) -> Iterator[str]:
        by = f", confirmed by {run.by} over {run.channel}" if run.by else ""
        yield f"Run {run.id} of plan {run.plan_id} ({run.kind}) {_words(run.status)} at {_clock(run.at)}{by}."
        yield _changed(run)
        if run.status in (RunStatus.FAILED, RunStatus.CANCELLED):
            yield from _account_lines(self._engine.explain(run.id))
            if run.resumed_by:
                yield f"It was resumed by {run.resumed_by}."
            return
        # A plan of thousands of changes takes a second to read, and its counts are told above.
        small = sum(count for _, count in run.changed) <= _READ_IN_FULL
        plan = self._engine.plan(run.plan_id).plan if small else None
        if plan is not None:
            touched = [f"{each.action.value} {each.address}" for each in plan.effective]
            yield f"It changed: {_listed(touched)}." if touched else ""
            yield from _differences(plan.effective)

    def _plan(self, plan_id: str) -> Document | None:
        past = next((each for each in self._chronicle().plans if each.id == plan_id), None)
        if past is None:
            return None
        title = f"Plan {past.id} ({past.kind}) {_ended(past)}"
        lines = [f"{title}; it was made at {_clock(past.at)}.", _line(past.reason)]
        plan = self._engine.plan(plan_id).plan
        if plan is not None:
            wanted = [f"{each.action.value} {each.address}" for each in plan.effective]
            lines += [f"{plan.by} proposed it. It was to: {_listed(wanted)}." if wanted else f"{plan.by} proposed it."]
            lines += [_line(f"Its risk was {plan.risk.level.value}. {' '.join(plan.risk.reasons)}")]
        uri = cite_plan(self._name, past.id)
        return self._document(f"plans/{past.id}", uri, title, lines, "plan", (past.outcome, past.kind), past.at)

    def _resources(self, type_: str) -> Document | None:
        state = next((each for each in self._chronicle().types if each.type == type_), None)
        if state is None:
            return None
        lines = [f"Workspace {self._name} has {state.count} recorded of type {type_}."]
        declared = groupby(self._of_type(type_), key=lambda each: str(each.address.declaration))
        for number, (declaration, group) in enumerate(declared):
            if number == _GROUPS:
                lines.append("More are recorded; find_resources lists them.")
                break
            lines.append(f"- {_described(declaration, list(group))}")
        uri = cite_workspace(self._name)
        title = f"Resources of type {type_} in {self._name}"
        return self._document(f"resources/{type_}", uri, title, lines, "resource", (type_,), state.updated_at)

    def _of_type(self, type_: str) -> Iterator[Recorded]:
        page = self._engine.resources(self._name, ResourceQuery(type=type_), limit=10 * _GROUPS)
        yield from page.items

    def _day(self, day: str) -> Document | None:
        happened = dict(_by_day(self._chronicle())).get(day)
        if not happened:
            return None
        lines = [f"What was confirmed, carried out, declined and denied in workspace {self._name} on {day}:"]
        lines += [f"- {_clock(each.at)} {_act_line(each)}" for each in happened]
        title = f"{self._name} on {day}"
        codes = tuple(dict.fromkeys(each.code for each in happened if isinstance(each, PastRun) and each.code))
        uri = cite_workspace(self._name)
        return self._document(f"days/{day}", uri, title, lines, "audit", codes, happened[0].at)

    def _drift(self) -> Document | None:
        check = self._chronicle().drift
        if check is None:
            return None
        found = len(check.findings) + len(check.outdated)
        title = f"Drift of {self._name}: {found} of {check.checked} resources at the last check"
        lines = [
            f"Drift was last checked at {_clock(check.at)} (state serial {check.serial}): {check.checked} resources "
            f"were compared with what the providers reported, {found} had drifted. check_drift looks again."
        ]
        lines += [f"- {_finding_line(each)}" for each in check.findings[:_GROUPS]]
        if check.outdated:
            lines.append("Drifted then, and changed by a run or recorded no more since:")
            lines += [f"- {_finding_line(each)}" for each in check.outdated[:_GROUPS]]
        tags = tuple(dict.fromkeys(each.kind for each in (*check.findings, *check.outdated)))
        return self._document(_DRIFT, cite_workspace(self._name), title, lines, "drift", tags, check.at)

    def _document(  # noqa: PLR0913, PLR0917 - the parts of a document
        self, id_: str, uri: str, title: str, lines: Iterable[str], kind: str, tags: tuple[str, ...], at: datetime
    ) -> Document:
        body = "\n".join([f"# {_line(title)}", "", *(line for line in lines if line)])
        text = body if len(body) <= _TEXT else f"{body[:_TEXT]}…"
        return Document(
            id=id_, shelf=self._uid, scope=Scope.HISTORY, uri=uri, title=_line(title), text=text, kind=kind,
            tags=tags, updated_at=at,
        )  # fmt: skip


def _account_lines(account: FailureAccount) -> Iterator[str]:
    """A failure with cause and remedy in full."""
    for each in account.evidence:
        tries = f" after {each.attempts} attempts" if each.attempts > 1 else ""
        yield f"Step {_line(each.step or each.address)} failed{tries} with {each.code}: {_line(each.message)}"
        if each.hint:
            yield f"Remedy: {_line(each.hint)}"
    for cause in account.causes[:3]:
        yield f"Likely cause: {_line(cause.text)} ({_line(cause.reason)})"
    yield f"{account.done_count} steps were done, {account.not_done_count} not: {_listed(account.not_done)}."
    failing = {each.address for each in account.evidence}
    for each in (past for past in account.similar if past.address in failing):
        yield f"Like {each.run_id}, {each.code} at {_line(each.address)}. {_line(each.resolution)}"
    if account.next_call is not None:
        yield f"Next then: {account.next_call.tool}, {_line(account.next_call.why)}."


def _differences(changes: Iterable[Change]) -> Iterator[str]:
    """What was updated, of the properties that are told anyway: a script or a key is nobody's history."""
    for each in list(changes)[:_ADDRESSES]:
        diffs = [diff for diff in each.diff if _is_told(diff)]
        if diffs and each.before:
            yield _line(f"{each.address}: {_sides(diffs)}")


def _is_told(diff: PropertyDiff) -> bool:
    return diff.path in _TOLD or diff.path.startswith("labels")


def _sides(diffs: Iterable[PropertyDiff]) -> str:
    said = (f"from {diff.before!r:.60} to {diff.after!r:.60}" if _is_told(diff) else "differs" for diff in diffs)
    return "; ".join(f"{diff.path} {sides}" for diff, sides in islice(zip(diffs, said, strict=True), 5))


def _described(declaration: str, group: list[Recorded]) -> str:
    """One declaration: how many, what they are like, their labels."""
    first = group[0]
    facts = [f"{name} {first.properties[name]}" for name in _TOLD if first.properties.get(name)]
    labels = ", ".join(f"{key}={value}" for key, value in sorted(first.labels.items()))
    needs = ", ".join(str(each) for each in first.depends_on[:5])
    many = f"{len(group)} of {declaration}" if len(group) > 1 else str(first.address)
    parts = [
        many,
        f"on {first.provider}",
        *facts,
        f"labels {labels}" if labels else "",
        f"needs {needs}" if needs else "",
    ]
    return _line(", ".join(part for part in parts if part))


def _by_day(told: Chronicle) -> list[tuple[str, list[PastRun | PastAct]]]:
    """The newest days on which something happened, each with its runs and acts, newest first."""
    both: list[PastRun | PastAct] = sorted((*told.runs, *told.acts), key=lambda each: each.at, reverse=True)
    days = [(day, list(same)) for day, same in groupby(both, key=lambda each: f"{each.at.astimezone(UTC):%Y-%m-%d}")]
    return days[:_DAYS]


def _day_mark(happened: Sequence[PastRun | PastAct]) -> str:
    newest = next((f"{each.id} {each.status.value}" for each in happened if isinstance(each, PastRun)), "")
    return f"{len(happened)} {happened[0].at.timestamp()} {newest}"


def _act_line(each: PastRun | PastAct) -> str:
    if isinstance(each, PastRun):
        by = f" by {each.by} over {each.channel}" if each.by else ""
        error = f" ({each.code} {_line(each.address)})".replace(" )", ")") if each.code else ""
        return f"run {each.id} ({each.kind}), confirmed{by}, {_words(each.status)}{error}. {_changed(each)}"
    over = f" over {each.channel}" if each.channel else ""
    match each.kind:
        case "declined":
            said = f"plan {each.plan_id} was declined by {each.by}{over}."
        case "denied":
            said = f"the rules denied plan {each.plan_id} of {each.by}: {each.text}"
        case "refused":
            said = f"plan {each.plan_id} was not applied, though {each.by} confirmed it: {each.text}"
        case _:
            said = f"{each.by} accepted the home's looser consent rules: {each.text or 'none was looser'}"
    return _line(said)


def _finding_line(each: Finding) -> str:
    if not each.diff:
        return _line(f"{each.address} is missing: {each.text}")
    return _line(f"{each.address} changed outside Groundplan: {_sides(each.diff)}")


def _changed(run: PastRun) -> str:
    done = {"create": "created", "update": "updated", "delete": "deleted", "adopt": "adopted", "forget": "forgotten"}
    counts = ", ".join(f"{count} {done.get(verb, verb)}" for verb, count in run.changed)
    return f"Resources: {counts}." if counts else "It changed no resource."


def _ended(past: PastPlan) -> str:
    return {"declined": "was declined", "failed": "could not be made", "stale": "became stale"}.get(
        past.outcome, "expired"
    )


def _words(status: RunStatus) -> str:
    said = status.value.replace("_", " ")
    return f"was {said}" if status in (RunStatus.CANCELLED, RunStatus.ROLLED_BACK) else said


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _listed(names: Iterable[str]) -> str:
    given = [_line(name) for name in names]
    more = f" and {len(given) - _ADDRESSES} more" if len(given) > _ADDRESSES else ""
    return ", ".join(given[:_ADDRESSES]) + more if given else "nothing"


def _line(text: str) -> str:
    """One line of bounded length: what others wrote can't start a heading or a fence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LINE else f"{flat[: _LINE - 1]}…"
