"""Drawings of the graph, whatever the addresses hold."""

from __future__ import annotations

import json

from engine.model.address import parse_address
from engine.model.resource import Recorded
from server.cli.graph import as_dot, as_mermaid, as_tree, related


def _recorded(address: str, *needs: str) -> Recorded:
    wanted = tuple(parse_address(each) for each in needs)
    return Recorded(parse_address(address), "demo", "id", {}, {}, {}, wanted, "created")


def test_a_relation_to_several_is_one_to_each_of_them() -> None:
    relations = related(
        [_recorded("server.web[0]"), _recorded("server.web[1]"), _recorded("volume.data", "server.web")]
    )
    assert relations.needs["volume.data"] == ("server.web[0]", "server.web[1]")


def test_a_relation_to_what_is_not_drawn_is_left_out() -> None:
    assert related([_recorded("server.web", "network.private")]).edges == []


def test_quotes_in_an_address_are_escaped_in_both_drawings() -> None:
    relations = related([_recorded("network.private"), _recorded('server.web["a"]', "network.private")])
    assert r'"server.web[\"a\"]" -> "network.private";' in as_dot(relations)
    assert 'n1["server.web[#quot;a#quot;]"]' in as_mermaid(relations)
    assert "n1 --> n0" in as_mermaid(relations)


def test_what_hangs_in_two_places_of_the_tree_is_opened_in_the_first() -> None:
    relations = related(
        [
            _recorded("network.a"),
            _recorded("network.b"),
            _recorded("server.web", "network.a", "network.b"),
            _recorded("volume.d", "server.web"),
        ]
    )
    first, second = as_tree(relations).children
    assert [str(each.label) for each in first.children[0].children] == ["volume.d"]
    assert str(second.children[0].label) == "server.web …"
    assert second.children[0].children == []


def test_graph_of_one_resource_holds_what_it_needs_and_what_needs_it(cli, built) -> None:
    found = json.loads(cli("graph", "network.private", "--format", "json").stdout)
    assert found["nodes"] == ["network.private", "server.web[0]", "server.web[1]"]
    assert {"from": "server.web[0]", "to": "network.private"} in found["edges"]
