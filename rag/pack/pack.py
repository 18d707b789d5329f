"""Pack: what was found, as numbered passages that fit a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence

from rag.model.answer import Answer, Passage, Verdict
from rag.model.document import TRUST
from rag.model.found import Found, Ranked
from rag.model.hidden import without_hidden
from rag.model.query import Query
from rag.pack.clean import address, label
from rag.pack.cut import cut_to
from rag.pack.group import Group
from rag.pack.spend import at_most

# What stands around the passages and around each of them where they are shown, in tokens, beside its own title and
# address. Whoever changes how passages are shown keeps to it: a test renders and counts.
FRAME_TOKENS = 64
LABEL_TOKENS = 32
_JOINT_TOKENS = 8  # a heading's sign and blank lines between two chunks of one passage
_WORTH_CUTTING = 60
_LONGEST_TITLE, _LONGEST_SECTION, _LONGEST_KIND, _LONGEST_ADDRESS = 120, 200, 20, 600


def pack(found: Found, query: Query) -> Answer:
    """The best chunk of each page first, as it was ranked; neighbours as one passage. Never more than the budget."""
    if found.verdict is Verdict.NONE or not found.ranked:
        return Answer(Verdict.NONE, found.confidence, (), 0)
    packing = _Packing(query)
    for ranked in found.ranked:
        if not packing.take(ranked):
            break
    passages = packing.passages()
    pages = {each.stored.document_key for each in found.ranked}
    shown = {each.best.stored.document_key for each in packing.groups}
    return Answer(
        verdict=found.verdict if passages else Verdict.NONE,
        confidence=found.confidence,
        passages=passages,
        tokens=query.token_budget - packing.left if passages else 0,
        left_out=len(pages - shown),
    )


class _Packing:
    """`left` is what may still be spent, `_spent` what each group takes, `_cut` the text of one that was cut."""

    def __init__(self, query: Query) -> None:
        self.groups: list[Group] = []
        self.left = query.token_budget - FRAME_TOKENS
        self._limit = query.limit
        self._spent: dict[int, int] = {}
        self._cut: dict[int, str] = {}

    def take(self, ranked: Ranked) -> bool:
        """Whether there is room for more."""
        stored = ranked.stored
        touching = [group for group in self.groups if group.touches(stored)]
        if not touching and len(self.groups) >= self._limit:
            return True
        cost = stored.chunk.tokens + (_JOINT_TOKENS if touching else _label_tokens(ranked))
        if cost <= self.left:
            self._add(touching, ranked, cost)
            return True
        was_cut = not touching and self._add_cut(ranked)
        return not was_cut and self.left >= LABEL_TOKENS + _WORTH_CUTTING

    def passages(self) -> tuple[Passage, ...]:
        return tuple(
            _passage(number, group, self._cut.get(id(group), ""), self._spent[id(group)])
            for number, group in enumerate(self.groups, 1)
        )

    def _add(self, touching: Sequence[Group], ranked: Ranked, cost: int) -> None:
        first = touching[0] if touching else Group(ranked)
        if not touching:
            self.groups.append(first)
        first.chunks[ranked.stored.chunk.ordinal] = ranked.stored
        self._spent[id(first)] = self._spent.get(id(first), 0) + cost
        for other in touching[1:]:
            first.chunks |= other.chunks
            self._spent[id(first)] += self._spent.pop(id(other))
            self.groups.remove(other)
        self.left -= cost

    def _add_cut(self, ranked: Ranked) -> bool:
        around = _label_tokens(ranked) + at_most(" > ".join(ranked.stored.chunk.crumb))
        text = cut_to(ranked.stored.chunk.text, self.left - around) if self.left - around >= _WORTH_CUTTING else ""
        if text:
            self._add((), ranked, around + at_most(text))
            self._cut[id(self.groups[-1])] = text
        return bool(text)


def _passage(number: int, group: Group, cut: str, tokens: int) -> Passage:
    stored, chunks = group.best.stored, [each.chunk for each in group.in_order]
    return Passage(
        number=number,
        uri=address(stored.uri, _LONGEST_ADDRESS),
        title=label(stored.title, _LONGEST_TITLE),
        section=_section(stored.title, chunks[0].crumb),
        first_line=chunks[0].first_line,
        last_line=chunks[-1].last_line,
        text=cut or without_hidden(group.text),
        tokens=tokens,
        score=group.best.score,
        scope=stored.scope,
        kind=label(stored.kind, _LONGEST_KIND),
        trust=TRUST[stored.scope],
        updated_at=stored.updated_at,
    )


def _section(title: str, crumb: Sequence[str]) -> str:
    """The headings below the title, which heads the breadcrumb of a document that has one."""
    return label(" > ".join(crumb[1:] if title.strip() else crumb), _LONGEST_SECTION)


def _label_tokens(ranked: Ranked) -> int:
    """Beside the breadcrumb, which a chunk's own tokens count."""
    stored = ranked.stored
    untold = "" if stored.chunk.crumb else label(stored.title, _LONGEST_TITLE)
    return LABEL_TOKENS + sum(
        map(at_most, (address(stored.uri, _LONGEST_ADDRESS), label(stored.kind, _LONGEST_KIND), untold))
    )
