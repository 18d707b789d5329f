"""The worker: takes the lease when there is work that this process can sign in to, and carries runs out."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import secrets
import socket
import threading
import time
from typing import Any

from engine.model.errors import LeaseLost
from engine.model.run import Run
from engine.orchestrator.conductor import Conductor
from engine.settings.home import HomeSettings
from engine.state.database import Database
from engine.state.leases import CLOCK, Lease, Leases
from engine.state.runs import Runs

LEASE = "worker"
_SIGN_IN_REMEMBERED = 15.0
_log = logging.getLogger(__name__)


class Worker:
    """Two threads: one looks for work, one keeps the lease. Runs go on in DBOS's own threads."""

    def __init__(self, database: Database, conductor: Conductor, settings: HomeSettings) -> None:
        self._database, self._conductor, self._settings = database, conductor, settings
        self._runs, self._leases = Runs(database), Leases(database)
        self._owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._lease: Lease | None = None
        self._queue: Any = None
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self._enlisted: set[str] = set()
        self._at_work: set[str] = set()
        self._signable: dict[str, tuple[float, bool]] = {}
        self._guard = threading.Lock()

    def start(self) -> None:
        with self._guard:
            if self._threads:
                return
            self._stopping.clear()
            self._threads = [
                threading.Thread(target=self._look_for_work, name="groundplan-worker", daemon=True),
                threading.Thread(target=self._keep_lease, name="groundplan-lease", daemon=True),
            ]
            for thread in self._threads:
                thread.start()

    def stop(self, grace: float = 2.0) -> bool:
        """Begin no further step, wait a little for those under way, give the lease back; whether all came to rest."""
        with self._guard:
            threads, self._threads = self._threads, []
        if not threads:
            return True
        self._stopping.set()
        self._wake.set()
        until = time.monotonic() + grace
        for thread in threads:
            thread.join(max(0.1, until - time.monotonic()))
        while self._at_work and time.monotonic() < until:
            time.sleep(0.01)
        if self._at_work:
            # The lease is left to run out: until then nobody else begins what is still under way here.
            return False
        if self._queue is not None:
            self._queue.close()
            self._queue = None
        self._yield_lease()
        return True

    def nudge(self) -> None:
        """There may be work now."""
        self._wake.set()

    def status(self) -> dict[str, Any]:
        held = self._leases.current(LEASE)
        here = self._lease is not None
        owner = held.owner if held and held.expires_at > CLOCK() else ""
        return {
            "running": bool(self._threads),
            "holds_lease": here,
            "lease_owner": owner,
            "at_work": sorted(self._at_work),
        }

    def _look_for_work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - the next turn may fare better; a dead worker would leave runs lying
                _log.exception("the worker's turn failed")
            self._wake.wait(self._settings.worker.poll_seconds)
            self._wake.clear()

    def _turn(self) -> None:
        if self._lease is None and self._queue is not None:
            # Without the lease it must not take up runs that another process is about to go on with.
            self._queue.close()
            self._queue = None
            self._enlisted.clear()
        self._drop_ended()
        waiting = [run for run in self._runs.alive() if run.id not in self._enlisted]
        ready = [run for run in waiting if self._can_sign_in(run)]
        if not ready:
            if waiting and not self._enlisted:
                self._yield_lease()
            return
        if self._lease is None and not self._take_lease():
            return
        queue = self._queue
        for run in ready[: max(0, self._settings.worker.runs_at_once - len(self._enlisted))]:
            self._enlisted.add(run.id)
            if queue is not None:
                queue.start(run.id)

    def _drop_ended(self) -> None:
        """A run whose workflow is over is none of ours any more; one that is not over itself is begun again.

        Only the queue's own word counts: a workflow that has returned is not yet marked so.
        """
        queue = self._queue
        if queue is not None:
            self._enlisted -= {run_id for run_id in self._enlisted - self._at_work if queue.is_over(run_id)}

    def _take_lease(self) -> bool:
        lease = self._leases.acquire(LEASE, self._owner, self._settings.worker.lease_seconds)
        if lease is None:
            return False
        self._lease = lease
        if self._queue is None:
            # dbos is heavy: only a process that has a run to carry out pays for it.
            queue = importlib.import_module("engine.orchestrator.queue")
            folder = self._conductor.sign_in.home / "queue"
            self._queue = queue.RunQueue(self._queue_url(), folder, f"{self._owner}/{lease.epoch}", self._conduct)
        return True

    def _queue_url(self) -> str:
        url = self._settings.queue or self._settings.database
        return url.replace("postgresql+psycopg://", "postgresql://", 1)

    def _yield_lease(self) -> None:
        """What waits is for a process that can sign in elsewhere; it shall find the lease free."""
        if self._lease is not None:
            self._leases.release(self._lease)
            self._lease = None

    def _keep_lease(self) -> None:
        while not self._stopping.wait(self._settings.worker.lease_seconds / 3):
            lease = self._lease
            if lease is None:
                continue
            try:
                self._lease = self._leases.renew(lease, self._settings.worker.lease_seconds)
            except LeaseLost:
                _log.warning("another process took the worker lease over")
                self._lease = None
            except Exception:  # noqa: BLE001 - a database that is away for a moment; the lease's own time limit guards the rest
                _log.exception("the worker lease could not be renewed")

    def _holds(self, epoch: int) -> bool:
        lease = self._lease
        return not self._stopping.is_set() and lease is not None and lease.epoch == epoch and lease.expires_at > CLOCK()

    def _conduct(self, run_id: str) -> None:
        if run_id in self._at_work:
            return
        self._at_work.add(run_id)
        try:
            lease = self._lease
            if lease is not None:
                asyncio.run(self._conductor.conduct(run_id, lease, lambda: self._holds(lease.epoch)))
        except LeaseLost:
            _log.warning("run %s goes on in the process that holds the worker lease", run_id)
        finally:
            self._at_work.discard(run_id)
            self._wake.set()

    def _can_sign_in(self, run: Run) -> bool:
        known = self._signable.get(run.id)
        if known is not None and time.monotonic() - known[0] < _SIGN_IN_REMEMBERED:
            return known[1]
        able = asyncio.run(self._conductor.sign_in.can_sign_in(run.workspace, run.accounts))
        self._signable[run.id] = (time.monotonic(), able)
        if not able and not run.waiting:
            accounts = ", ".join(str(account) for account in run.accounts)
            self._runs.say_waiting(run.id, f"waits for a Groundplan process that can sign in to {accounts}")
        return able
