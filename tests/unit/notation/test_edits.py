"""An edit of a commented file changes what was asked and not one byte else."""

from __future__ import annotations

import copy
import difflib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.notation.splice import CannotEdit
from engine.notation.toml_reader import read_toml
from engine.notation.writer import writer_of
from engine.notation.yaml_reader import read_yaml
from tests.unit.notation.written import KEYS, TABLES, Written, as_toml, as_yaml

READ = {"toml": read_toml, "yaml": read_yaml}
WRITE = {"toml": as_toml, "yaml": as_yaml}
VALUES = st.one_of(
    st.sampled_from(["big", "", "two\nlines", "zoë", "no", "1.0", "{{ now }}", 'a "b"', "\\", "# x", "a: b"]),
    st.integers(-9, 10**9), st.booleans(), st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.lists(st.sampled_from(["a", 1, True, ""]), max_size=3),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["a", 1, "é"]), max_size=2),
)  # fmt: skip
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True)


def only_these_moved(before: str, after: str, written: Written, asked: set[int]) -> None:
    """Every other line is still there, in its order; blank lines may close up, and a last line gets its end."""
    old, new = before.split("\n"), after.split("\n")
    kept = [line.rstrip("\r") for number, line in enumerate(old) if number not in asked and line.strip()]
    rest = iter(line.rstrip("\r") for line in new)
    missing = [line for line in kept if line not in rest]
    assert not missing, f"{missing}\n{''.join(difflib.unified_diff(before.splitlines(True), after.splitlines(True)))}"
    assert "\r" not in before or after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize("ending", WRITE)
@MANY
@given(random=st.randoms(use_true_random=False), data=st.data())
def test_setting_a_key_changes_the_lines_of_that_key(ending: str, random: Any, data: st.DataObject) -> None:
    written = WRITE[ending](random.randrange)
    text = written.text(random.randrange)
    before = READ[ending](text)[0] or {}
    path = data.draw(st.sampled_from([(), *written.tables, ("new",), ("new", "ünter")]))
    key = data.draw(st.sampled_from([*KEYS, *TABLES]))
    value = data.draw(VALUES)
    try:
        after = writer_of(f"x.{ending}").merge(text, path, {key: value})
    except CannotEdit:
        assert ending == "yaml"
        assert not text.endswith("\n"), "only what ends inside of a block of text can't be added to"
        return
    expected = copy.deepcopy(before)
    below = expected
    for step in path:
        below = below.setdefault(step, {})
    below[key] = value
    assert canonical(READ[ending](after)[0]) == canonical(expected), f"{text}\n----\n{after}"
    only_these_moved(text, after, written, written.lines_of((*path, key)))


@pytest.mark.parametrize("ending", WRITE)
@MANY
@given(random=st.randoms(use_true_random=False), data=st.data())
def test_dropping_a_key_takes_its_lines_away(ending: str, random: Any, data: st.DataObject) -> None:
    written = WRITE[ending](random.randrange)
    text = written.text(random.randrange)
    before = READ[ending](text)[0] or {}
    there = [each for each, _, _ in written.spans if each[0] != "list"]
    if not there:
        return
    path = data.draw(st.sampled_from(there))
    try:
        after = writer_of(f"x.{ending}").drop(text, path)
    except CannotEdit:
        assert "|+" in text, "only where a block of text would take in the empty lines below what goes"
        return
    assert canonical(READ[ending](after)[0] or {}) == canonical(without(before, path)), f"{path}\n{text}\n----\n{after}"
    gone = next(path[:end] for end in range(1, len(path) + 1) if missing(READ[ending](after)[0] or {}, path[:end]))
    only_these_moved(text, after, written, written.lines_of(gone))


def missing(data: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return True
        data = data[key]
    return False


def without(data: Any, path: tuple[str, ...]) -> Any:
    """What stands at the path is gone, and the tables that this leaves empty."""
    left = copy.deepcopy(data)
    chain = [left]
    for key in path[:-1]:
        chain.append(chain[-1][key])
    del chain[-1][path[-1]]
    for number in range(len(chain) - 1, 0, -1):
        if not chain[number]:
            del chain[number - 1][path[number - 1]]
    return left


@pytest.mark.parametrize("ending", WRITE)
@MANY
@given(random=st.randoms(use_true_random=False), data=st.data())
def test_null_takes_a_key_out_and_another_may_come_in(ending: str, random: Any, data: st.DataObject) -> None:
    written = WRITE[ending](random.randrange)
    text = written.text(random.randrange)
    there = [each for each, _, _ in written.spans if each[0] != "list"]
    if not there:
        return
    *above, key = data.draw(st.sampled_from(there))
    new = data.draw(st.sampled_from([{}, {"fresh": "x"}]))
    try:
        after = writer_of(f"x.{ending}").merge(text, tuple(above), {key: None, **new})
    except CannotEdit:
        assert ending == "yaml"
        return
    expected = copy.deepcopy(READ[ending](text)[0])
    below = expected
    for step in above:
        below = below[step]
    del below[key]
    below.update(new)
    assert pruned(READ[ending](after)[0] or {}) == pruned(expected), f"{[*above, key]}\n{text}\n----\n{after}"
    only_these_moved(text, after, written, written.lines_of((*above, key)))


def pruned(data: Any) -> Any:
    """Without tables that are empty: in TOML a table may end with its last key."""
    if not isinstance(data, dict):
        return data
    return {key: left for key, value in data.items() if (left := pruned(value)) != {}}
