"""What others wrote to judge an MCP server, run on ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from server.app import Office
from tests.conformance import suite

# A suite that suddenly checks almost nothing must not pass for a suite that finds nothing.
_FEWEST_CHECKS = {"2025-11-25": 60, "2026-07-28": 110}

pytestmark = [pytest.mark.conformance, pytest.mark.slow]


@pytest.mark.promise("MCP-1")
@pytest.mark.parametrize("revision", _FEWEST_CHECKS)
def test_every_scored_check_of_a_revision_passes(revision: str, tmp_path: Path) -> None:
    with suite.served(tmp_path / "home", tmp_path / "log", python=sys.executable) as url:
        verdict = suite.run(url, revision, tmp_path / "out")
    assert verdict.failures == {}, verdict.said
    assert verdict.passed >= _FEWEST_CHECKS[revision], verdict.said


@pytest.mark.promise("MCP-1")
def test_mcpcheck_finds_nothing_on_the_real_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    token = Office(home, {}).token_for("mcpcheck")
    with suite.served(home, tmp_path / "log", python=sys.executable, plain=True) as url:
        done = subprocess.run(
            [Path(sys.executable).with_name("jbt-mcpcheck"), url, "--token", token, "--strict", "--legacy-probes", "--json"],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    report = json.loads(done.stdout)
    assert done.returncode == 0, json.dumps(report, indent=1)
