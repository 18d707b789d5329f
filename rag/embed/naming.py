"""Fingerprints of embedders, the paths that settings name, and texts as they can be sent to a model."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_LONGEST_NAME = 24


def fingerprint(kind: str, model: str, *identity: str) -> str:
    """`kind.model.12345678`: readable, and another for every other identity. `kind` has at most 6 characters."""
    digest = hashlib.sha256()
    for part in identity:
        digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    readable = re.sub(r"[^a-z0-9]+", "-", model.lower().rstrip("/").rpartition("/")[2])[:_LONGEST_NAME].strip("-")
    return f"{kind}.{readable or 'model'}.{digest.hexdigest()[:8]}"


def path_of(name: str) -> Path:
    """With `~` resolved, where there is such a user."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def cut(text: str, characters: int) -> str:
    """The text's beginning, without the lone surrogates that UTF-8 has no bytes for."""
    return text[:characters].encode("utf-8", "replace").decode("utf-8")
