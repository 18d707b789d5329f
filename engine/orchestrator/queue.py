"""A run as one durable DBOS workflow: started once, found again after a kill, its id the run's.

This module imports dbos (over half a second), so it is itself imported only once there is a run to carry out.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

_VERSION = "groundplan-1"
_OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@DBOS.workflow(name="groundplan.run")
def conduct_run(run_id: str) -> None:
    """The whole run. It may be called again after a kill: the run's journal knows what was done."""
    _Bound.conduct(run_id)


class _Bound:
    """DBOS is one per process, and so is what its workflow calls."""

    conduct: Callable[[str], None]


class RunQueue:
    """DBOS in this process, for one tenure of the worker lease."""

    def __init__(self, url: str, folder: Path, executor: str, conduct: Callable[[str], None]) -> None:
        _Bound.conduct = staticmethod(conduct)
        config: DBOSConfig = {
            "name": "groundplan", "system_database_url": url or _embedded(folder), "application_version": _VERSION,
            "executor_id": executor, "serializer": DBOSPortableJSONSerializer(), "log_level": "CRITICAL",
        }  # fmt: skip
        if not url:
            config["db_engine_kwargs"] = {"connect_args": {"factory": _Connection}}
        # The workflow that carries a run: its first, or the latest copy of it.
        self._workflows: dict[str, str] = {}
        DBOS(config=config)
        DBOS.launch()

    def start(self, run_id: str) -> None:
        """Begin the run, or go on with it; safe to repeat."""
        status = DBOS.get_workflow_status(run_id)
        self._workflows[run_id] = run_id
        if status is None:
            with SetWorkflowID(run_id):
                DBOS.start_workflow(conduct_run, run_id)
        elif status.status in _OVER:
            # The workflow ended without the run: its process had lost the lease. A copy goes on.
            self._workflows[run_id] = DBOS.fork_workflow(run_id, 1).workflow_id
        else:
            DBOS.resume_workflow(run_id)

    def is_over(self, run_id: str) -> bool:
        """Whether the workflow that was begun here for the run has ended, with the run or without it."""
        status = DBOS.get_workflow_status(self._workflows[run_id])
        return status is None or status.status in _OVER

    def close(self) -> None:
        DBOS.destroy()


class _Connection(sqlite3.Connection):
    """On Python 3.12 and newer dbos asks for `unixepoch('subsec')`, which SQLite before 3.42 answers with nothing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*modifiers: str) -> float:
    return time.time() if "subsec" in modifiers else float(int(time.time()))


def _embedded(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "runs.db"
    # DBOS never asks for the write-ahead log; once set, it stays in the file.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return f"sqlite:///{path}"
