"""Writes a workspace's files, exactly as they were confirmed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from engine.model.errors import PlanStale, Refused
from engine.model.plan import FileEdit


def write_file(folder: Path, edit: FileEdit) -> None:
    """Replace the file in one step. Raises `PlanStale` when it is neither as planned from nor as planned."""
    target = _inside(folder, edit.path)
    there = target.read_text(encoding="utf-8") if target.exists() else None
    if there == edit.text:
        return
    found = hashlib.sha256(there.encode()).hexdigest() if there is not None else ""
    if found != edit.before_sha256:
        raise PlanStale("the file was edited since the plan was made.", address=f"file:{edit.path}")
    if edit.text is None:
        target.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.groundplan")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(edit.text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def _inside(folder: Path, path: str) -> Path:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise Refused(f"{path} leads out of the workspace.", address=f"file:{path}")
    return target
