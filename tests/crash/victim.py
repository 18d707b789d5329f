"""A process that carries out runs and dies at a point: `python -m tests.crash.victim HOME POINT NUMBER [SIGNAL]`.

Points: `before-commit` and `after-commit` of the journal's transactions, `before-act` and `after-act` of the
provider's calls that change something, `before-replace` and `after-replace` of a settings file; NUMBER says at the how-manieth of them. SIGNAL is what it sends itself:
SIGKILL, or SIGSTOP for a process that falls asleep there and can be woken.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine.facade import Engine
from engine.orchestrator import settings_acts
from engine.providers.demo.provider import DemoProvider
from engine.providers.local.provider import Local
from engine.state.database import Database
from engine.state.journal import Journal

# A sleeper that holds a transaction open would keep every other process out of a file until it wakes.
_WRITING = threading.RLock()
PROVIDERS: tuple[type[Any], ...] = (DemoProvider, Local)


def die_at(number: int, by: signal.Signals) -> Callable[[], None]:
    counter = itertools.count(1)

    def passed() -> None:
        if next(counter) == number:
            with _WRITING:
                os.kill(os.getpid(), by)

    return passed


@contextlib.contextmanager
def _one_at_a_time(self: Database) -> Iterator[Any]:
    with _WRITING, _write(self) as connection:
        yield connection


_write, Database.write = Database.write, _one_at_a_time


def arm(point: str, number: int, by: signal.Signals) -> None:
    passed = die_at(number, by)
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
    if point.endswith("replace"):
        settings_acts.replace_text = _deadly(point, settings_acts.replace_text, passed)
        return
    for provider, verb in itertools.product(PROVIDERS, ("create", "update", "delete")):
        _arm_act(point, provider, verb, passed)


def _deadly(point: str, replace: Callable[..., None], passed: Callable[[], None]) -> Callable[..., None]:
    def deadly_replace(*arguments: Any, **named: Any) -> None:
        if point == "before-replace":
            passed()
        replace(*arguments, **named)
        if point == "after-replace":
            passed()

    return deadly_replace


def _arm_act(point: str, provider: type[Any], verb: str, passed: Callable[[], None]) -> None:
    act = getattr(provider, verb)

    async def deadly_act(self: Any, *arguments: Any) -> Any:
        if point == "before-act":
            passed()
        result = await act(self, *arguments)
        if point == "after-act":
            passed()
        return result

    setattr(provider, verb, deadly_act)


def main() -> None:
    home, point, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    arm(point, number, signal.Signals[sys.argv[4]] if len(sys.argv) > 4 else signal.SIGKILL)
    engine = Engine.open(home, {})
    engine.start_worker()
    print("ready", flush=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _has_work(engine):
        time.sleep(0.02)
    engine.close()


def _has_work(engine: Engine) -> bool:
    return any(not run.status.is_over for place in engine.workspaces() for run in engine.runs(place.name).items)


if __name__ == "__main__":
    main()
