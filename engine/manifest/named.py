"""Which providers a manifest names, without judging the rest of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from engine.manifest.entry import entries
from engine.manifest.files import read_files
from engine.manifest.reader import read_manifests
from engine.model.errors import ManifestInvalid
from engine.notation.problems import Problems


def providers_in(folder: Path, known: Collection[str]) -> set[str]:
    """The known providers that the manifest of a workspace's folder names; one that can't be read names none."""
    try:
        return providers_named(read_files(folder), known)
    except ManifestInvalid:
        return set()


def providers_named(files: Mapping[str, str], known: Collection[str]) -> set[str]:
    """The known providers among a file's default and its resources' own; what can't be read names none."""
    problems = Problems()
    documents = read_manifests(files, problems)
    named = {str(document.data.get("provider")) for document in documents if document}
    named |= {entry.provider for document in documents if document for entry in entries(document, problems)}
    return named & set(known)
