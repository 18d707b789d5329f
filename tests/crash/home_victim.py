"""A process that acts on the home and dies at a point: `python -m tests.crash.home_victim HOME RUN POINT NUMBER`.

Points: `before-commit` and `after-commit` of the journal's transactions; and after these inside an act: `secrets` have
moved, all is `renamed`, a `file` of the bundle is written, the folder is `unpacked`, the workspace has `arrived`.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

from engine.bundle import unpacking
from engine.facade import Engine
from engine.orchestrator import workspace_acts
from engine.state.transfer import Transfer
from engine.state.workspaces import Workspaces
from tests.crash.victim import arm, die_at

WHERE: dict[str, tuple[Any, str]] = {
    "secrets": (workspace_acts, "move_secrets"),
    "renamed": (Workspaces, "rename"),
    "file": (unpacking.os, "fsync"),
    "unpacked": (workspace_acts, "unpack"),
    "arrived": (Transfer, "arrive"),
}


def arm_act(point: str, number: int) -> None:
    place, name = WHERE[point]
    act, passed = getattr(place, name), die_at(number, signal.SIGKILL)

    def deadly_act(*arguments: Any) -> Any:
        result = act(*arguments)
        passed()
        return result

    setattr(place, name, deadly_act)


def main() -> None:
    home, run_id, point, number = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    if point in WHERE:
        arm_act(point, number)
    else:
        arm(point, number, signal.SIGKILL)
    engine = Engine.open(home, {})
    engine.start_worker()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not engine.run(run_id).status.is_over:
        time.sleep(0.02)
    engine.close()


if __name__ == "__main__":
    main()
