"""Query: what is asked of the index, and within which part of it."""

from __future__ import annotations

from dataclasses import dataclass

from rag.model.document import KNOWLEDGE_SHELF, Scope


@dataclass(frozen=True, slots=True)
class Within:
    """The part of the index that may answer. Empty kinds, tags or scopes: all of them.

    `shelves` is never widened by a search: a workspace that is not named here is not looked into.
    """

    shelves: tuple[str, ...] = (KNOWLEDGE_SHELF,)
    scopes: tuple[Scope, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """`limit` counts passages, `token_budget` their tokens (o200k) with labels and citations."""

    text: str
    within: Within = Within()
    limit: int = 8
    token_budget: int = 2000
