"""Settings where they count: a plan, another process's worker, a command at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import ManifestInvalid, NotFound
from engine.model.principal import Principal
from engine.model.request import Edit, PlanChange

BY = Principal(user="ada", door="test")


def opened(home: Path, **variables: str) -> Engine:
    engine = Engine.open(home, variables)
    engine.ensure_demo_workspace()
    return engine


@pytest.mark.parametrize("said", ['[planning]\nprovider = "demo"\n', 'environment = "dev"\n'])
async def test_a_manifest_may_leave_its_provider_to_the_settings(tmp_path: Path, said: str) -> None:
    engine = opened(tmp_path)
    folder = Path(engine.workspace("demo").path)
    (folder / "infra" / "main.yaml").write_text("resources:\n  network:\n    one: {cidr: 10.9.0.0/24}\n")
    with pytest.raises(ManifestInvalid, match="No provider is named"):
        await engine.propose("demo", PlanChange(), BY)
    (folder / "settings").mkdir()
    (folder / "settings" / "dev-defaults.toml").write_text('[planning]\nprovider = "demo"\n')
    (folder / "workspace.toml").write_text(f'name = "demo"\n{said}')
    record = await engine.propose(
        "demo", PlanChange((Edit(op="set", address="network.two", value={"cidr": "10.8.0.0/24"}),)), BY
    )
    assert record.plan is not None
    assert {(each.address, each.provider) for each in record.plan.changes} == {
        ("network.one", "demo"), ("network.two", "demo"),
    }  # fmt: skip
    assert engine.setting("demo", "planning.provider").value == "demo"
    engine.close()


async def test_settings_that_can_not_be_meant_make_no_plan(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    (Path(engine.workspace("demo").path) / "workspace.toml").write_text('name = "demo"\n[planing]\nprovider = "demo"\n')
    with pytest.raises(
        ManifestInvalid, match=r"workspace\.toml:2:2: planing: There is no such setting. Did you mean planning"
    ):
        await engine.propose("demo", PlanChange(), BY)
    engine.close()


def test_an_account_of_a_setting_names_every_layer_and_hides_what_may_hold_a_password(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[worker]\nlease_seconds = 9\n")
    engine = opened(
        tmp_path, GROUNDPLAN_WORKER__LEASE_SECONDS="3", GROUNDPLAN_INDEX__EMBEDDER_URL="https://u:pw@h.example"
    )
    found = engine.setting("demo", "worker.lease_seconds")
    assert [(each.layer, each.value, each.line) for each in found.layers] == [
        ("variables", "3", 0), ("home", 9, 2), ("built-in", 15.0, 0),
    ]  # fmt: skip
    assert (found.value, found.unit, found.variable) == (3.0, "seconds", "GROUNDPLAN_WORKER__LEASE_SECONDS")
    hidden = engine.setting("demo", "index.embedder_url")
    assert hidden.is_hidden
    assert "pw" not in hidden.model_dump_json()
    with pytest.raises(NotFound, match=r"Did you mean worker\.lease_seconds"):
        engine.setting("demo", "worker.lease_second")
    engine.close()


def test_settings_are_found_by_prefix_and_by_words(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    assert {each.key.partition(".")[0] for each in engine.settings("demo", "worker")} == {"worker"}
    assert [each.key for each in engine.settings("demo", "tried safe")] == ["worker.retry_attempts"]
    assert engine.settings("demo", "no such thing at all") == []
    engine.close()
