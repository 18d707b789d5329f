"""What a search or the account of a failure answers: exact state apart, then passages with their citations."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from engine.model.failure_account import FailureAccount
from engine.model.state_answer import StateAnswer
from rag.model.answer import Answer as Retrieved
from rag.model.answer import Passage, Verdict
from server.render.answers.answer import Link, WordedAnswer
from server.render.answers.failure import FailureEcho, failure_echo, failure_text
from server.render.answers.passages import cited_lines, passages_text
from server.render.answers.state import StateEcho, state_echo, state_text
from server.render.clean import visible

_MOST_LINKS = 5
_NEXT = {
    Verdict.GOOD: "Cite what you use as [n] with its address.",
    Verdict.WEAK: "Weak: verify before you rely on these, or ask in other words.",
    Verdict.NONE: (
        "Nothing written here answers this: say so instead of guessing. Ask in other words, or look at what exists "
        "with find_resources and at what can be declared with describe."
    ),
}
_STATE_ONLY = "The state block answers; no text was found beside it."


class PassageEcho(BaseModel):
    """`number` is the [n] to cite; `lines` are those of what `uri` gives; `score` is 0 to 1; `trust`: who wrote it."""

    number: int
    uri: str
    title: str
    section: str
    lines: str | None = None
    scope: str
    kind: str
    trust: str
    score: float
    updated_at: str | None = None
    tokens: int
    text: str


class SearchAnswer(WordedAnswer):
    """`verdict` good, weak or none; `left_out` counts pages that limit or budget kept back."""

    verdict: str
    confidence: float
    state: StateEcho | None = None
    passages: list[PassageEcho]
    tokens: int
    left_out: int
    note: str | None = None


class ExplainAnswer(WordedAnswer):
    """What is known of a failure, and passages of runbooks and guides that speak of it."""

    failure: FailureEcho
    passages: list[PassageEcho]
    note: str | None = None


def search_answer(workspace: str, state: StateAnswer | None, found: Retrieved) -> SearchAnswer:
    exact = state_echo(state) if state else None
    next_move = _STATE_ONLY if exact and not found.passages else _NEXT[found.verdict]
    # Good passages carry their own label; every further word would come out of the caller's budget.
    advice = "" if found.verdict is Verdict.GOOD else next_move
    parts = [state_text(exact) if exact else "", advice, passages_text(found) if found.passages else "", found.note]
    answer = SearchAnswer(
        workspace=workspace, verdict=found.verdict.value, confidence=round(found.confidence, 3), state=exact,
        passages=_passages(found), tokens=found.tokens, left_out=found.left_out, note=visible(found.note) or None,
        next=next_move,
    )  # fmt: skip
    return answer.worded(_joined(parts), _links(found.passages))


def explain_answer(account: FailureAccount, found: Retrieved) -> ExplainAnswer:
    failure = failure_echo(account)
    parts = [failure_text(failure), passages_text(found) if found.passages else "", found.note]
    call = failure.next_call
    answer = ExplainAnswer(
        workspace=visible(account.workspace), failure=failure, passages=_passages(found),
        note=visible(found.note) or None, next=f"Call {call.tool}: {call.why}" if call else None,
    )  # fmt: skip
    return answer.worded(_joined(parts), _links(found.passages))


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(visible(part) for part in parts if part)


def _passages(found: Retrieved) -> list[PassageEcho]:
    return [_passage(each) for each in found.passages]


def _passage(each: Passage) -> PassageEcho:
    return PassageEcho(
        number=each.number, uri=visible(each.uri), title=visible(each.title), section=visible(each.section),
        lines=cited_lines(each) or None, scope=each.scope.value, kind=visible(each.kind),
        trust=each.trust.value, score=round(each.score, 3),
        updated_at=each.updated_at.isoformat(timespec="seconds") if each.updated_at else None,
        tokens=each.tokens, text=visible(each.text),
    )  # fmt: skip


def _links(passages: Sequence[Passage]) -> list[Link]:
    named = list({each.uri: each.title or each.uri for each in passages}.items())
    return [Link(uri=visible(uri), name=visible(name, 80, lines=False)) for uri, name in named[:_MOST_LINKS]]
