"""A process that carries out runs and kills itself at a given point: `python -m tests.crash.victim HOME POINT NUMBER`.

Points: `before-commit` and `after-commit` of the journal's transactions, `before-act` and `after-act` of the
provider's calls that change something; NUMBER says at the how-manieth of them.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.facade import Engine
from engine.providers.demo.provider import DemoProvider
from engine.state.journal import Journal


def die_at(number: int) -> Callable[[], None]:
    counter = itertools.count(1)

    def passed() -> None:
        if next(counter) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return passed


def arm(point: str, number: int) -> None:
    passed = die_at(number)
    if point.endswith("commit"):
        commit = Journal._commit

        def deadly_commit(self: Journal, entries: Any) -> bool:
            if point == "before-commit":
                passed()
            result = commit(self, entries)
            if point == "after-commit":
                passed()
            return result

        Journal._commit = deadly_commit
        return
    for verb in ("create", "update", "delete"):
        _arm_act(point, getattr(DemoProvider, verb), verb, passed)


def _arm_act(point: str, act: Any, verb: str, passed: Callable[[], None]) -> None:
    async def deadly_act(self: DemoProvider, *arguments: Any) -> Any:
        if point == "before-act":
            passed()
        result = await act(self, *arguments)
        if point == "after-act":
            passed()
        return result

    setattr(DemoProvider, verb, deadly_act)


def main() -> None:
    home, point, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    arm(point, number)
    engine = Engine.open(home, {})
    engine.start_worker()
    print("ready", flush=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(not run.status.is_over for run in engine.runs("shop").items):
        time.sleep(0.02)
    engine.close()


if __name__ == "__main__":
    main()
