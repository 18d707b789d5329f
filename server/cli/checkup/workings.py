"""What Groundplan itself needs: its databases, an audit log that is whole, a worker, providers it can sign in to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from engine.model.errors import GroundplanError
from server.cli.checkup.check import Check

if TYPE_CHECKING:
    # For its weight, not for a cycle: the office opens the engine when a command first needs it.
    from engine.facade import Engine


def check_database(engine: Engine) -> Check:
    count = len(engine.workspaces())
    if not count:
        return Check("database", "warning", "opened; there is no workspace yet", "Make one: groundplan init")
    return Check("database", "ok", f"opened, {count} workspace{'' if count == 1 else 's'}")


def check_audit(engine: Engine) -> Check:
    verdict = engine.verify_audit()
    if verdict.intact:
        return Check("audit", "ok", f"{verdict.lines} lines, every one in place")
    return Check(
        "audit",
        "fail",
        f"line {verdict.line}: {verdict.text}",
        "Someone or something changed the log: find out who before you go on.",
    )


def check_worker(engine: Engine) -> Check:
    """Runs are carried out by one process of the home at a time; none is needed while nothing runs."""
    waiting = [run.id for each in engine.workspaces() for run in engine.runs(each.name).items if not run.status.is_over]
    owner = engine.worker_status().get("lease_owner", "")
    if owner:
        return Check("worker", "ok", f"runs are carried out by {owner}")
    if waiting:
        return Check(
            "worker",
            "warning",
            f"{len(waiting)} unfinished, and no process works on them",
            "Start one: groundplan serve",
        )
    return Check("worker", "ok", "nothing waits to be carried out")


def check_accounts(engine: Engine) -> list[Check]:
    """For each workspace: can we sign in to the providers of what it has?"""
    checks: list[Check] = []
    for each in engine.workspaces():
        name = f"providers of {each.name}"
        try:
            accounts = asyncio.run(engine.accounts(each.name))
        except GroundplanError as error:
            checks.append(Check(name, "fail", error.message, error.hint or "See `groundplan drift` for more."))
            continue
        checks.append(Check(name, "ok", ", ".join(str(account) for account in accounts) or "it has no resources yet"))
    return checks
