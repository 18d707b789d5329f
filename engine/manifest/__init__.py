"""Desired-state documents: read, checked and edited, never interpreted beyond data and `${…}` references."""

from engine.manifest.editor import apply_edits
from engine.manifest.files import ManifestFiles, file_edits, read_files
from engine.manifest.named import providers_in
from engine.manifest.parser import parse

__all__ = ["ManifestFiles", "apply_edits", "file_edits", "parse", "providers_in", "read_files"]
