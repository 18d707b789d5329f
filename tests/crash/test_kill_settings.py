"""kill -9 while settings files are written: each file is the former one or the confirmed one, and the run ends well."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.request import PlanSettings
from tests.crash.copied_home import copy_home
from tests.scenario.engine.person import BY, engine_at, finished, make_workspace, planned, write_home, yes_to

ROOT = Path(__file__).parents[2]
WANTED = {"planning.provider": "demo", "worker.runs_at_once": 8}
POINTS = [(point, n) for point in ("before-commit", "after-commit") for n in range(1, 5)]
POINTS += [(point, n) for point in ("before-replace", "after-replace") for n in (1, 2)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with a confirmed run about two files that nobody has begun; the run's id."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    write_home(home, lease=0.4)
    return home, asyncio.run(_prepare(home))


async def _prepare(home: Path) -> str:
    with engine_at(home) as engine:
        await make_workspace(engine)
        plan = planned(await engine.propose("shop", PlanSettings(WANTED), BY))
    idle = Engine.open(home, {})
    run = idle.apply(yes_to(plan))
    idle.close()
    return run.id


@pytest.mark.promise("DURABLE-1")
@pytest.mark.parametrize(("point", "number"), POINTS)
def test_a_killed_run_leaves_whole_files_and_ends_like_an_uninterrupted_one(
    prepared: tuple[Path, str], tmp_path: Path, point: str, number: int
) -> None:
    home, run_id = tmp_path / "home", prepared[1]
    folder = copy_home(prepared[0], home)
    files = (folder / "workspace.toml", home / "config.toml")
    before = [each.read_text() for each in files]
    command = [sys.executable, "-m", "tests.crash.victim", str(home), point, str(number)]
    victim = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert victim.returncode in (-signal.SIGKILL, 0), victim.stderr
    killed = [each.read_text() for each in files]
    after = asyncio.run(_recovers(home, run_id, files))
    assert all(found in (old, new) for found, old, new in zip(killed, before, after, strict=True))


async def _recovers(home: Path, run_id: str, files: tuple[Path, ...]) -> list[str]:
    with engine_at(home) as engine:
        run = await finished(engine, engine.run(run_id))
        assert run.status.value == "succeeded", run.failure
        assert {key: engine.setting("shop", key).value for key in WANTED} == WANTED
        assert planned(await engine.propose("shop", PlanSettings(WANTED), BY)).is_empty
        assert engine.verify_audit().intact
    return [each.read_text() for each in files]
