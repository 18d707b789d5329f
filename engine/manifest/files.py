"""Manifest files: read from a workspace's folder, and the edits that lead from one set of texts to another."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from pathlib import Path

from engine.contracts import nickel_contracts
from engine.model.errors import Problem
from engine.model.plan import FileEdit
from engine.notation.document import MOST_BYTES
from engine.notation.nickel import LIMITS, Evaluated, Limits, evaluate
from engine.notation.problems import Problems
from engine.notation.text_file import Unfit, read_text_file

FOLDER = "infra"
SUFFIXES = (".json", ".ncl", ".toml", ".yaml", ".yml")
MOST_FILES = 500


class ManifestFiles(dict[str, str]):
    """The text of every manifest file, by its path inside the workspace's folder, sorted by name.

    `evaluated` holds what the Nickel files among them amount to; they are read from there, and never edited.
    """

    def __init__(self, texts: Mapping[str, str], evaluated: Mapping[str, Evaluated]) -> None:
        super().__init__(texts)
        self.evaluated = evaluated


def evaluated_of(files: Mapping[str, str]) -> Mapping[str, Evaluated]:
    return files.evaluated if isinstance(files, ManifestFiles) else {}


def read_files(folder: Path, limits: Limits = LIMITS) -> ManifestFiles:
    """Every manifest file; Nickel is evaluated, within the limits, and what is wrong with it told when it is parsed.

    Raises `ManifestInvalid` for a folder that is not there, and for files that can't be read, are too large, no UTF-8,
    or links out of the workspace.
    """
    problems = Problems()
    texts: dict[str, str] = {}
    paths = _paths(folder, problems)
    if len(paths) > MOST_FILES:
        problems.add(
            Problem(f"There are {len(paths)} manifest files; {MOST_FILES} are the limit.", "Merge some.", FOLDER)
        )
    for path in paths[:MOST_FILES]:
        name = f"{FOLDER}/{path.name}"
        try:
            texts[name] = read_text_file(path, folder.resolve(), MOST_BYTES)
        except OSError as failure:
            problems.add(Problem(f"It can't be read: {failure.strerror}.", "Mend its rights or take it away.", name))
        except Unfit as refusal:
            problems.add(Problem(str(refusal), refusal.hint, name))
    problems.raise_any()
    nickel = {name: text for name, text in texts.items() if name.endswith(".ncl")}
    return ManifestFiles(texts, evaluate(folder, nickel, nickel_contracts(), limits) if nickel else {})


def file_edits(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FileEdit, ...]:
    """What has to be written so that the files `before` become those `after`."""
    return tuple(
        _edit(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )


def _paths(folder: Path, problems: Problems) -> list[Path]:
    infra = folder / FOLDER
    try:
        if not folder.is_dir():
            # Moved or not mounted: taken for an empty manifest, it would be a wish to delete everything.
            hint = "Bring it back, or leave a link to it at this place."
            problems.add(Problem("The workspace's folder is not there.", hint, str(folder)))
            return []
        if not infra.is_dir():
            return []
        if not infra.resolve().is_relative_to(folder.resolve()):
            problems.add(Problem("The folder is a link that leaves the workspace.", "Make it a real folder.", FOLDER))
            return []
        found = [path for path in infra.iterdir() if path.suffix in SUFFIXES and not path.name.startswith(".")]
    except OSError as failure:
        problems.add(Problem(f"The folder can't be read: {failure.strerror}.", "Mend its rights.", FOLDER))
        return []
    return sorted(found, key=lambda path: path.name)


def _edit(path: str, before: str | None, after: str | None) -> FileEdit:
    old, new = (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True)
    lines = difflib.unified_diff(
        old, new, "/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}"
    )
    return FileEdit(
        path=path, before=before or "", text=after,
        before_sha256="" if before is None else hashlib.sha256(before.encode()).hexdigest(),
        diff="".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines),
    )  # fmt: skip
