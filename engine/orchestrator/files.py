"""Writes a workspace's files, exactly as they were confirmed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from engine.model.errors import PlanStale, Refused
from engine.model.plan import FileEdit

_PRIVATE, _OPEN = 0o600, 0o666


def write_file(folder: Path, edit: FileEdit) -> None:
    """Replace the file in one step. Raises `PlanStale` when it is neither as planned from nor as planned."""
    target = inside(folder, edit.path)
    there = read_text(target)
    if there == edit.text:
        return
    found = hashlib.sha256(there.encode()).hexdigest() if there is not None else ""
    if found != edit.before_sha256:
        raise PlanStale("the file was edited since the plan was made.", address=f"file:{edit.path}")
    if edit.text is None:
        target.unlink()
        return
    replace_text(target, edit.text)


def inside(folder: Path, path: str) -> Path:
    """The file's real place. Raises `Refused` for one that is not in the folder."""
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise Refused(f"{path} leads out of the workspace.", address=f"file:{path}")
    return target


def read_text(target: Path) -> str | None:
    """With its line ends as they are; None where there is no file."""
    if not target.exists():
        return None
    with target.open(encoding="utf-8", newline="") as file:
        return file.read()


def replace_text(target: Path, text: str, *, private: bool = False) -> None:
    """In one step: whoever reads finds the former text or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.groundplan")
    draft.unlink(missing_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else _PRIVATE if private else _OPEN
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
