"""AddedPaths: files and folders that a person wants found beside a workspace's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.model.errors import Invalid, NotFound


class AddedPaths:
    """Kept in the home, a small file for each: nothing of the workspace changes, and no other workspace sees them.
    Added twice is added once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Not below index/: that may be deleted, and this can't be made anew from anything.
        self._folder = home / "added"

    def of(self, uid: str) -> tuple[Path, ...]:
        notes = sorted((self._folder / uid).glob("*.path"))
        return tuple(Path(note.read_text("utf-8")) for note in notes)

    def add(self, uid: str, path: Path) -> Path:
        """The path as it is kept. Raises `NotFound`, and `Invalid` for what holds the home or lies in it."""
        whole = path.expanduser().resolve()
        if not whole.exists():
            raise NotFound(f"There is nothing at {whole}.", hint="Name a file or folder that exists.")
        home = self._home.resolve()
        if home.is_relative_to(whole) or (whole.is_relative_to(home) and not whole.is_relative_to(home / "workspaces")):
            raise Invalid(f"{whole} is where Groundplan keeps its own secrets.", hint="Name the folder that you need.")
        note = self._note(uid, whole)
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = note.with_suffix(".new")
        draft.write_text(str(whole), "utf-8")
        draft.replace(note)
        return whole

    def remove(self, uid: str, path: Path) -> Path:
        """Its text leaves the index with the next refresh. Raises `NotFound` for what was not added."""
        whole = path.expanduser().resolve()
        try:
            self._note(uid, whole).unlink()
        except FileNotFoundError:
            known = ", ".join(str(each) for each in self.of(uid))
            raise NotFound(f"{whole} was not added.", hint=f"Added: {known}." if known else "Nothing was.") from None
        return whole

    def _note(self, uid: str, path: Path) -> Path:
        return self._folder / uid / f"{hashlib.sha256(str(path).encode()).hexdigest()[:32]}.path"
