"""Questions about live state, with the state on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.providers.demo.cloud import Cloud
from tests.scenario.engine.person import THREE_SERVERS, apply, change, engine_at, make_workspace
from tests.scenario.questions.seeded import live_through, names_for, write_seeded_home
from tests.scenario.questions.templates import NEAR_MISSES, TEMPLATES

pytestmark = pytest.mark.postgres


async def test_every_question_has_the_same_answer_as_on_a_file(
    make_home: Callable[..., Path], database_url: str
) -> None:
    names, count = names_for(11)
    home = make_home()
    write_seeded_home(home, names)
    config = home / "config.toml"
    config.write_text(f'database = "{database_url}"\n{config.read_text()}')
    with engine_at(home) as engine:
        past = await live_through(engine, names, count)
        lone = engine.resource("shop", f"server.{names['lone']}").recorded
        names |= {"ip": lone.properties["address"], "id": lone.id}
        for template in TEMPLATES:
            answer = engine.ask("shop", past.say(template.phrasings[0]))
            assert answer is not None, template.phrasings[0]
            if template.names is not None:
                assert sorted(row.name for row in answer.rows) == sorted(template.names(past)), template.phrasings[0]
        assert [said for said in NEAR_MISSES if engine.ask("shop", said) is not None] == []
        assert engine.digest("shop").total > 0
        assert engine.chronicle("shop").runs
        assert engine.explain(past.runs["short"].id).codes == ("quota",)


async def test_what_drifted_is_kept_with_the_time_of_the_check(make_home: Callable[..., Path]) -> None:
    home = make_home()
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        cloud = Cloud(home / "demo" / "cloud.db")
        cloud.tamper(engine.resource("shop", "server.web[1]").recorded.id, size="large")
        cloud.remove(engine.resource("shop", "volume.data").recorded.id)
        cloud.close()
        for _ in range(2):
            await engine.drift("shop")
            answer, check = engine.ask("shop", "what drifted?"), engine.chronicle("shop").drift
            assert answer is not None
            assert check is not None
            assert [row.name for row in answer.rows] == ["server.web[1]", "volume.data"]
            assert answer.as_of == check.at
        await apply(engine, await change(engine))
        answer = engine.ask("shop", "what drifted?")
        assert answer is not None
        assert answer.count == 0
