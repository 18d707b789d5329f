"""A day of the history tells of what made no run too: what a person or the rules said no to, and what a person accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.confirmation import Channel
from engine.model.errors import PlanStale, PolicyDenied
from server.narrative import HistorySource
from tests.scenario.engine.person import BY, apply, change, engine_at, make_workspace, planned, write_home, yes_to

_LAN: dict[str, object] = {
    "op": "set",
    "address": "network.lan",
    "value": {"cidr": "10.20.0.0/16", "lifecycle": {"prevent_destroy": True}},
}
_KEY: dict[str, object] = {"op": "set", "address": "ssh_key.mine", "value": {}}
_GONE: dict[str, object] = {"op": "remove", "address": "network.lan"}


def _days(engine: Engine, name: str = "shop") -> str:
    told = HistorySource(engine, engine.workspace(name))
    read = [told.read(id_) for id_ in told.marks() if id_.startswith("days/")]
    return "\n".join(document.text for document in read if document)


async def test_a_day_tells_what_was_declined_denied_refused_and_accepted(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        await make_workspace(engine, "other")
        await apply(engine, await change(engine, _LAN))
        declined, stale = planned(await change(engine, _KEY)), planned(await change(engine, _KEY))
        engine.refuse(declined.id, BY, Channel.PAGE)
        with pytest.raises(PolicyDenied):
            await change(engine, _GONE)
        await apply(engine, await change(engine, _KEY))
        with pytest.raises(PlanStale):
            engine.apply(yes_to(stale))
        engine.accept_consent_rules(BY)
        told = _days(engine)
        assert f"plan {declined.id} was declined by ada over cli (tests) over page." in told
        assert "the rules denied plan plan-" in told
        assert "prevent_destroy" in told
        assert f"plan {stale.id} was not applied, though ada over cli (tests) confirmed it" in told
        assert "ada over cli (tests) accepted the home's looser consent rules" in told
        elsewhere = _days(engine, "other")
        assert declined.id not in elsewhere
        assert "consent rules" in elsewhere


async def test_the_mark_of_a_day_moves_with_a_refusal(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, _KEY))
        told = HistorySource(engine, engine.workspace("shop"))
        before = {id_: mark for id_, mark in told.marks().items() if id_.startswith("days/")}
        engine.refuse(plan.id, BY, Channel.PAGE)
        assert {id_: mark for id_, mark in told.marks().items() if id_.startswith("days/")} != before


async def test_a_damaged_line_of_the_log_is_told_of_by_nobody(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        log = tmp_path / "home" / "audit" / "audit.jsonl"
        with log.open("a") as file:
            file.write('{"n": 9, "at": "yesterday", "event": "consent.accepted", "by": "mallory"}\n')
            file.write('{"event": "consent.accepted", "by": "mallory"\n')
        assert "mallory" not in _days(engine)
