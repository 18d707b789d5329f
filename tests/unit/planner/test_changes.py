"""Changes: the action, the reason, the exact differences, and the worst case where a value is not known yet."""

from __future__ import annotations

from typing import Any

from engine.model.action import Action
from engine.model.address import parse_address
from engine.model.change import Change
from engine.model.resource import Observed, Recorded, Resource
from engine.model.resource_type import ResourceType
from engine.model.unified import UNIFIED
from engine.model.unknown import lift
from engine.planner.changes import Comparison, Scope
from engine.planner.world import World

OFFERS = {"demo": {name: ResourceType(name, model) for name, model in UNIFIED.items()}}


def _resource(address: str, **properties: Any) -> Resource:
    lifted = lift(properties)
    return Resource(parse_address(address), "demo", lifted)


def _recorded(address: str, object_id: str, **properties: Any) -> Recorded:
    return Recorded(
        address=parse_address(address), provider="demo", id=object_id, inputs=lift(properties), properties=properties,
        labels={}, depends_on=(), lineage="created",
    )  # fmt: skip


def _observed(recorded: Recorded, **moved: Any) -> Observed:
    properties = dict.fromkeys(OFFERS["demo"][recorded.address.type].inputs)
    return Observed(recorded.address.type, recorded.id, {**properties, **recorded.properties, **moved})


def _compare(
    desired: list[Resource], recorded: list[Recorded], scope: Scope | None = None, **moved: Any
) -> dict[str, Change]:
    world = World(
        recorded={str(each.address): each for each in recorded},
        observed={str(each.address): _observed(each, **moved) for each in recorded},
    )
    wanted = {str(each.address): each for each in desired}
    return Comparison("uid", OFFERS, wanted, world).changes(scope or Scope())


def test_a_known_reference_is_filled_in_and_an_unknown_one_is_named() -> None:
    network = _resource("network.n", cidr="10.0.0.0/16")
    server = _resource("server.s", image="debian-12", networks=["${network.n.id}"])
    fresh = _compare([network, server], [])["server.s"]
    assert fresh.after is not None
    assert fresh.after["networks"] == [{"$unknown": "${network.n.id}"}]
    there = _compare([network, server], [_recorded("network.n", "net-1", cidr="10.0.0.0/16")])["server.s"]
    assert there.after is not None
    assert there.after["networks"] == ["net-1"]


def test_a_reference_into_an_immutable_property_states_the_worst_case() -> None:
    server = _resource("server.s", image="debian-12", size="large")
    network = _resource("network.n", cidr="10.0.0.0/16", region="${server.s.status}")
    recorded = [
        _recorded("server.s", "srv-1", image="debian-12", size="small", status="started"),
        _recorded("network.n", "net-1", cidr="10.0.0.0/16", region="started"),
    ]
    change = _compare([server, network], recorded)["network.n"]
    assert change.action is Action.REPLACE
    assert change.worst_case


def test_a_reference_to_an_object_that_is_made_anew_is_no_mere_worst_case() -> None:
    network = _resource("network.n", cidr="10.1.0.0/16")
    subnet = _resource("subnet.s", network="${network.n.id}", cidr="10.1.1.0/24")
    recorded = [
        _recorded("network.n", "net-1", cidr="10.0.0.0/16"),
        _recorded("subnet.s", "sub-1", network="net-1", cidr="10.1.1.0/24"),
    ]
    change = _compare([network, subnet], recorded)["subnet.s"]
    assert change.action is Action.REPLACE
    assert not change.worst_case


def test_what_the_manifest_leaves_to_the_provider_is_no_difference() -> None:
    network = _resource("network.n", cidr="10.0.0.0/16")
    change = _compare([network], [_recorded("network.n", "net-1", cidr="10.0.0.0/16")], region="demo-1")["network.n"]
    assert change.action is Action.NO_OP


def test_what_was_set_before_and_is_taken_away_is_a_difference() -> None:
    server = _resource("server.s", image="debian-12")
    recorded = _recorded("server.s", "srv-1", image="debian-12", size="small")
    change = _compare([server], [recorded])["server.s"]
    assert [(each.path, each.before, each.after) for each in change.diff] == [("size", "small", None)]


def test_a_volume_grows_in_place_and_shrinks_by_replacement() -> None:
    recorded = [_recorded("volume.v", "vol-1", size="10GiB", filesystem="ext4")]
    grown = _compare([_resource("volume.v", size="20GiB", filesystem="ext4")], recorded)["volume.v"]
    assert (grown.action, grown.reversible) == (Action.UPDATE, False)
    shrunk = _compare([_resource("volume.v", size="5GiB", filesystem="ext4")], recorded)["volume.v"]
    assert shrunk.action is Action.REPLACE


def test_the_key_of_the_next_object_is_the_same_until_one_was_made() -> None:
    def key(made: int) -> str:
        world = World({}, {}, incarnations={"network.n": made})
        return Comparison("uid", OFFERS, {}, world).key("network.n")

    assert key(0) == key(0)
    assert key(0) != key(1)
