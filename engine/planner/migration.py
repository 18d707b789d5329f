"""A workspace's files brought to the schema of this version, as edits that a person sees before they are made."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from engine.manifest import file_edits, read_files
from engine.model.errors import ManifestInvalid, Problem, Refused
from engine.model.workspace import Workspace
from engine.notation.text_file import Unfit, read_text_file
from engine.notation.writer import writer_of
from engine.planner.home_aim import HomeAim
from engine.settings.files import DEFAULTS_FOLDER, ENDINGS, MOST_BYTES, WORKSPACE_FILE
from engine.settings.migrations import KEY, current_schema, migrations_from, schema_problem, stated_schema


def aim_at_migration(known: Workspace) -> HomeAim:
    """Raises `Refused` where there is nothing to do, and `ManifestInvalid` for files that can't be taken."""
    texts = _texts(Path(known.path))
    stated = _stated(texts[WORKSPACE_FILE])
    left = migrations_from(stated)
    if not left:
        raise Refused(f"workspace {known.name} is of schema {stated}, the current one.", hint="Nothing is to be done.")
    after = dict(texts)
    for migration in left:
        after = dict(migration.act(after))
    after[WORKSPACE_FILE] = writer_of(WORKSPACE_FILE).merge(after[WORKSPACE_FILE], (), {KEY: current_schema()})
    told = [f"To schema {stated + number}: {each.summary}." for number, each in enumerate(left, 1)]
    return HomeAim(files=file_edits(texts, after), warnings=tuple(told))


def _texts(folder: Path) -> dict[str, str]:
    """Every file that a migration may touch, by its path inside the folder."""
    texts = dict(read_files(folder))
    settings = (path for ending in ENDINGS for path in sorted((folder / DEFAULTS_FOLDER).glob(f"*-defaults.{ending}")))
    for path in (folder / WORKSPACE_FILE, *settings):
        shown = path.relative_to(folder).as_posix()
        try:
            texts[shown] = read_text_file(path, folder.resolve(), MOST_BYTES)
        except Unfit as unfit:
            raise ManifestInvalid([Problem(str(unfit), unfit.hint, shown)]) from None
        except OSError as failure:
            raise ManifestInvalid([Problem(f"It can't be read: {failure.strerror}.", "Mend it.", shown)]) from None
    return texts


def _stated(text: str) -> int:
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except ValueError as wrong:
        raise ManifestInvalid([Problem(f"It is not valid TOML: {wrong}.", "Mend it first.", WORKSPACE_FILE)]) from None
    try:
        stated = stated_schema(values)
    except ValueError:
        stated = 0
    problem = schema_problem(values, WORKSPACE_FILE)
    if problem is not None and not 0 < stated < current_schema():
        raise ManifestInvalid([problem])
    return stated
