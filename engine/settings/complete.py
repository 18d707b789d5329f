"""Complete: a whole configuration out of a part of one, with the reason for every value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.model.errors import ManifestInvalid
from engine.model.setting import CompletedSetting
from engine.settings.account import settings_of
from engine.settings.check import Resolve, as_tables, unfit_values
from engine.settings.files import DEFAULTS_FOLDER
from engine.settings.merge import leaves
from engine.settings.schema import Settings

_SUFFIX = "-defaults"


def complete_given(
    given: Mapping[str, Any], folder: Path | None, providers: Collection[str], resolve: Resolve
) -> list[CompletedSetting]:
    """Raises `ManifestInvalid` with every problem of what was given."""
    if problems := unfit_values(given):
        raise ManifestInvalid(problems, "the settings")
    tables = as_tables(given)
    said = {".".join(path) for path, _ in leaves(tables)}
    inferred = dict(_inferred(resolve(tables).settings, folder, providers))
    whole = resolve(as_tables({**{key: value for key, (value, _) in inferred.items()}, **given}))
    reasons = {key: reason for key, (_, reason) in inferred.items()} | dict.fromkeys(said, "given")
    return [
        CompletedSetting(
            key=each.key, value=each.value, is_hidden=each.is_hidden, reason=reasons.get(each.key, each.holds.where)
        )
        for each in settings_of(whole)
    ]


def _inferred(settings: Settings, folder: Path | None, providers: Collection[str]) -> Iterator[tuple[str, Any]]:
    """What nobody said, and what only one answer fits."""
    environments = _environments(folder) if folder else []
    if not settings.environment and len(environments) == 1:
        reason = f"inferred: {DEFAULTS_FOLDER}/ has defaults of this environment alone"
        yield "environment", (environments[0], reason)
    if not settings.planning.provider and len(providers) == 1:
        (only,) = providers
        yield "planning.provider", (only, "inferred: the workspace uses this provider alone")


def _environments(folder: Path) -> list[str]:
    found = (folder / DEFAULTS_FOLDER).glob(f"*{_SUFFIX}.*") if (folder / DEFAULTS_FOLDER).is_dir() else ()
    return sorted({each.stem.removesuffix(_SUFFIX) for each in found})
