"""Acts on settings: the one file of a change is edited as it was confirmed, or left as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.model.change import Change
from engine.model.errors import PlanStale
from engine.orchestrator.files import inside, read_text, replace_text
from engine.settings.edit import edited
from engine.settings.layer import LayerName
from engine.settings.rehearsal import digest_of


def act_on_settings(home: Path, folder: Path | None, change: Change) -> None:
    """Can be repeated. Raises `PlanStale` when the file is neither as it was planned from nor as it was planned.

    The text is made again and not carried by the plan: what else stands in the file may be nobody's to see.
    """
    after: dict[str, Any] = change.after or {}
    file = str(after["file"])
    of_home = after["layer"] == LayerName.HOME.value
    if not of_home and folder is None:
        raise PlanStale("the workspace is gone.", address=change.address)
    target = (home / file).resolve() if of_home or folder is None else inside(folder, file)
    there = read_text(target)
    if there is not None and digest_of(there) == after["after_sha256"]:
        return
    before = "" if there is None else digest_of(there)
    made = edited(there or "", file, {tuple(key.split(".")): value for key, value in after["changes"].items()})
    if before != after["before_sha256"] or digest_of(made) != after["after_sha256"]:
        raise PlanStale("the file was edited since the plan was made.", address=change.address)
    replace_text(target, made, private=of_home)
