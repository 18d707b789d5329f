"""Two workspaces of one home: what is declared, recorded, set, kept secret or found in one is not there in the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import GroundplanError, NotFound
from engine.model.query import ResourceQuery
from engine.model.request import PlanWorkspace
from engine.secrets.ssh_keys import public_key
from engine.secrets.store import SecretStore
from rag.model.document import KNOWLEDGE_SHELF
from rag.model.query import Query, Within
from server.app import Office
from tests.scenario.engine.person import BY, apply, change, make_workspace, planned, write_home
from tests.scenario.workspaces.files import write

# Texts are found by their words alone, so that no test waits for a model.
NO_MODEL = '\n[index]\nembedder = "openai:none"\nembedder_url = "http://127.0.0.1:9/v1"\n'
NETWORK: dict[str, object] = {"op": "set", "address": "network.private", "value": {"cidr": "10.20.0.0/16"}}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    write_home(tmp_path, NO_MODEL)
    opened = Office(tmp_path, {})
    opened.engine().start_worker()
    yield opened
    opened.close()


async def both(engine: Engine) -> None:
    for name in ("red", "blue"):
        await make_workspace(engine, name)
        write(engine, name, "workspace.toml", f'name = "{name}"\n[values]\ncolour = "{name}"\n')
        write(engine, name, "docs/rota.md", f"# Rota\n\nThe pager of the zebra team is with {name}-ada.\n")


def found(office: Office, name: str) -> list[tuple[str, str]]:
    """Address and text of what a search in a workspace finds."""
    uid = office.engine().workspace(name).uid
    within = Within((KNOWLEDGE_SHELF, uid))
    passages = office.library().search(Query("pager of the zebra team", within), look=None).passages
    return [(each.uri, each.text) for each in passages if "zebra" in each.text]


@pytest.mark.promise("WORKSPACE-1")
async def test_state_settings_and_runs_of_one_are_not_in_the_other(office: Office) -> None:
    engine = office.engine()
    await both(engine)
    run = await apply(engine, await change(engine, NETWORK, workspace="red"))
    assert run.status.value == "succeeded"
    assert [len(engine.resources(name, ResourceQuery()).items) for name in ("red", "blue")] == [1, 0]
    with pytest.raises(NotFound):
        engine.resource("blue", "network.private")
    assert run.id not in [each.id for each in engine.runs("blue").items]
    assert [engine.setting(name, "values.colour").value for name in ("red", "blue")] == ["red", "blue"]
    plan = planned(await change(engine, NETWORK, workspace="blue"))
    assert [each.action.value for each in plan.changes] == ["create"]
    await apply(engine, engine.plan(plan.id))
    ids = {engine.resource(name, "network.private").recorded.id for name in ("red", "blue")}
    assert len(ids) == 2
    gone = planned(await change(engine, {"op": "remove", "address": "network.private"}, workspace="blue"))
    assert [each.id for each in gone.changes] == [engine.resource("blue", "network.private").recorded.id]


@pytest.mark.promise("WORKSPACE-1")
async def test_secrets_and_keys_of_one_are_not_the_others(office: Office, tmp_path: Path) -> None:
    await both(office.engine())
    assert public_key(tmp_path, "red").split()[1] != public_key(tmp_path, "blue").split()[1]
    (tmp_path / "secrets" / "red" / "root").write_text("of red")
    assert SecretStore(tmp_path, "red").value("secret://root") == "of red"
    for reference in ("secret://root", "secret://../red/root"):
        with pytest.raises(GroundplanError):
            SecretStore(tmp_path, "blue").value(reference)


@pytest.mark.promise("WORKSPACE-1", "INDEX-3")
async def test_a_search_in_one_finds_nothing_of_the_other_and_follows_a_new_name(office: Office) -> None:
    engine = office.engine()
    await both(engine)
    office.library().refresh()
    for name in ("red", "blue"):
        assert [uri for uri, _ in found(office, name)] == [f"groundplan://workspaces/{name}/files/docs/rota.md"]
        assert f"{name}-ada" in found(office, name)[0][1]
    await apply(engine, await engine.propose(None, PlanWorkspace("rename", "red", new_name="green"), BY))
    office.library().refresh()
    assert [uri for uri, _ in found(office, "green")] == ["groundplan://workspaces/green/files/docs/rota.md"]
    assert "red-ada" in found(office, "green")[0][1]
    assert [uri for uri, _ in found(office, "blue")] == ["groundplan://workspaces/blue/files/docs/rota.md"]


@pytest.mark.promise("WORKSPACE-1")
async def test_accounts_are_those_of_the_workspace_that_is_meant(office: Office) -> None:
    engine = office.engine()
    await both(engine)
    write(engine, "red", "infra/main.yaml", "provider: demo\nresources:\n  ssh_key:\n    a: {}\n")
    write(engine, "blue", "infra/main.yaml", "# nothing yet\n")
    assert [each.provider for each in await engine.accounts("red")] == ["demo"]
    assert await engine.accounts("blue") == ()


@pytest.mark.promise("WORKSPACE-1")
async def test_a_name_that_is_given_again_answers_for_the_new_workspace_alone(office: Office) -> None:
    engine, question = office.engine(), "which networks are there?"
    await both(engine)
    await apply(engine, await change(engine, NETWORK, workspace="red"))
    before = engine.ask("red", question)
    assert before is not None
    assert before.count == 1
    await apply(engine, await engine.propose(None, PlanWorkspace("rename", "red", new_name="green"), BY))
    again = await engine.propose(None, PlanWorkspace("create", "red", str(office.home / "workspaces" / "red-2")), BY)
    await apply(engine, again)
    told = {name: engine.ask(name, question) for name in ("red", "green")}
    assert [each.count for each in told.values() if each is not None] == [0, 1]
    assert engine.runs("red").items[0].plan_id == again.id


async def test_switching_is_one_step_and_names_what_was_active(office: Office) -> None:
    engine = office.engine()
    await both(engine)
    assert engine.workspace().name == "blue"
    plan = planned(await engine.propose(None, PlanWorkspace("switch", "red"), BY))
    assert (plan.changes[0].diff[0].before, plan.changes[0].diff[0].after) == ("blue", "red")
    await apply(engine, engine.plan(plan.id))
    assert [each.name for each in engine.workspaces() if each.active] == ["red"]
