"""Pack: what was found, as numbered passages that fit a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence

from rag.model.answer import Answer, Passage, Verdict
from rag.model.document import TRUST
from rag.model.found import Found, Ranked
from rag.model.hidden import without_hidden
from rag.model.label import LONGEST_SECTION, LONGEST_TITLE, address_label, kind_label, label
from rag.model.query import Query
from rag.pack.group import Group

# What stands around the passages and around each of them where they are shown, in tokens, beside its own title and
# address. Whoever changes how passages are shown keeps to it: a test renders and counts.
FRAME_TOKENS = 64
LABEL_TOKENS = 32
_JOINT_TOKENS = 8  # a heading's sign and blank lines between two chunks of one passage
_AT_LENGTH = 0.4  # of the budget, for the first pages to be shown whole before others are shown at all


def pack(found: Found, query: Query) -> Answer:
    """Breadth before depth, and never more than the budget.

    First each page's best chunk, as it was ranked: the first few whole, of the others the beginning. What is left of
    the budget makes those beginnings whole, and then takes in each page's further chunks, neighbours as one passage.
    """
    if found.verdict is Verdict.NONE or not found.ranked:
        return Answer(Verdict.NONE, found.confidence, (), 0)
    packing = _Packing(query)
    best, further = _rounds(found.ranked)
    for ranked in best:
        packing.begin(ranked)
    packing.complete()
    for ranked in further:
        packing.deepen(ranked)
    passages = packing.passages()
    shown = {group.best.stored.document_key for group in packing.groups}
    return Answer(
        verdict=found.verdict if passages else Verdict.NONE,
        confidence=found.confidence,
        passages=passages,
        tokens=query.token_budget - packing.left if passages else 0,
        left_out=len(best) - len(shown),
    )


def _rounds(ranked: Sequence[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
    """Each page's best chunk, and all the others."""
    seen = set[int]()
    best, further = list[Ranked](), list[Ranked]()
    for each in ranked:
        (further if each.stored.document_key in seen else best).append(each)
        seen.add(each.stored.document_key)
    return best, further


class _Packing:
    """`left` is what may still be spent, `_spent` what each group takes."""

    def __init__(self, query: Query) -> None:
        self.groups: list[Group] = []
        self.left = query.token_budget - FRAME_TOKENS
        self._limit = query.limit
        self._at_length = _AT_LENGTH * query.token_budget
        self._spent: dict[int, int] = {}

    def begin(self, ranked: Ranked) -> None:
        """A page's best chunk: whole while that part of the budget lasts, the very first one if it fits at all."""
        chunk = ranked.stored.chunk
        around = LABEL_TOKENS + ranked.stored.label_tokens
        whole = around + chunk.tokens
        is_whole = whole <= (self._at_length if self.groups else self.left)
        self._at_length -= whole
        if is_whole or chunk.lead.characters == len(chunk.text):
            self._add(Group(ranked), whole)
        else:
            self._add(Group(ranked, is_lead=True), around + chunk.lead.tokens)

    def complete(self) -> None:
        """Beginnings become whole, the best page's first."""
        for group in self.groups:
            chunk = group.best.stored.chunk
            more = chunk.tokens - chunk.lead.tokens
            if group.is_lead and more <= self.left:
                group.is_lead = False
                self._spend(group, more)

    def deepen(self, ranked: Ranked) -> None:
        """A further chunk of a page that is shown whole: into the passages that it touches, else as one of its own."""
        stored = ranked.stored
        touched = [group for group in self.groups if group.touches(stored)]
        if any(group.is_lead and group.best.stored.document_key == stored.document_key for group in self.groups):
            return
        if not touched:
            self._add(Group(ranked), LABEL_TOKENS + stored.label_tokens + stored.chunk.tokens)
        elif stored.chunk.tokens + _JOINT_TOKENS <= self.left:
            first, *others = touched
            first.chunks[stored.chunk.ordinal] = stored
            self._spend(first, stored.chunk.tokens + _JOINT_TOKENS)
            for other in others:
                first.chunks |= other.chunks
                self._spent[id(first)] += self._spent.pop(id(other))
                self.groups.remove(other)

    def passages(self) -> tuple[Passage, ...]:
        return tuple(_passage(number, group, self._spent[id(group)]) for number, group in enumerate(self.groups, 1))

    def _add(self, group: Group, cost: int) -> None:
        if len(self.groups) < self._limit and cost <= self.left:
            self.groups.append(group)
            self._spend(group, cost)

    def _spend(self, group: Group, tokens: int) -> None:
        self._spent[id(group)] = self._spent.get(id(group), 0) + tokens
        self.left -= tokens


def _passage(number: int, group: Group, tokens: int) -> Passage:
    stored, chunks = group.best.stored, [each.chunk for each in group.in_order]
    return Passage(
        number=number,
        uri=address_label(stored.uri),
        title=label(stored.title, LONGEST_TITLE),
        section=_section(stored.title, chunks[0].crumb),
        first_line=chunks[0].first_line,
        last_line=chunks[-1].last_line,
        text=without_hidden(group.text),
        tokens=tokens,
        score=group.best.score,
        scope=stored.scope,
        kind=kind_label(stored.kind),
        trust=TRUST[stored.scope],
        updated_at=stored.updated_at,
    )


def _section(title: str, crumb: Sequence[str]) -> str:
    """The headings below the title, which heads the breadcrumb of a document that has one."""
    return label(" > ".join(crumb[1:] if title.strip() else crumb), LONGEST_SECTION)
