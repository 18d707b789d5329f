"""Promotion: a workspace's manifest made equal to that of another environment of the same project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.manifest import ManifestFiles, parse, read_files
from engine.manifest.files import FOLDER
from engine.model.errors import ManifestInvalid, Refused
from engine.model.run import Run, RunStatus
from engine.model.workspace import Workspace
from engine.registry.providers import Offers
from engine.settings.schema import Settings

_STATE_IT = 'State project = "NAME" in the workspace.toml of both.'


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two workspaces, with the settings in force for it."""

    place: Workspace
    settings: Settings

    @property
    def words(self) -> str:
        environment = self.settings.environment
        return f"{self.place.name} ({environment})" if environment else self.place.name


def promoted_files(source: Side, target: Side, offers: Offers) -> ManifestFiles:
    """The source's manifest, which is to become the target's.

    Raises `Refused` where the two are not environments of one project, a folder is gone or a Nickel file can't stand
    alone, and `ManifestInvalid` where the source's manifest has problems.
    """
    _check_same_project(source, target)
    try:
        files = read_files(Path(source.place.path))
        parse(files, offers, source.settings.planning.provider)
    except ManifestInvalid as wrong:
        raise ManifestInvalid([*wrong.problems], f"the manifest of {source.place.name}") from None
    _check_whole(files, source.place.name)
    return files


def promotion_words(source: Side, target: Side, runs: Sequence[Run]) -> tuple[str, ...]:
    """What a person should know of the source; `runs` are its latest, newest first."""
    taken = f"{FOLDER}/ of {target.words} becomes that of {source.words}, as it stands there now."
    if not source.place.serial:
        return taken, f"Nothing was ever applied in {source.place.name}: this was not tried there."
    # Runs that leave resources alone share the serial of the one before them.
    latest = [run for run in runs if run.serial == source.place.serial][-1:]
    if latest and latest[0].status is not RunStatus.SUCCEEDED:
        return taken, f"The latest run of {source.place.name}, {latest[0].id}, is {latest[0].status.value}."
    return (taken,)


def _check_same_project(source: Side, target: Side) -> None:
    if source.place.name == target.place.name:
        raise Refused(f"workspace {target.place.name} can't be promoted to itself.", hint="Name another as the source.")
    for side in (source, target):
        if not Path(side.place.path).is_dir():
            raise Refused(f"the folder of {side.place.name}, {side.place.path}, is not there.", hint="Bring it back.")
        if not side.settings.project:
            raise Refused(f"workspace {side.place.name} is of no project.", hint=_STATE_IT)
    if source.settings.project != target.settings.project:
        raise Refused(
            f"workspace {source.place.name} is of project {source.settings.project}, {target.place.name} of "
            f"{target.settings.project}.",
            hint="Only environments of one project are promoted.",
        )


def _check_whole(files: ManifestFiles, name: str) -> None:
    """What a Nickel file imports must come along, or it would mean something else, or nothing, over there."""
    for file, evaluated in files.evaluated.items():
        outside = sorted(each for each in evaluated.imports if each not in files)
        if outside:
            raise Refused(
                f"{file} of {name} imports {outside[0]}, which is no file of {FOLDER}/ and would not come along.",
                hint=f"Put what it imports directly into {FOLDER}/.",
            )
