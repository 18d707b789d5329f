"""Manifest files as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.manifest.files import evaluated_of
from engine.notation.document import Document, Flaw
from engine.notation.nickel import Evaluated
from engine.notation.problems import Problems
from engine.notation.reader import read_document

_SHAPE = Flaw("A manifest is a mapping with the key resources.", "See describe for an example.", 1, 1)


def read_manifests(files: Mapping[str, str], problems: Problems) -> Sequence[Document | None]:
    """The documents in the order of their names; None where a file's problems leave nothing to look at."""
    evaluated = evaluated_of(files)
    return [read_manifest(file, files[file], problems, evaluated.get(file)) for file in sorted(files)]


def read_manifest(file: str, text: str, problems: Problems, evaluated: Evaluated | None = None) -> Document | None:
    return read_document(file, text, problems, _SHAPE, evaluated)
