"""Manifest files as documents."""

from __future__ import annotations

from engine.notation.document import Document, Flaw
from engine.notation.problems import Problems
from engine.notation.reader import read_document

_SHAPE = Flaw("A manifest is a mapping with the key resources.", "See describe for an example.", 1, 1)


def read_manifest(file: str, text: str, problems: Problems) -> Document | None:
    """The document, or None where its problems leave nothing to look at."""
    return read_document(file, text, problems, _SHAPE)
