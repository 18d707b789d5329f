"""Two processes on one home on PostgreSQL: when one dies or sleeps past its lease, the other ends the run, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.relay import confirmed_run, killed_holder_is_followed, sleeper_writes_nothing_more
from tests.crash.test_takeover import LEASE_SECONDS, SLOW

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.promise("DURABLE-1")
@pytest.mark.parametrize(("point", "number"), [("before-act", 2), ("after-act", 3), ("after-commit", 3)])
async def test_another_process_takes_over_from_a_killed_one(
    make_home: Callable[..., Path], point: str, number: int
) -> None:
    home = make_home(SLOW, lease=LEASE_SECONDS)
    await killed_holder_is_followed(home, await confirmed_run(home), point, number)


@pytest.mark.promise("LEASE-1")
async def test_a_process_that_sleeps_past_its_lease_writes_nothing_more(make_home: Callable[..., Path]) -> None:
    home = make_home(SLOW, lease=LEASE_SECONDS)
    await sleeper_writes_nothing_more(home, await confirmed_run(home), "after-act", 2)
