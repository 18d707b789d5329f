"""Order: what is needed goes first, what needed it goes first when it goes away."""

from __future__ import annotations

import random

import pytest

from engine.graph.order import in_order
from engine.model.action import Action
from engine.model.change import Change
from engine.model.errors import Invalid
from engine.model.plan import PlannedStep
from engine.planner.order import dependents, must_create_first, order_steps, turn_round


def _change(address: str, action: Action, *needs: str, create_first: bool = False) -> Change:
    return Change(address=address, action=action, reason="", depends_on=needs, create_first=create_first)


def _ids(steps: tuple[PlannedStep, ...]) -> list[str]:
    return [step.id for step in steps]


def _position(steps: tuple[PlannedStep, ...], *ids: str) -> list[int]:
    order = _ids(steps)
    return [order.index(each) for each in ids]


def test_a_server_is_made_after_its_network_and_removed_before_it() -> None:
    up = {
        each.address: each
        for each in (_change("server.a", Action.CREATE, "network.n"), _change("network.n", Action.CREATE))
    }
    assert _ids(order_steps(up, {})) == ["network.n:create", "server.a:create"]
    down = {each.address: each for each in (_change("network.n", Action.DELETE), _change("server.a", Action.DELETE))}
    assert _ids(order_steps(down, {"server.a": ["network.n"]})) == ["server.a:delete", "network.n:delete"]


def test_a_step_waits_for_changes_behind_what_stays_as_it_is() -> None:
    changes = {
        "volume.v": _change("volume.v", Action.UPDATE, "server.s"),
        "server.s": _change("server.s", Action.NO_OP, "network.n"),
        "network.n": _change("network.n", Action.UPDATE),
    }
    steps = order_steps(changes, {})
    before, after = _position(steps, "network.n:update", "volume.v:update")
    assert before < after


def test_a_replacement_deletes_first_unless_dependents_live_on() -> None:
    changes = {
        "network.n": _change("network.n", Action.REPLACE),
        "server.s": _change("server.s", Action.UPDATE, "network.n"),
    }
    needs = {"server.s": ["network.n"]}
    assert must_create_first(changes, needs) == {"network.n"}
    changes["network.n"] = _change("network.n", Action.REPLACE, create_first=True)
    assert _ids(order_steps(changes, needs)) == ["network.n:create", "server.s:update", "network.n:delete"]


def test_two_replacements_go_down_in_turn_and_up_in_turn() -> None:
    changes = {
        "network.n": _change("network.n", Action.REPLACE),
        "subnet.s": _change("subnet.s", Action.REPLACE, "network.n"),
    }
    steps = order_steps(changes, {"subnet.s": ["network.n"]})
    assert _ids(steps) == ["subnet.s:delete", "network.n:delete", "network.n:create", "subnet.s:create"]


def test_what_goes_before_everything_is_waited_for_by_every_step() -> None:
    first = PlannedStep(id="file:a:write", address="file:a", verb="write")
    steps = order_steps({"network.n": _change("network.n", Action.CREATE)}, {}, [first])
    assert steps[0] == first
    assert all(first.id in step.after for step in steps[1:])


def test_a_circle_is_named() -> None:
    with pytest.raises(Invalid, match=r"a → .*b|b → .*a"):
        in_order({"a": ["b"], "b": ["a"]})


def test_dependents_are_found_to_the_end() -> None:
    needs = {"b": ["a"], "c": ["b"], "d": ["x"]}
    assert dependents(["a"], needs) == {"a", "b", "c"}


@pytest.mark.parametrize("seed", range(200))
def test_any_acyclic_set_of_changes_is_ordered_by_its_needs(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"server.s{number}" for number in range(20)]
    drawn = {name: chance.sample(names[:place], min(place, chance.randrange(0, 4))) for place, name in enumerate(names)}
    action = {name: chance.choice(list(Action)[:5]) for name in names}
    # Nothing wished needs what is to go, and what is new was not recorded.
    wished = {name: [to for to in drawn[name] if action[to] is not Action.DELETE] for name in names}
    needs = {
        name: [to for to in drawn[name] if action[to] is not Action.CREATE] if action[name] is not Action.CREATE else []
        for name in names
    }
    changes = {name: _change(name, action[name], *wished[name]) for name in names}
    changes = turn_round(changes, needs)
    steps = order_steps(changes, needs)
    place = {step.id: number for number, step in enumerate(steps)}
    for step in steps:
        assert all(place[before] < place[step.id] for before in step.after)
    for name, change in changes.items():
        for target in drawn[name]:
            if change.action is Action.DELETE and changes[target].action is Action.DELETE:
                assert place[f"{name}:delete"] < place[f"{target}:delete"]
            if change.action is Action.CREATE and changes[target].action in (Action.CREATE, Action.REPLACE):
                assert place[f"{target}:create"] < place[f"{name}:create"]
