"""A library that plays its part: what a test puts into it is what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rag.model.answer import Answer, Passage, Verdict
from rag.model.document import Document, Scope, Trust
from rag.model.query import Query
from server.app import Office

NOTHING = Answer(Verdict.NONE, 0.05, (), 0)


def passage(text: str, number: int = 1, **facts: Any) -> Passage:
    whole: dict[str, Any] = {
        "number": number, "uri": f"groundplan://knowledge/runbooks/page-{number}.md", "title": f"Page {number}",
        "section": "Mend it", "first_line": 12, "last_line": 24, "text": text, "tokens": 40, "score": 0.9,
        "scope": Scope.KNOWLEDGE, "kind": "runbook", "trust": Trust.SHIPPED, "updated_at": None,
    }  # fmt: skip
    return Passage(**{**whole, **facts})


def good(*passages: Passage) -> Answer:
    return Answer(Verdict.GOOD, 0.9, passages, 40 * len(passages))


@dataclass
class PlayedLibrary:
    """`error` is raised instead of an answer; `asked` is what was searched for."""

    answer: Answer = NOTHING
    documents: dict[tuple[str, Scope, str], str] = field(default_factory=dict)
    error: Exception | None = None
    asked: list[Query] = field(default_factory=list)
    looks: list[float | None] = field(default_factory=list)
    refreshed: int = 0

    def search(self, query: Query, *, look: float | None = 0.0) -> Answer:
        self.asked.append(query)
        self.looks.append(look)
        if self.error:
            raise self.error
        return replace(self.answer, passages=self.answer.passages[: query.limit])

    def document(self, shelf: str, scope: Scope, document_id: str) -> Document | None:
        if self.error:
            raise self.error
        text = self.documents.get((shelf, scope, document_id))
        if text is None:
            return None
        return Document(document_id, shelf, scope, "", document_id, text, updated_at=datetime.now(UTC))

    def refresh_soon(self) -> None:
        self.refreshed += 1

    def close(self) -> None: ...


def play(office: Office, answer: Answer = NOTHING, **more: Any) -> PlayedLibrary:
    """From now on the office's library is this one."""
    library = PlayedLibrary(answer, **more)
    office._library = library  # pyright: ignore[reportAttributeAccessIssue]
    return library
