"""A home whose demo cloud refuses one server, and what came of building there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.request import Edit, PlanChange
from server.app import Office
from tests.scenario.engine.person import BY, apply, write_home

REFUSED = '\n[[providers.demo.faults]]\non = "create"\ntype = "server"\nname = "db"\nerror = "quota"\n'
SERVERS = PlanChange(
    edits=(
        Edit(
            op="set",
            address="server.web",
            value={"image": "debian-12", "size": "small", "networks": ["${network.private.id}"]},
        ),
        Edit(
            op="set",
            address="server.db",
            value={"image": "debian-12", "size": "small", "networks": ["${network.private.id}"]},
        ),
    )
)


@pytest.fixture
def unlucky(tmp_path: Path) -> Iterator[Office]:
    write_home(tmp_path / "home", REFUSED)
    office = Office(tmp_path / "home", {"PATH": "/usr/bin:/bin"})
    office.engine().ensure_demo_workspace()
    office.engine().start_worker()
    yield office
    office.close()


@pytest.fixture
async def failed_run(unlucky: Office) -> str:
    """The id of a run that built what it could; server.db is what it could not."""
    engine = unlucky.engine()
    run = await apply(engine, await engine.propose("demo", SERVERS, BY))
    assert run.status.value == "failed"
    return run.id
