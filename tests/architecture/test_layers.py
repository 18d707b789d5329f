"""The rooms and the direction of imports, as `.importlinter` lays them down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT


@pytest.mark.promise("ROOMS-1")
def test_imports_run_downwards_and_every_room_has_its_place() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    verdict = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
