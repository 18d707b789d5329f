"""Source: a set of documents that the index keeps up with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from rag.model.document import Document, Scope


class Source(Protocol):
    """One shelf and scope. The index asks for the marks, reads what is new or moved, and drops what is gone."""

    @property
    def shelf(self) -> str: ...

    @property
    def scope(self) -> Scope: ...

    def marks(self) -> Mapping[str, str]:
        """Document id to a cheap mark that changes when the document may have changed (size and time, a version)."""
        ...

    def read(self, document_id: str) -> Document | None:
        """None when it is gone or must not be indexed. Raises `DocumentUnreadable`, which is reported, not fatal."""
        ...
