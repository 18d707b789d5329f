"""A copy of a prepared home for a victim of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import update

from engine.facade import Engine
from engine.state.tables import workspace


def copy_home(source: Path, target: Path) -> Path:
    """The folder of workspace shop in the copy, where the copy now looks for it."""
    shutil.copytree(source, target)
    folder = target / "workspaces" / "shop"
    engine = Engine.open(target, {})
    with engine._database.write() as connection:
        connection.execute(update(workspace).values(path=str(folder)))
    engine.close()
    return folder
