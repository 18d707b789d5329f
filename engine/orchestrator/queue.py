"""A run as one durable DBOS workflow: started once, found again after a kill, its id the run's.

This module imports dbos (over half a second), so it is itself imported only once there is a run to carry out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

_VERSION = "groundplan-1"


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
        DBOS(config=config)
        DBOS.launch()

    def start(self, run_id: str) -> None:
        """Begin the run, or go on with it; safe to repeat."""
        status = DBOS.get_workflow_status(run_id)
        if status is None:
            with SetWorkflowID(run_id):
                DBOS.start_workflow(conduct_run, run_id)
        elif cast("str", status.status) in ("SUCCESS", "ERROR"):
            # The workflow ended without the run: its process had lost the lease. A copy goes on.
            DBOS.fork_workflow(run_id, 1)
        else:
            DBOS.resume_workflow(run_id)

    def close(self) -> None:
        DBOS.destroy()


def _embedded(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "runs.db"
    # DBOS never asks for the write-ahead log; once set, it stays in the file.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return f"sqlite:///{path}"
