"""The files of a workspace's folder, as a person edits them beside the engine."""

from __future__ import annotations

from pathlib import Path

from engine.facade import Engine


def write(engine: Engine, workspace: str, path: str, text: str) -> None:
    target = Path(engine.workspace(workspace).path, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def text_of(engine: Engine, workspace: str, path: str) -> str:
    return Path(engine.workspace(workspace).path, path).read_text()


def texts_in(folder: Path) -> dict[str, str]:
    """Every file by its path inside the folder."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def move(engine: Engine, workspace: str, before: str, after: Path) -> None:
    Path(engine.workspace(workspace).path, before).rename(after)
