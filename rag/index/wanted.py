"""Wanted: the embedder that the index is to have, and why it has no vectors of it.

Processes that read the home's settings at different times may wish for different embedders, and each would replace the
other's vectors for ever. So the index keeps what was wished last, and the younger wish holds.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.model.errors import LibraryError


@dataclass(frozen=True, slots=True)
class _Kept:
    """The wish that holds, when its settings were read, and why the last refresh, under `tried`, made no vectors."""

    setting: str = ""
    fingerprint: str = ""
    read_at: float = 0.0
    tried: str = ""
    reason: str = ""


class Wanted:
    """One process's wish beside the one that is kept. Whoever changes that one holds the writer's lock."""

    def __init__(self, path: Path, setting: str, read_at: float) -> None:
        self._path = path
        self._setting = setting
        self._read_at = read_at
        self._reason: str | None = None  # None before this process's first refresh

    @property
    def setting(self) -> str:
        """Of the wish that holds now."""
        kept = self._kept()
        return kept.setting if self._is_older_than(kept) else self._setting

    @property
    def without_vectors(self) -> str:
        """Why the last refresh made no vectors: this process's, or before its first another's of the same setting."""
        if self._reason is not None:
            return self._reason
        kept = self._kept()
        return kept.reason if kept.tried == self._setting else ""

    def claim(self, fingerprint: str) -> None:
        """The embedder of that name is ready to make vectors. Raises `LibraryError` when another is wanted since."""
        kept = self._kept()
        if not self._is_older_than(kept):
            self._keep(_Kept(self._setting, fingerprint, self._read_at))
        elif kept.fingerprint != fingerprint:
            raise LibraryError(
                f"This process ({os.getpid()}) read its settings before the embedder was set to {kept.setting},"
                " so it makes no vectors.",
                hint="Start it anew.",
            )
        self._reason = ""

    def note(self, reason: str) -> None:
        """What came of a refresh."""
        self._reason = reason
        self._keep(replace(self._kept(), tried=self._setting, reason=reason))

    def _is_older_than(self, kept: _Kept) -> bool:
        """A wish from the future was made before the clock was set back, and can't be compared."""
        return self._read_at < kept.read_at <= time.time()

    def _kept(self) -> _Kept:
        """Nothing where the file can't be read or is not ours: then the next wish holds."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            return replace(_Kept(**found), read_at=float(found["read_at"]))
        except (OSError, ValueError, TypeError, KeyError):
            return _Kept()

    def _keep(self, kept: _Kept) -> None:
        if kept != self._kept():
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps(asdict(kept)), "utf-8")
            new.replace(self._path)
