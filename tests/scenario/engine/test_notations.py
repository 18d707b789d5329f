"""The same infrastructure written in YAML, TOML, JSON and Nickel is the same plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import Invalid
from engine.model.plan import Plan
from tests.scenario.engine.person import apply, change, engine_at, make_workspace, planned, write_home

FOLDER = Path(__file__).parents[2] / "infrastructures"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("name", ["shop", "mail"])
async def test_every_notation_comes_to_the_same_changes_and_steps_in_the_same_order(name: str, home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        wanted = await _plan(engine, name, "yaml")
        assert len(wanted.changes) > 4
        for notation in ("toml", "json", "ncl"):
            plan = await _plan(engine, name, notation)
            assert plan.changes == wanted.changes
            assert plan.steps == wanted.steps
            assert plan.cost == wanted.cost


async def test_what_was_built_from_yaml_is_what_nickel_declares(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        built = await _plan(engine, "shop", "yaml")
        assert (await apply(engine, engine.plan(built.id))).status.value == "succeeded"
        assert (await _plan(engine, "shop", "ncl")).is_empty


async def test_an_edit_of_what_nickel_declares_is_refused_and_others_go_beside_it(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await _plan(engine, "mail", "ncl")
        with pytest.raises(Invalid, match=r"server.store: infra/main.ncl:16 declares it in Nickel"):
            await change(engine, {"op": "set", "address": "server.store", "value": {"size": "small"}})
        key = {"op": "set", "address": "ssh_key.mine", "value": {"provider": "demo"}}
        plan = planned(await change(engine, key))
        assert [(each.path, each.text) for each in plan.files] == [
            ("infra/main.yaml", "resources:\n  ssh_key:\n    mine:\n      provider: demo\n")
        ]
        assert {"ssh_key.mine", "server.store"} <= {each.address for each in plan.changes}


async def _plan(engine: Engine, name: str, notation: str) -> Plan:
    """What the workspace's only manifest comes to when it is this one."""
    _put(Path(engine.workspace("shop").path, "infra"), name, notation)
    return planned(await change(engine))


def _put(infra: Path, name: str, notation: str) -> None:
    for old in infra.iterdir():
        old.unlink()
    (infra / f"main.{notation}").write_bytes((FOLDER / f"{name}.{notation}").read_bytes())
