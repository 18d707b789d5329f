"""Three seeded pasts, each lived through once for all questions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from engine.facade import Engine
from tests.scenario.engine.person import engine_at
from tests.scenario.questions.seeded import Past, live_through, names_for, write_seeded_home

SEEDS = (11, 29, 57)


@pytest.fixture(scope="module", params=SEEDS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Past]]:
    home = tmp_path_factory.mktemp("seeded") / "home"
    names, count = names_for(request.param)
    write_seeded_home(home, names)
    with engine_at(home) as engine:
        past = asyncio.run(live_through(engine, names, count))
        lone = engine.resource("shop", f"server.{names['lone']}").recorded
        names |= {"ip": lone.properties["address"], "id": lone.id}
        yield engine, past
