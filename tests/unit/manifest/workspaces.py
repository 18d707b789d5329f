"""Workspaces on disk, for tests of what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.manifest import parse, read_files
from engine.manifest.parser import Offers
from engine.model.errors import ManifestInvalid
from engine.model.resource import Declaration
from engine.notation.nickel import LIMITS, Limits


def workspace(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with the files in it; `infra/` is there in any case."""
    (folder / "infra").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def declared(
    folder: Path, files: Mapping[str, str | bytes], offers: Offers, limits: Limits = LIMITS
) -> tuple[Declaration, ...]:
    return parse(read_files(workspace(folder, files), limits), offers)


def complaint(folder: Path, files: Mapping[str, str | bytes], offers: Offers, limits: Limits = LIMITS) -> list[str]:
    """What is said of the files, line by line."""
    with pytest.raises(ManifestInvalid) as caught:
        declared(folder, files, offers, limits)
    return [str(problem) for problem in caught.value.problems]
