"""What drifted: answered by the latest check, as of its time, and only as far as no run came after it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import GroundplanError
from engine.model.state_answer import StateAnswer
from engine.providers.demo.cloud import Cloud
from server.narrative import HistorySource
from server.render.answers.digest import digest_text
from server.retrieval import count_tokens
from tests.scenario.engine.person import THREE_SERVERS, apply, change, engine_at, make_workspace, write_home

_BIGGER = {"op": "set", "address": "server.web", "value": {"size": "medium"}}
_DRIFTED = ["server.web[1]", "volume.data"]
EVERYTHING = (
    "what drifted?", "What has drifted?", "which resources drifted", "did anything drift?", "is anything out of sync?",
    "show drift", "list all drift", "is there any drift?", "any drift", "what drift is there?", "has the workspace drifted?",
    "What changed outside Groundplan?", "what did the last drift check find?", "are there any findings?", "do we have drift?",
)  # fmt: skip
SERVERS = (
    "which servers drifted?",
    "list the drifted servers",
    "have any servers drifted?",
    "are any of the servers out of sync",
)
WEB = (
    "is there any drift on server.web?", "has server.web drifted?", "did server web drift?", "what is the drift of server.web?",
    "drift on server.web",
)  # fmt: skip
WHEN = (
    "when was drift last checked?", "When did we last check for drift?", "when was the last drift check", "has drift ever been checked?",
    "did we check for drift?",
)  # fmt: skip
# What drift is, how it is looked for, orders, and limits that the latest check can't keep.
SILENT = (
    "what is drift", "what is a finding", "what is server drift", "tell me about drift", "how do I look for drift", "check for drift",
    "check drift", "do servers drift", "is drift checked", "when is drift checked?", "how is drift found", "what causes drift",
    "why did server.web drift", "who drifted", "drift", "findings", "what drifted yesterday", "did anything drift since monday",
    "which servers have not drifted", "should I check for drift", "when should drift be checked", "is there a drift check",
    "who checked for drift last?", "fix the drift on server.web",
)  # fmt: skip


async def _drifted_home(home: Path, engine: Engine) -> None:
    await make_workspace(engine)
    await apply(engine, await change(engine, *THREE_SERVERS))
    cloud = Cloud(home / "demo" / "cloud.db")
    cloud.tamper(engine.resource("shop", "server.web[1]").recorded.id, size="large", user_data="export TOKEN=rainy-day")
    cloud.remove(engine.resource("shop", "volume.data").recorded.id)
    cloud.close()
    await engine.drift("shop")


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("drifted") / "home"
    write_home(home)
    with engine_at(home) as engine:
        asyncio.run(_drifted_home(home, engine))
        yield engine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    return tmp_path / "home"


def _ask(engine: Engine, question: str) -> StateAnswer:
    answer = engine.ask("shop", question, now=datetime.now(UTC) + timedelta(days=2))
    assert answer is not None
    return answer


def _is_of_the_check(engine: Engine, answer: StateAnswer) -> None:
    check = engine.chronicle("shop").drift
    assert check is not None
    assert (answer.as_of, answer.serial) == (check.at, check.serial)
    assert answer.next.startswith("check_drift")


@pytest.mark.parametrize("question", EVERYTHING)
def test_what_drifted_is_what_the_latest_check_found(drifted: Engine, question: str) -> None:
    answer = _ask(drifted, question)
    assert [each.name for each in answer.rows] == _DRIFTED
    assert "2 resources had drifted" in answer.statement
    _is_of_the_check(drifted, answer)


@pytest.mark.parametrize("question", SERVERS)
def test_drift_of_one_type_leaves_out_the_others(drifted: Engine, question: str) -> None:
    answer = _ask(drifted, question)
    assert [each.name for each in answer.rows] == ["server.web[1]"]
    assert answer.rows[0].fields["difference"].startswith("size small → large")
    _is_of_the_check(drifted, answer)


@pytest.mark.parametrize("question", WEB)
def test_drift_of_a_declaration_says_which_of_them_drifted_and_which_did_not(drifted: Engine, question: str) -> None:
    answer = _ask(drifted, question)
    assert [each.name for each in answer.rows] == ["server.web[1]"]
    assert "server.web[0] and server.web[2] had not drifted" in answer.statement
    _is_of_the_check(drifted, answer)


@pytest.mark.parametrize("question", WHEN)
def test_the_time_of_the_latest_check_is_told(drifted: Engine, question: str) -> None:
    answer = _ask(drifted, question)
    assert answer.statement.startswith(f"Drift was last checked {answer.as_of:%Y-%m-%d %H:%M:%S}")
    assert "5 resources compared, 2 had drifted" in answer.statement
    _is_of_the_check(drifted, answer)


@pytest.mark.parametrize("question", SILENT)
def test_what_is_no_question_about_the_latest_check_gets_no_answer(drifted: Engine, question: str) -> None:
    assert drifted.ask("shop", question) is None


def test_none_is_an_answer_and_so_is_a_name_that_is_not_there(drifted: Engine) -> None:
    assert "no network had drifted." in _ask(drifted, "which networks drifted?").statement
    assert "network.private had not drifted" in _ask(drifted, "did network.private drift?").statement
    assert "has no server.nope" in _ask(drifted, "has server.nope drifted?").statement
    assert "is not recorded" in _ask(drifted, "when did server.web[1] drift?").statement


def test_a_script_that_differs_is_named_and_not_shown(drifted: Engine) -> None:
    answer = _ask(drifted, "what drifted?")
    assert "user_data differs" in answer.statement
    told = HistorySource(drifted, drifted.workspace("shop"))
    text = "".join(document.text for id_ in told.marks() if (document := told.read(id_)))
    assert "user_data differs" in text
    for shown in (repr(answer), text, repr(drifted.digest("shop"))):
        assert "rainy-day" not in shown


def test_the_digest_names_what_drifted_in_few_words(drifted: Engine) -> None:
    digest = drifted.digest("shop")
    assert [each.text.partition(":")[0] for each in digest.troubles if each.kind == "drift"] == _DRIFTED
    text = digest_text(digest, count_tokens)
    assert "- drift: server.web[1]: size and user_data changed outside, checked " in text
    assert count_tokens(text) < 800


def test_the_check_is_told_as_history(drifted: Engine) -> None:
    told = HistorySource(drifted, drifted.workspace("shop"))
    assert "drift/latest" in told.marks()
    document = told.read("drift/latest")
    assert document is not None
    assert document.title == "Drift of shop: 2 of 5 resources at the last check"
    assert "server.web[1] changed outside Groundplan: size from 'small' to 'large'" in document.text
    assert "volume.data is missing: object vol-" in document.text
    assert (document.kind, document.tags) == ("drift", ("changed", "missing"))


async def test_before_any_check_nothing_is_claimed(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        for question in ("what drifted?", "when was drift last checked?", "is there any drift?"):
            answer = _ask(engine, question)
            assert answer.statement.startswith("Drift was never checked in workspace shop")
            assert answer.next.startswith("check_drift")
        assert engine.digest("shop").troubles == ()
        assert "drift/latest" not in HistorySource(engine, engine.workspace("shop")).marks()


async def test_what_a_run_changed_since_is_not_claimed_to_drift_now(home: Path) -> None:
    with engine_at(home) as engine:
        await _drifted_home(home, engine)
        told = HistorySource(engine, engine.workspace("shop"))
        before = dict(told.marks())["drift/latest"]
        assert (await apply(engine, await change(engine, _BIGGER))).status.value == "succeeded"
        answer = _ask(engine, "what drifted?")
        assert (answer.count, answer.rows) == (0, ())
        assert "Changed by runs since then and not checked again: server.web[0]" in answer.statement
        assert "nothing is known of server.web[1]" in _ask(engine, "has server.web[1] drifted?").statement
        assert [each for each in engine.digest("shop").troubles if each.kind == "drift"] == []
        assert dict(told.marks())["drift/latest"] != before
        document = told.read("drift/latest")
        assert document is not None
        assert "changed by a run or recorded no more since:\n- server.web[1]" in document.text
        _is_of_the_check(engine, answer)


async def test_what_is_recorded_no_more_is_not_claimed_to_drift(home: Path) -> None:
    with engine_at(home) as engine:
        await _drifted_home(home, engine)
        await apply(engine, await change(engine, {"op": "forget", "address": "volume.data"}))
        answer = _ask(engine, "what drifted?")
        assert "volume.data" not in [each.name for each in answer.rows]
        assert "Found then, and recorded no more: volume.data" in answer.statement
        assert [each.text for each in engine.digest("shop").troubles if "volume.data" in each.text] == []


async def test_a_check_that_finds_nothing_takes_the_findings_back(home: Path) -> None:
    with engine_at(home) as engine:
        await _drifted_home(home, engine)
        assert (await apply(engine, await change(engine, _BIGGER))).status.value == "succeeded"
        assert (await engine.drift("shop")).findings == ()
        answer = _ask(engine, "what drifted?")
        assert answer.statement.endswith("no resource had drifted.")
        assert answer.serial == 2


async def test_a_check_that_a_provider_broke_off_leaves_the_one_before(home: Path) -> None:
    with engine_at(home) as engine:
        await _drifted_home(home, engine)
    write_home(home, '\n[[providers.demo.faults]]\non = "read"\nerror = "auth"\ntimes = 0\n')
    with engine_at(home) as engine:
        with pytest.raises((GroundplanError, ExceptionGroup)):
            await engine.drift("shop")
        assert [each.name for each in _ask(engine, "what drifted?").rows] == _DRIFTED
