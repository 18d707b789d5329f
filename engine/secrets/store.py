"""Secrets of a workspace: one owner-only file each, under the home, never in the workspace's folder."""

from __future__ import annotations

import re
from pathlib import Path

from engine.model.errors import AuthFailed, Refused
from engine.model.secret_ref import SECRET_PATTERN, secret_name


def secrets_folder(home: Path, workspace: str) -> Path:
    """Where a workspace's secrets and its SSH key are."""
    return home / "secrets" / workspace


def move_secrets(home: Path, before: str, after: str) -> None:
    """The folder follows the workspace to its new name; moved before is as good. Raises `Refused` where both exist."""
    old, new = secrets_folder(home, before), secrets_folder(home, after)
    if not old.exists():
        return
    if new.exists():
        raise Refused(f"{old} and {new} are both there.", hint="Take away the one that is not this workspace's.")
    old.rename(new)


class SecretStore:
    """Reads values by reference; `repr` shows none."""

    def __init__(self, home: Path, workspace: str) -> None:
        self._folder = secrets_folder(home, workspace)

    def value(self, reference: str) -> str:
        """The secret's text without its final line break. Raises `AuthFailed` when it is not there."""
        path = self._folder / secret_name(reference)
        if not re.match(SECRET_PATTERN, reference) or not path.is_file():
            raise AuthFailed(
                f"secret {reference[:80]} is not there.", hint=f"Write its value into {path} (owner-only), then resume."
            )
        return path.read_text(encoding="utf-8").removesuffix("\n")
