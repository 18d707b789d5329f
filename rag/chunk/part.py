"""Parts and drafts: the pieces of a document under their headings, gathered into chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.chunk.block import LONGEST_TITLE, Block, BlockKind
from rag.chunk.pieces import Piece, pieces
from rag.chunk.sizes import Sizes
from rag.chunk.tokens import count

Crumb = tuple[str, ...]
APART = " > "  # what a document's title names before it is where the document stands


@dataclass(frozen=True, slots=True)
class Title:
    """A heading with the titles down to it; `text` is how it stands in the document."""

    crumb: Crumb
    text: str
    first: int
    last: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Part:
    """One piece and the headings right above it; a heading that nothing stands under is a part without a piece."""

    crumb: Crumb
    titles: tuple[Title, ...]
    piece: Piece | None

    @property
    def first(self) -> int:
        if self.piece is None:
            return self.titles[0].first
        return min(self.titles[0].first, self.piece.first) if self.titles else self.piece.first

    @property
    def last(self) -> int:
        return self.titles[-1].last if self.piece is None else self.piece.last


@dataclass(slots=True)
class Draft:
    """Parts that will be one chunk; `tokens` is at least what its text will have, or a few less."""

    crumb: Crumb
    parts: list[Part] = field(default_factory=list[Part])
    tokens: int = 0

    @property
    def first(self) -> int:
        return self.parts[0].first

    @property
    def last(self) -> int:
        return self.parts[-1].last

    @property
    def text(self) -> str:
        """The pieces, with those headings that the breadcrumb does not tell."""
        spoken = [text for part in self.parts for text in _texts(part, self.crumb)]
        return "\n\n".join(spoken) or "\n\n".join(title.text for part in self.parts for title in part.titles)

    def add(self, part: Part) -> None:
        self.parts.append(part)
        self.tokens += _cost(part)


def drafts(blocks: Iterable[Block], title: str, sizes: Sizes) -> Iterator[Draft]:
    """Each section by itself, filled up to about `sizes.target`."""
    draft = Draft(())
    for part in _parts(blocks, title[:LONGEST_TITLE], sizes):
        if draft.parts and (draft.crumb != part.crumb or part.titles or not _joins(draft, _cost(part), sizes)):
            yield draft
            draft = Draft(part.crumb)
        draft.crumb = part.crumb
        draft.add(part)
    if draft.parts:
        yield draft


def merged(found: Iterable[Draft], sizes: Sizes) -> Iterator[Draft]:
    """Tiny neighbours as one, under the titles that they share."""
    last: Draft | None = None
    for draft in found:
        if last is not None and min(last.tokens, draft.tokens) < sizes.tiny and _fits(last, draft, sizes):
            last.crumb = _shared(last.crumb, draft.crumb)
            last.parts += draft.parts
            last.tokens += draft.tokens
            continue
        if last is not None:
            yield last
        last = draft
    if last is not None:
        yield last


def _parts(blocks: Iterable[Block], title: str, sizes: Sizes) -> Iterator[Part]:
    base: Crumb = (title,) if title else ()
    crumb, levels, waiting = base, list[int](), list[Title]()
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            for piece in pieces(block, sizes):
                yield Part(crumb, tuple(waiting), piece)
                waiting.clear()
            continue
        crumb, levels = _under(block, crumb, levels, base)
        if waiting and len(waiting[-1].crumb) >= len(crumb):
            yield Part(waiting[-1].crumb, tuple(waiting), None)
            waiting.clear()
        if block.lines:
            waiting.append(_title(block, crumb))
    if waiting:
        yield Part(waiting[-1].crumb, tuple(waiting), None)


def _under(block: Block, crumb: Crumb, levels: Sequence[int], base: Crumb) -> tuple[Crumb, list[int]]:
    """The breadcrumb below this heading. A first heading that says the document's title again adds nothing."""
    kept = [level for level in levels if level < block.level]
    above = crumb[: len(base) + len(kept)]
    if not kept and base and _same(block.title, base[0].rpartition(APART)[2]):
        return base, []
    return (*above, block.title), [*kept, block.level]


def _title(block: Block, crumb: Crumb) -> Title:
    text = "\n".join(block.lines)
    return Title(crumb, text, block.first, block.first + len(block.lines) - 1, count(text) + 1)


def _texts(part: Part, crumb: Crumb) -> Iterator[str]:
    for title in part.titles:
        if title.crumb != crumb[: len(title.crumb)]:
            yield title.text
    if part.piece is not None and part.piece.text.strip():
        yield part.piece.text


def _cost(part: Part) -> int:
    return sum(title.tokens for title in part.titles) + (part.piece.tokens + 1 if part.piece is not None else 0)


def _joins(draft: Draft, cost: int, sizes: Sizes) -> bool:
    """Whether one more part of the same section fits: a large draft takes only a tiny rest."""
    limit = sizes.target if min(draft.tokens, cost) >= sizes.tiny else sizes.most - 2 * len(draft.parts) - 8
    return draft.tokens + cost <= limit


def _fits(last: Draft, draft: Draft, sizes: Sizes) -> bool:
    return last.tokens + draft.tokens <= sizes.target


def _shared(one: Crumb, other: Crumb) -> Crumb:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()
