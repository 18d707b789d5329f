"""Why a run failed: evidence, what was like it, what helped then, and the next call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import NotFound
from engine.model.request import PlanRun
from engine.providers.demo.cloud import Cloud
from engine.questions.causes import codes_in, runbooks_for
from tests.scenario.engine.person import BY, apply, change, engine_at, make_workspace, write_home

ROOT = Path(__file__).resolve().parents[3]
_FAULTS = '\n[[providers.demo.faults]]\non = "create"\ntype = "server"\nname = "web-1"\nerror = "quota"\ntimes = 2\n'
_WEB: dict[str, object] = {"op": "set", "address": "server.web", "value": {"count": 2, "image": "debian-12"}}
CODES = (
    "auth",
    "quota",
    "rate_limit",
    "capacity",
    "not_found",
    "conflict",
    "invalid",
    "transient",
    "plan_stale",
    "lease_lost",
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    write_home(tmp_path / "home", _FAULTS)
    with engine_at(tmp_path / "home") as opened:
        yield opened


async def test_a_failed_step_is_told_with_its_evidence_and_what_was_done(engine: Engine) -> None:
    await make_workspace(engine)
    run = await apply(engine, await change(engine, _WEB))
    account = engine.explain(run.id)
    assert account.codes == ("quota",)
    assert account.runbooks == ("quota",)
    (failed,) = account.evidence
    assert (failed.step, failed.attempts) == ("server.web[1]:create", 1)
    assert "limit is reached" in failed.message
    assert failed.observed == {"recorded": "no"}
    assert account.done == ("file:infra/main.yaml:write", "server.web[0]:create")
    assert account.not_done == ("server.web[1]:create",)
    assert account.causes[0].weight >= account.causes[-1].weight
    assert all(cause.reason for cause in account.causes)
    assert account.next_call is not None
    assert (account.next_call.tool, account.next_call.arguments) == ("plan_run", {"run_id": run.id, "op": "resume"})


async def test_what_helped_before_is_told_with_the_run_that_did_it(engine: Engine) -> None:
    await make_workspace(engine)
    first = await apply(engine, await change(engine, _WEB))
    again = await apply(engine, await engine.propose("shop", PlanRun("resume", first.id), BY))
    assert again.status.value == "failed"
    mended = await apply(engine, await engine.propose("shop", PlanRun("resume", again.id), BY))
    assert mended.status.value == "succeeded", mended.failure
    account = engine.explain(again.id)
    (past,) = account.similar
    assert (past.run_id, past.address, past.resolved_by) == (first.id, "server.web[1]", mended.id)
    assert {"code", "address", "verb", "type"} <= set(past.alike)
    assert any(first.id in cause.text for cause in account.causes)
    assert account.next_call is not None
    assert (account.next_call.tool, account.next_call.arguments["run_id"]) == ("get_run", mended.id)
    assert engine.explain(first.id).similar == ()


async def test_a_run_that_was_stopped_before_any_step_says_what_moved(engine: Engine, tmp_path: Path) -> None:
    await make_workspace(engine)
    net: dict[str, object] = {"op": "set", "address": "network.lan", "value": {"cidr": "10.20.0.0/16"}}
    lone: dict[str, object] = {"op": "set", "address": "server.db", "value": {"image": "debian-12", "size": "small"}}
    await apply(engine, await change(engine, net, lone))
    plan = await change(engine, {"op": "set", "address": "server.db", "value": {"size": "medium"}})
    cloud = Cloud(tmp_path / "home" / "demo" / "cloud.db")
    cloud.tamper(engine.resource("shop", "server.db").recorded.id, size="large")
    cloud.close()
    account = engine.explain((await apply(engine, plan)).id)
    assert account.codes == ("plan_stale",)
    assert account.runbooks == ("plan-stale",)
    assert "server.db" in account.evidence[0].message
    assert account.done_count == 0
    assert account.next_call is not None
    assert account.next_call.tool == "plan_change"


async def test_a_run_that_worked_is_not_blamed(engine: Engine) -> None:
    await make_workspace(engine)
    run = await apply(engine, await change(engine, {"op": "set", "address": "ssh_key.mine", "value": {}}))
    account = engine.explain(run.id)
    assert "did not fail" in account.statement
    assert (account.evidence, account.causes, account.next_call) == ((), (), None)
    with pytest.raises(NotFound):
        engine.explain("run-000000000000")


async def test_a_pasted_error_is_known_by_its_words_and_by_what_failed_here(engine: Engine) -> None:
    await make_workspace(engine)
    run = await apply(engine, await change(engine, _WEB))
    pasted = engine.explain_text("shop", "Error: The account's limit is reached for servers (HTTP 403)")
    assert "quota" in pasted.codes
    assert pasted.similar[0].run_id == run.id
    assert engine.explain_text("shop", f"see {run.id}").run_id == run.id
    nothing = engine.explain_text("shop", "the weather is fine")
    assert (nothing.codes, nothing.causes, nothing.similar) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HTTP 429: Too Many Requests", "rate_limit"),
        ("401 Unauthorized: token has expired", "auth"),
        ("name or service not known", "transient"),
        ("resource_unavailable: out of stock in fsn1", "capacity"),
        ("409 already exists", "conflict"),
        ("the world moved since the plan was made", "plan_stale"),
        ('{"code": "not_found", "message": "gone"}', "not_found"),
    ],
)
def test_an_error_of_any_provider_is_classed_by_its_words(text: str, code: str) -> None:
    assert code in codes_in(text)


@pytest.mark.parametrize("code", CODES)
def test_every_class_of_error_has_a_runbook_that_is_there(code: str) -> None:
    (topic,) = runbooks_for([code])
    assert (ROOT / "knowledge" / "runbooks" / f"{topic}.md").is_file()
