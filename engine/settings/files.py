"""Settings files: found, read with a limit, and kept as documents that know where everything stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.model.errors import Problem
from engine.notation.document import Document, Flaw
from engine.notation.problems import Problems
from engine.notation.reader import read_document
from engine.notation.text_file import Unfit, read_text_file
from engine.settings.workspace import ENVIRONMENT_NAME

WORKSPACE_FILE = "workspace.toml"
DEFAULTS_FOLDER = "settings"
ENDINGS = ("toml", "yaml", "json")
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


def read_settings(path: Path, shown: str, problems: Problems, inside: Path | None = None) -> Document | None:
    """None where there is no file, or one with problems. `inside` is the folder that it may not lead out of."""
    text = settings_text(path, shown, problems, inside)
    return None if text is None else read_document(shown, text, problems, SHAPE)


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
