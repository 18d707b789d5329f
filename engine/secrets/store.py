"""Secrets of a workspace: one owner-only file each, under the home, never in the workspace's folder."""

from __future__ import annotations

import re
from pathlib import Path

from engine.model.errors import AuthFailed
from engine.model.secret_ref import SECRET_PATTERN, secret_name


class SecretStore:
    """Reads values by reference; `repr` shows none."""

    def __init__(self, home: Path, workspace: str) -> None:
        self._folder = home / "secrets" / workspace

    def value(self, reference: str) -> str:
        """The secret's text without its final line break. Raises `AuthFailed` when it is not there."""
        path = self._folder / secret_name(reference)
        if not re.match(SECRET_PATTERN, reference) or not path.is_file():
            raise AuthFailed(
                f"secret {reference[:80]} is not there.", hint=f"Write its value into {path} (owner-only), then resume."
            )
        return path.read_text(encoding="utf-8").removesuffix("\n")
