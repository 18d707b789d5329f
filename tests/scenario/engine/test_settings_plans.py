"""Settings changed through the corridor: planned, confirmed, applied exactly, and nothing that should stay hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.facade import Engine
from engine.model.confirmation import Channel
from engine.model.errors import GroundplanError, ManifestInvalid, PolicyDenied, Refused
from engine.model.plan import Plan
from engine.model.request import PlanRollback, PlanSettings
from engine.model.run import RunStatus
from server.render.plan import plan_text
from tests.scenario.engine.person import BY, apply, engine_at, finished, make_workspace, planned, write_home, yes_to

TOML = """# What this shop is
name = "shop"  # never renamed

# Where its resources go
[planning]
provider = "local"   # for now
"""


async def plan(engine: Engine, changes: dict[str, Any], workspace: str | None = "shop", **where: Any) -> Plan:
    return planned(await engine.propose(workspace, PlanSettings(changes, **where), BY))


@pytest.fixture
async def shop(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        folder = Path(engine.workspace("shop").path)
    (folder / "workspace.toml").write_text(TOML)
    return folder


def home_of(folder: Path) -> Path:
    return folder.parent.parent


@pytest.mark.promise("SETTINGS-4")
async def test_a_change_is_shown_as_lines_and_as_values_and_touches_nothing_else(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"planning.provider": "demo", "values.size": "small"})
        assert shop.joinpath("workspace.toml").read_text() == TOML
        text = plan_text(made)
        assert '~ planning.provider: "local" → "demo"' in text
        assert '-provider = "local"   # for now' in text
        assert '+provider = "demo"   # for now' in text
        run = await finished(engine, engine.apply(yes_to(made)))
        assert run.status is RunStatus.SUCCEEDED
        assert engine.setting("shop", "planning.provider").value == "demo"
    expected = TOML.replace('"local"', '"demo"') + '\n[values]\nsize = "small"\n'
    assert shop.joinpath("workspace.toml").read_text() == expected


async def test_each_setting_goes_where_it_may_be_said(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"planning.provider": "demo", "worker.runs_at_once": 8})
        assert [each.address for each in made.changes] == ["settings:workspace.toml", "settings:config.toml"]
        assert (await finished(engine, engine.apply(yes_to(made)))).status is RunStatus.SUCCEEDED
    assert "runs_at_once = 8" in (home_of(shop) / "config.toml").read_text()


async def test_the_defaults_of_an_environment_get_a_file(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"values.size": "tiny"}, layer="environment", environment="dev")
        assert "in a new file" in made.changes[0].reason
        assert (await finished(engine, engine.apply(yes_to(made)))).status is RunStatus.SUCCEEDED
        assert engine.setting("shop", "values.size", environment="dev").value == "tiny"
    assert (shop / "settings" / "dev-defaults.toml").read_text() == '[values]\nsize = "tiny"\n'


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("dev-defaults.yaml", "# dev\nvalues:\n  size: tiny # as it was\n", "# dev\nvalues:\n  size: small # as it was\n"),
        ("dev-defaults.yml", "values: {size: tiny}\n", "values: {size: small}\n"),
        ("dev-defaults.json", '{"values": {"size": "tiny"}}\n', '{"values": {"size": "small"}}\n'),
    ],
)  # fmt: skip
async def test_defaults_in_every_notation_are_edited_where_they_stand(
    shop: Path, file: str, before: str, after: str
) -> None:
    (shop / "settings").mkdir(exist_ok=True)
    (shop / "settings" / file).write_text(before)
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"values.size": "small"}, layer="environment", environment="dev")
        assert (await finished(engine, engine.apply(yes_to(made)))).status is RunStatus.SUCCEEDED
    assert (shop / "settings" / file).read_text() == after


async def test_defaults_that_are_a_program_are_changed_by_hand(shop: Path) -> None:
    (shop / "settings").mkdir(exist_ok=True)
    (shop / "settings" / "dev-defaults.ncl").write_text('{ values = { size = "tiny" } }\n')
    with engine_at(home_of(shop)) as engine, pytest.raises(Refused, match="is a program"):
        await plan(engine, {"values.size": "small"}, layer="environment", environment="dev")


async def test_another_environment_tells_every_value_that_it_moves(shop: Path) -> None:
    (shop / "settings").mkdir(exist_ok=True)
    (shop / "settings" / "dev-defaults.toml").write_text('[values]\nsize = "tiny"\n')
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"environment": "dev"})
    assert [(each.path, each.after) for each in made.changes[0].diff] == [
        ("environment", "dev"),
        ("values.size", "tiny"),
    ]


async def test_a_value_that_a_higher_layer_hides_is_told(shop: Path) -> None:
    engine = Engine.open(home_of(shop), {"GROUNDPLAN_PLANNING__PROVIDER": "demo"})
    try:
        made = await plan(engine, {"planning.provider": "local-2"})
    finally:
        engine.close()
    assert "planning.provider stays as it is: the process's environment says so" in made.warnings[0]


async def test_what_needs_a_restart_names_who_runs(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"worker.lease_seconds": 20})
    assert any("from the next start on: restart what runs" in each for each in made.warnings)


async def test_what_is_there_already_is_an_empty_plan(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"planning.provider": "local", "values.none": None})
    assert made.is_empty
    assert made.changes == ()


async def test_a_key_that_is_taken_out_leaves_the_layer_below(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        run = await apply(engine, await engine.propose("shop", PlanSettings({"planning.provider": None}), BY))
        assert run.status is RunStatus.SUCCEEDED
        assert engine.setting("shop", "planning.provider").holds.layer == "built-in"
    assert (
        shop / "workspace.toml"
    ).read_text() == '# What this shop is\nname = "shop"  # never renamed\n\n# Where its resources go\n'


@pytest.mark.promise("SETTINGS-4")
async def test_a_file_that_was_edited_meanwhile_stays_as_it_is(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"planning.provider": "demo"})
        shop.joinpath("workspace.toml").write_text(TOML + "# and more\n")
        run = await finished(engine, engine.apply(yes_to(made)))
        assert run.status is RunStatus.FAILED
        assert run.failure is not None
        assert run.failure.code == "plan_stale"
    assert shop.joinpath("workspace.toml").read_text() == TOML + "# and more\n"


async def test_the_homes_settings_can_be_planned_before_there_is_a_workspace(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        made = await plan(engine, {"worker.runs_at_once": 2}, workspace=None)
        assert (await finished(engine, engine.apply(yes_to(made)))).status is RunStatus.SUCCEEDED
    assert "runs_at_once = 2" in (tmp_path / "config.toml").read_text()


@pytest.mark.promise("SETTINGS-2")
@pytest.mark.parametrize(
    "changes",
    [
        {"consent.low": ["elicitation"]}, {"providers.demo.faults": {}}, {"database": "postgresql://db.example/gp"},
        {"index.embedder_url": "https://models.example"}, {"interpolation.variables": ["HOME", "TOKEN"]},
    ],
)  # fmt: skip
async def test_what_the_home_trusts_is_changed_over_a_strong_channel_only(shop: Path, changes: dict[str, Any]) -> None:
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, changes)
        assert made.risk.level.value == "high"
        with pytest.raises(PolicyDenied):
            engine.apply(yes_to(made, Channel.ELICITATION))


@pytest.mark.promise("SETTINGS-3")
@pytest.mark.parametrize(
    "changes",
    [
        {"database": "postgresql://ada:hunter2@db.example/gp"}, {"values.api_token": "hunter2"},
        {"index.embedder_key": "hunter2"}, {"providers.demo": {"token": "hunter2"}},
        {"index.embedder_url": "https://models.example/?key=hunter2"}, {"values.keys": ["hunter2"]},
    ],
)  # fmt: skip
async def test_a_plan_never_carries_what_may_be_a_secret(shop: Path, changes: dict[str, Any]) -> None:
    with engine_at(home_of(shop)) as engine:
        with pytest.raises(ManifestInvalid, match="A plan can't carry what may be a secret") as refusal:
            await plan(engine, changes)
        assert "hunter2" not in str(refusal.value)
    assert not _holds(home_of(shop), b"hunter2")


@pytest.mark.promise("SETTINGS-3")
async def test_what_a_file_holds_beside_the_change_stays_out_of_the_plan(shop: Path) -> None:
    config = home_of(shop) / "config.toml"
    text = config.read_text() + '[index]\nembedder_url = "https://ada:hunter2@models.example"\n'
    config.write_text(text)
    with engine_at(home_of(shop)) as engine:
        made = await plan(engine, {"index.embedder_url": None, "index.download": True})
        assert "hunter2" not in made.model_dump_json()
        assert (await finished(engine, engine.apply(yes_to(made)))).status is RunStatus.SUCCEEDED
        assert not engine.setting("shop", "index.embedder_url").value
    assert "hunter2" not in config.read_text()
    assert not _holds(home_of(shop), b"hunter2")


@pytest.mark.promise("SETTINGS-1")
async def test_a_value_from_a_caller_is_never_read_as_a_template(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        given = "{{ env.HOME }} and {{ workspace.name }}"
        run = await apply(engine, await engine.propose("shop", PlanSettings({"values.note": given}), BY))
        assert run.status is RunStatus.SUCCEEDED
        assert engine.setting("shop", "values.note").value == given


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({}, {}, "no change of a setting is named"),
        ({"planing.provider": "x"}, {}, "planing.provider: There is no such setting. Did you mean planning.provider?"),
        ({"worker": 3}, {}, "worker: This is a table of settings. Name one of worker.lease_seconds"),
        ({"": 3}, {}, "There is no such setting"),
        ({"values.": 3}, {}, "There is no such setting"),
        ({"values.a": 1, "values.a.b": 2}, {}, "values.a.b: 'values.a' is changed as a whole too. Name either one."),
        ({"worker.runs_at_once": 0}, {}, "worker.runs_at_once: This is too small"),
        ({"worker.runs_at_once": 2}, {"layer": "workspace"}, "A workspace can't say this"),
        ({"values.a": "x\x00y"}, {}, r"values.a: This text holds the character U\+0000"),
        ({"values.a": 1 << 70}, {}, "does not fit into 64 bits"),
        ({"values.a": "x" * 70_000}, {}, "longer than 64 KiB"),
        ({f"values.a{each}": 1 for each in range(300)}, {}, "300 changes are too many"),
        ({"values.a": 1}, {"layer": "environment"}, "the workspace is in no environment"),
        ({"values.a": 1}, {"layer": "environment", "environment": "../../etc"}, "no name for an environment"),
    ],
)  # fmt: skip
async def test_what_can_not_be_meant_is_refused_in_words(
    shop: Path, changes: dict[str, Any], where: dict[str, Any], words: str
) -> None:
    with engine_at(home_of(shop)) as engine, pytest.raises(GroundplanError, match=words):
        await plan(engine, changes, **where)
    assert shop.joinpath("workspace.toml").read_text() == TOML


async def test_a_file_that_leads_out_of_the_workspace_is_not_written(shop: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("")
    (shop / "settings").mkdir(exist_ok=True)
    (shop / "settings" / "dev-defaults.toml").symlink_to(outside)
    with engine_at(home_of(shop)) as engine, pytest.raises(ManifestInvalid, match="a link that leaves the workspace"):
        await plan(engine, {"values.a": 1}, layer="environment", environment="dev")
    assert outside.read_text() == ""


async def test_a_run_about_settings_is_undone_by_another_plan(shop: Path) -> None:
    with engine_at(home_of(shop)) as engine:
        run = await apply(engine, await engine.propose("shop", PlanSettings({"planning.provider": "demo"}), BY))
        with pytest.raises(Refused, match="plan_settings"):
            await engine.propose(None, PlanRollback(run.id), BY)


def _holds(home: Path, secret: bytes) -> bool:
    """Whether any file of the home does, its databases and logs among them."""
    return any(secret in each.read_bytes() for each in home.rglob("*") if each.is_file())
