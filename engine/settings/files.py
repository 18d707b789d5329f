"""Settings files: found, read with a limit, and kept as documents until they move."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.contracts import nickel_contracts
from engine.model.errors import Problem
from engine.notation.document import Document, Flaw
from engine.notation.nickel import Limits, evaluate, imports_of
from engine.notation.problems import Problems
from engine.notation.reader import read_document
from engine.notation.text_file import Unfit, read_text_file
from engine.settings.workspace import ENVIRONMENT_NAME

WORKSPACE_FILE = "workspace.toml"
DEFAULTS_FOLDER = "settings"
ENDINGS = ("toml", "yaml", "yml", "json", "ncl")
MOST_BYTES = 1 << 20
SHAPE = Flaw("Settings are a table of keys.", "Write KEY = VALUE, or [TABLE] and below it KEY = VALUE.", 1, 1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Moves when a file does: enough to know that what was read of it still holds."""

    path: str
    size: int = -1
    changed: int = 0
    inode: int = 0

    @classmethod
    def of(cls, path: Path) -> Stamp:
        try:
            facts = path.stat()
        except OSError:
            return cls(str(path))
        return cls(str(path), facts.st_size, facts.st_mtime_ns, facts.st_ino)


def defaults_files(folder: Path, environment: str) -> Iterator[Path]:
    """Where an environment's defaults may stand. Nothing for a name that is none."""
    if re.fullmatch(ENVIRONMENT_NAME, environment):
        yield from (folder / DEFAULTS_FOLDER / f"{environment}-defaults.{ending}" for ending in ENDINGS)


def leads_out(folder: Path) -> bool:
    """Whether the workspace's folder of defaults is not in it."""
    return not Path(os.path.realpath(folder / DEFAULTS_FOLDER)).is_relative_to(os.path.realpath(folder))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file: the document, None where there is none or only problems, and what it was read from."""

    document: Document | None
    stamps: tuple[Stamp, ...]

    @property
    def holds(self) -> bool:
        return all(Stamp.of(Path(stamp.path)) == stamp for stamp in self.stamps)


class SettingsFiles:
    """Documents by path, read again only when their file or one that it imports moved."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[Path, Reading] = {}

    def read(self, path: Path, shown: str, problems: Problems, inside: Path | None = None) -> Reading:
        """`inside` is the folder that the file may not lead out of; `shown` is its path there."""
        known = self._known.get(path)
        if known is not None and known.holds:
            return known
        # Taken before, so that a change meanwhile is seen the next time.
        stamp = Stamp.of(path)
        text = settings_text(path, shown, problems, inside)
        if text is None:
            return Reading(None, (stamp,))
        if path.suffix == ".ncl" and inside is not None:
            reading = self._evaluated(text, shown, inside, problems, stamp)
        else:
            reading = Reading(read_document(shown, text, problems, SHAPE), (stamp,))
        if reading.document is not None:
            self._known[path] = reading
        return reading

    def _evaluated(self, text: str, shown: str, folder: Path, problems: Problems, stamp: Stamp) -> Reading:
        imported = [Stamp.of(folder / each) for each in imports_of(folder, shown, text)]
        told = evaluate(folder, {shown: text}, nickel_contracts(), self._limits, "Settings")[shown]
        return Reading(read_document(shown, text, problems, SHAPE, told), (stamp, *imported))


def settings_text(path: Path, shown: str, problems: Problems, inside: Path | None) -> str | None:
    """None where there is no file, or one that can't be taken."""
    try:
        return read_text_file(path, inside.resolve() if inside else None, MOST_BYTES)
    except FileNotFoundError:
        pass
    except Unfit as refusal:
        problems.add(Problem(str(refusal), refusal.hint, shown))
    except OSError as failure:
        problems.add(Problem(f"It can't be read: {failure.strerror}.", "Mend its rights or take it away.", shown))
    return None
