"""Two processes on one home, in a file: when one dies or sleeps past its lease, the other ends the run, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.relay import confirmed_run, killed_holder_is_followed, sleeper_writes_nothing_more
from tests.scenario.engine.person import write_home

pytestmark = pytest.mark.slow
# Slow calls, one at a time, so that the run has a middle; a short lease, so that nobody waits long for its end.
SLOW = "\n[providers.demo]\nparallel = 1\nlatency = 0.3\n"
LEASE_SECONDS = 1.0
# Asleep on either side of an act: before the cloud was asked, and with an answer that is not written down yet.
POINTS = [("before-act", 2), ("after-act", 2)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home", SLOW, lease=LEASE_SECONDS)
    return tmp_path / "home"


@pytest.mark.promise("DURABLE-1")
@pytest.mark.parametrize(("point", "number"), [*POINTS, ("after-commit", 3)])
async def test_another_process_takes_over_from_a_killed_one(home: Path, point: str, number: int) -> None:
    run_id = await confirmed_run(home)
    await killed_holder_is_followed(home, run_id, point, number)


@pytest.mark.promise("LEASE-1")
@pytest.mark.parametrize(("point", "number"), POINTS)
async def test_a_process_that_sleeps_past_its_lease_writes_nothing_more(home: Path, point: str, number: int) -> None:
    run_id = await confirmed_run(home)
    await sleeper_writes_nothing_more(home, run_id, point, number)
