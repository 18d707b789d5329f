"""Looking things up, the same for every door: the state store for what is exact, the index for what is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.model.errors import GroundplanError, NotFound
from engine.model.failure_account import FailureAccount
from engine.model.state_answer import StateAnswer
from engine.model.workspace import Workspace
from engine.model.workspace_digest import WorkspaceDigest
from rag.chunk.tokens import count as count_tokens
from rag.model.answer import Answer, Verdict
from rag.model.document import KNOWLEDGE_SHELF, Scope
from rag.model.errors import LibraryError
from rag.model.query import Query, Within
from server.office import Office
from server.render.answers.state import state_echo, state_text
from server.render.outage import outage

_RUNBOOK_PASSAGES = 3
_RUNBOOK_TOKENS = 1_200
_LONGEST_QUERY = 2_000
_LEAST_BUDGET = 200
_FIRST_LOOK_SECONDS = 1.0
_NO_WORKSPACE = "No workspace was looked into: {}"
_NO_STATE = "The state was not asked: {}"


@dataclass(frozen=True, slots=True)
class Question:
    """`workspace` empty: the one that is meant where none is named. Empty scopes, kinds or tags: all.

    `state` asks the state store first; a question about the shipped pages alone needs no engine.
    """

    text: str
    workspace: str = ""
    scopes: tuple[Scope, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    limit: int = 8
    token_budget: int = 2_000
    state: bool = True

    @property
    def needs_workspace(self) -> bool:
        return self.state or bool(self.workspace) or self.scopes != (Scope.KNOWLEDGE,)


@dataclass(frozen=True, slots=True)
class Reply:
    """`state` is exact and stands apart from the passages; `workspace` is empty where there is none yet."""

    workspace: str
    state: StateAnswer | None
    answer: Answer

    @property
    def is_empty(self) -> bool:
        return self.state is None and self.answer.verdict is Verdict.NONE


def look_up(office: Office, question: Question) -> Reply:
    """Takes as long as a search; may be called from any thread. Raises `NotFound` for a workspace that there is not.

    When the engine can't be opened the shipped pages still answer, its runbooks among them, and the note says why.
    """
    place, state, trouble = _known(office, question) if question.needs_workspace else (None, None, "")
    spent = count_tokens(state_text(state_echo(state))) if state else 0
    left = replace(question, token_budget=max(_LEAST_BUDGET, question.token_budget - spent))
    answer = _searched(office, left, place)
    note = trouble if answer.note in trouble else f"{trouble} {answer.note}".strip()
    return Reply(place.name if place else "", state, replace(answer, note=note))


def explain(office: Office, workspace: str, *, run_id: str = "", text: str = "") -> tuple[FailureAccount, Answer]:
    """What the state store knows of a failed run, or else of an error's words; and runbooks. Raises `NotFound`."""
    engine = office.engine()
    account = engine.explain(run_id) if run_id else engine.explain_text(_meant(office, workspace).name, text)
    words = " ".join([*account.codes, *account.runbooks, *(each.message for each in account.evidence), text])
    question = Question(
        words[:_LONGEST_QUERY] or account.statement, kinds=("runbook", "guide"), limit=_RUNBOOK_PASSAGES,
        token_budget=_RUNBOOK_TOKENS,
    )  # fmt: skip
    return account, _searched(office, question, engine.workspace(account.workspace))


def digest(office: Office, workspace: str) -> WorkspaceDigest:
    """The workspace at a glance. Raises `NotFound`."""
    return office.engine().digest(_meant(office, workspace).name)


def _meant(office: Office, named: str) -> Workspace:
    """The named one; else the one this process was started for; else the active one. Raises `NotFound`."""
    return office.engine().workspace(named or office.workspace or None)


def _known(office: Office, question: Question) -> tuple[Workspace | None, StateAnswer | None, str]:
    """What the engine says: the workspace and the exact answer; or else why it says nothing."""
    place: Workspace | None = None
    try:
        place = _place(office, question.workspace)
        state = office.engine().ask(place.name, question.text) if place and question.state else None
    except NotFound:
        raise
    except Exception as error:  # noqa: BLE001 - a database that went away speaks in its driver's own words
        return place, None, (_NO_STATE if place else _NO_WORKSPACE).format(outage(error))
    return place, state, ""


def _place(office: Office, named: str) -> Workspace | None:
    """None where no workspace was named and none is active: the shipped pages still answer."""
    try:
        return _meant(office, named)
    except NotFound:
        if named:
            raise
        return None


def _searched(office: Office, question: Question, place: Workspace | None) -> Answer:
    """An index that can't be read answers nothing and says why: what the state knows does not wait for its repair."""
    shelves = (KNOWLEDGE_SHELF, place.uid) if place else (KNOWLEDGE_SHELF,)
    within = Within(shelves=shelves, scopes=question.scopes, kinds=question.kinds, tags=question.tags)
    try:
        query = Query(question.text, within, question.limit, question.token_budget)
        # To look at all sources is to open the engine, which a search of the shipped pages alone can do without.
        return office.library().search(query, look=_FIRST_LOOK_SECONDS if place else None)
    except LibraryError as error:
        return Answer(Verdict.NONE, 0.0, (), 0, note=str(error))
    except GroundplanError as error:
        return Answer(Verdict.NONE, 0.0, (), 0, note=outage(error))
    except OSError as error:
        # A full disk or a folder that is not ours; the path in the error's own words is nobody's business here.
        note = f"The index can't be used: {error.strerror or type(error).__name__}. See `groundplan doctor`."
        return Answer(Verdict.NONE, 0.0, (), 0, note=note)
