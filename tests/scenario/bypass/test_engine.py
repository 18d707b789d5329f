"""No bypass, at the engine's own door: forged, replayed, swapped, expired and borrowed confirmations change nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import secrets
import string
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from engine.facade import Engine
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import GroundplanError, ManifestInvalid
from engine.model.plan import Plan
from engine.model.principal import Principal
from engine.model.request import PlanDestroy
from engine.state.tables import plan as plan_table
from tests.scenario.engine.person import (
    BY,
    THREE_SERVERS,
    apply,
    change,
    engine_at,
    make_workspace,
    planned,
    write_home,
)
from tests.scenario.engine.person import yes_to as yes

pytestmark = [pytest.mark.promise("CONSENT-1"), pytest.mark.promise("CONSENT-3"), pytest.mark.promise("CONSENT-4")]

INVENTED, SWAPPED, BORROWED, REPLAYED, EDITED = 150, 120, 120, 60, 60


@dataclasses.dataclass(frozen=True)
class Stage:
    """An engine whose worker would carry out anything that got through, and what there is to attack."""

    engine: Engine
    low: Plan
    high: Plan
    other: Plan
    spent: Plan

    def assert_nothing_happened(self) -> None:
        assert [len(self.engine.runs(name).items) for name in ("shop", "other")] == [2, 1]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("bypass") / "home"
    write_home(home)
    with engine_at(home) as engine:
        yield asyncio.run(_set(engine))


async def _set(engine: Engine) -> Stage:
    await make_workspace(engine)
    await make_workspace(engine, "other")
    spent = planned(await change(engine, *THREE_SERVERS))
    await apply(engine, engine.plan(spent.id))
    label = {"op": "set", "address": "server.web", "value": {"labels": {"tier": "front"}}}
    low = planned(await change(engine, label))
    high = planned(await engine.propose("shop", PlanDestroy(), BY))
    other = planned(await change(engine, THREE_SERVERS[0], workspace="other"))
    return Stage(engine, low, high, other, spent)


def _refused(stage: Stage, confirmation: Confirmation) -> None:
    with pytest.raises(GroundplanError):
        stage.engine.apply(confirmation)


def test_invented_confirmations_are_refused(stage: Stage) -> None:
    chance = random.Random(1)
    for number in range(INVENTED):
        plan = chance.choice([stage.low, stage.high, stage.other])
        digest = chance.choice(
            [
                secrets.token_hex(32),
                "",
                plan.digest[:-1],
                plan.digest + "0",
                plan.digest.upper() + "x",
                plan.digest[::-1],
            ]
        )
        _refused(stage, dataclasses.replace(yes(plan), digest=digest))
        alphabet = string.printable if number % 2 else "plan-0123456789abcdef"
        invented = "".join(chance.choices(alphabet, k=chance.randrange(0, 60)))
        _refused(stage, dataclasses.replace(yes(plan), plan_id=invented))
    stage.assert_nothing_happened()


def test_a_confirmation_of_one_plan_is_none_of_another(stage: Stage) -> None:
    plans = [stage.low, stage.high, stage.other, stage.spent]
    pairs = [(one, two) for one in plans for two in plans if one is not two]
    for number in range(SWAPPED):
        one, two = pairs[number % len(pairs)]
        _refused(stage, dataclasses.replace(yes(one), digest=two.digest))
    stage.assert_nothing_happened()


def test_a_weak_channel_confirms_no_destruction(stage: Stage) -> None:
    for _ in range(BORROWED):
        _refused(stage, yes(stage.high, Channel.ELICITATION))
    stage.assert_nothing_happened()


def test_another_principal_cannot_answer_for_the_one_who_asked(stage: Stage) -> None:
    for number in range(BORROWED):
        stranger = Principal(user=f"mallory-{number}", door="http", client="tests")
        _refused(stage, dataclasses.replace(yes(stage.low, Channel.ELICITATION), principal=stranger))
    stage.assert_nothing_happened()


def test_a_spent_confirmation_is_spent(stage: Stage) -> None:
    for channel in [*Channel] * (REPLAYED // 3):
        _refused(stage, yes(stage.spent, channel))
    stage.assert_nothing_happened()


def test_a_plan_edited_in_the_store_is_not_what_was_confirmed(stage: Stage) -> None:
    chance = random.Random(2)
    database = stage.engine._database
    with database.read() as connection:
        body = connection.execute(select(plan_table.c.body).where(plan_table.c.id == stage.low.id)).scalar_one()
    for _ in range(EDITED):
        edited = json.loads(body)
        victim = chance.choice(edited["changes"])
        victim[chance.choice(["id", "provider", "reason", "address"])] = secrets.token_hex(4)
        _store(stage, stage.low.id, body=json.dumps(edited))
        _refused(stage, yes(stage.low))
    _store(stage, stage.low.id, body=body)
    stage.assert_nothing_happened()


def test_an_expired_plan_cannot_be_confirmed(stage: Stage) -> None:
    _store(stage, stage.low.id, expires_at=time.time() - 1)
    for channel in Channel:
        _refused(stage, yes(stage.low, channel))
    _store(stage, stage.low.id, expires_at=time.time() + 600)
    stage.assert_nothing_happened()


@pytest.mark.promise("CONSENT-5")
async def test_a_repository_cannot_loosen_the_rules_or_move_an_endpoint(tmp_path: Path) -> None:
    write_home(tmp_path / "home", '\n[consent]\nlow = ["terminal"]\nhigh = ["terminal"]\n')
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        loosened = 'low = ["elicitation", "page", "terminal"]\nhigh = ["elicitation"]\nexpires_minutes = 1440\n'
        endpoint = '[providers.demo]\naccount = "mallory"\nendpoint = "http://203.0.113.1"\n'
        _write_settings(engine, f'name = "shop"\n[consent]\n{loosened}{endpoint}')
        with pytest.raises(ManifestInvalid, match="A workspace can't say this"):
            await change(engine, THREE_SERVERS[0])
        _write_settings(engine, f'name = "shop"\n[consent]\n{loosened}')
        plan = planned(await change(engine, THREE_SERVERS[0]))
        assert plan.accounts[0].id == "demo-account"
        assert engine.channels(plan) == (Channel.TERMINAL,)
        for channel in (Channel.ELICITATION, Channel.PAGE):
            with pytest.raises(GroundplanError):
                engine.apply(yes(plan, channel))


async def test_looser_rules_of_the_home_count_only_once_a_person_accepted_them(tmp_path: Path) -> None:
    write_home(tmp_path, '\n[consent]\nhigh = ["elicitation", "page", "terminal"]\n')
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, THREE_SERVERS[0]))
        plan = planned(await engine.propose("shop", PlanDestroy(), BY))
        assert Channel.ELICITATION not in engine.channels(plan)
        assert engine.consent_rules()["not_accepted_yet"]
        engine.accept_consent_rules(BY)
        assert Channel.ELICITATION in engine.channels(plan)


def _write_settings(engine: Engine, text: str) -> None:
    Path(engine.workspace("shop").path, "workspace.toml").write_text(text)


def _store(stage: Stage, plan_id: str, **values: object) -> None:
    with stage.engine._database.write() as connection:
        connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(**values))
    stage.engine._plans._parsed.clear()
