"""Layers as one: what hides what, and from where each value is."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.settings.layer import Layer, LayerName
from engine.settings.merge import leaves, merge

KEYS = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=2))
TREES = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3), lambda below: st.dictionaries(KEYS, below, max_size=3), max_leaves=12
)
# Tables and values under different names: what a schema allows, where a name is always the one or the other.
TYPED = st.recursive(
    st.dictionaries(st.sampled_from(["x", "y", "z"]), SCALARS, max_size=3),
    lambda below: st.builds(
        lambda values, tables: {**values, **{key: table for key, table in tables.items() if table}},
        st.dictionaries(st.sampled_from(["x", "y", "z"]), SCALARS, max_size=2),
        st.dictionaries(KEYS, below, max_size=2),
    ),
    max_leaves=12,
)
NAMES = tuple(LayerName)


def layers(*values: dict[str, Any]) -> list[Layer]:
    return [Layer(name, each) for name, each in zip(NAMES, values, strict=False)]


def merged(*values: dict[str, Any]) -> dict[str, Any]:
    return merge(layers(*values)).values


def test_tables_are_merged_and_everything_else_is_taken_whole() -> None:
    high = {"worker": {"lease_seconds": 5}, "low": ["page"]}
    low = {"worker": {"lease_seconds": 9, "poll_seconds": 2}, "low": ["page", "terminal"]}
    assert merged(high, low) == {"worker": {"lease_seconds": 5, "poll_seconds": 2}, "low": ["page"]}


def test_a_table_and_a_value_of_one_name_do_not_mix() -> None:
    assert merged({"a": 1}, {"a": {"b": 2}}) == {"a": 1}
    assert merged({"a": {"b": 2}}, {"a": 1}) == {"a": {"b": 2}}


@given(st.lists(TYPED, min_size=3, max_size=3))
def test_what_is_merged_first_does_not_matter(values: list[dict[str, Any]]) -> None:
    one, two, three = values
    assert merged(one, merged(two, three)) == merged(merged(one, two), three) == merged(one, two, three)


@given(TREES)
def test_an_empty_layer_changes_nothing_and_a_layer_over_itself_is_itself(tree: dict[str, Any]) -> None:
    assert merged(tree, {}) == merged({}, tree) == merged(tree, tree) == merged(tree)


@given(st.lists(TREES, min_size=1, max_size=5))
def test_provenance_names_the_layer_whose_value_it_is(trees: list[dict[str, Any]]) -> None:
    given_layers = layers(*trees)
    found = merge(given_layers)
    values = dict(leaves(found.values))
    assert found.origins.keys() == values.keys()
    for path, value in values.items():
        origin = found.origins[path]
        assert dict(leaves(origin.values))[path] == value
        for higher in given_layers[: given_layers.index(origin)]:
            assert not _says(higher.values, path, value)


def _says(tree: Any, path: tuple[str, ...], value: Any) -> bool:
    """Whether this layer has a word of its own there: something else than a table that leads past it."""
    for step, key in enumerate(path):
        if not isinstance(tree, dict) or key not in tree:
            return step > 0 and not isinstance(tree, dict)
        tree = tree[key]
    return not (isinstance(tree, dict) and (value == {} or not tree))
