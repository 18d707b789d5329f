"""Any sequence of edits on any layout means exactly what it says, and nothing else moves."""

from __future__ import annotations

import copy
import difflib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.manifest import apply_edits
from engine.manifest.reader import read_manifest
from engine.model.request import Edit
from engine.notation.problems import Problems
from tests.unit.manifest import layouts

TEXT = st.text(
    st.sampled_from(" \n\t'\"#:-{}[],&*!|>%@`\\=~?$aZ09._é\u2028\u00a0🙂")
    | st.characters(codec="utf-8", categories=["L", "N", "P"]),
    max_size=12,
).filter(lambda text: "\ufeff" not in text)  # fmt: skip
PLAIN = st.sampled_from(["debian-12", "small", "on", "no", "1", "0x1", "1e3", "a b", "${network.private.id}", ""])
SCALAR = st.one_of(
    PLAIN, TEXT, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)
KEY = st.sampled_from(["image", "size", "needs", "labels", "rules", "count", "user_data", "on", "networks"])
INNER_KEY = st.one_of(KEY, TEXT.filter(lambda text: text and "\n" not in text and "\t" not in text and text[0] != "$"))
NESTED = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INNER_KEY, inner, max_size=3), max_leaves=5
)
BODY = st.dictionaries(KEY, NESTED, max_size=4)
TYPE, NAME = st.sampled_from(["server", "network", "volume"]), st.sampled_from(["a", "web", "db-1", "no"])
MANIFEST = st.fixed_dictionaries(
    {
        "provider": st.just("demo"),
        "resources": st.dictionaries(TYPE, st.dictionaries(NAME, BODY, min_size=1), min_size=1),
    }
)
EDITS = st.lists(
    st.tuples(st.sampled_from(["set", "remove"]), TYPE, NAME, st.dictionaries(KEY, st.none() | NESTED, max_size=3)),
    min_size=1, max_size=4,
)  # fmt: skip
WRITERS = {"yaml": layouts.as_yaml, "toml": layouts.as_toml, "json": layouts.as_json}


def expected_after(manifest: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    resources = copy.deepcopy(manifest["resources"])
    for edit in edits:
        kind, name = edit.address.split(".")
        if edit.op == "set":
            body = resources.setdefault(kind, {}).setdefault(name, {})
            for key, value in (edit.value or {}).items():
                body.pop(key, None) if value is None else body.update({key: value})
        else:
            resources.get(kind, {}).pop(name, None)
    return {kind: named for kind, named in resources.items() if named}


def meant_by(file: str, text: str) -> dict[str, Any]:
    problems = Problems()
    document = read_manifest(file, text, problems)
    assert document is not None, (problems.found, text)
    resources = document.data.get("resources") or {}
    return {kind: {name: body or {} for name, body in named.items()} for kind, named in resources.items() if named}


def canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True)


@pytest.mark.parametrize("ending", WRITERS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(manifest=MANIFEST, wanted=EDITS, random=st.randoms(use_true_random=False))
def test_any_edits_on_any_layout_mean_what_they_say(
    ending: str, manifest: dict[str, Any], wanted: list[Any], random: Any
) -> None:
    file = f"infra/a.{ending}"
    text = WRITERS[ending](manifest, random.randrange)
    assert canonical(meant_by(file, text)) == canonical(manifest["resources"]), text
    edits = [
        Edit(op="forget" if op == "remove" else op, address=f"{kind}.{name}", value=value)
        for op, kind, name, value in wanted
    ]
    after = apply_edits({file: text}, edits)[file]
    assert canonical(meant_by(file, after)) == canonical(expected_after(manifest, edits)), (text, after)


@pytest.mark.parametrize("ending", ["yaml", "toml"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(manifest=MANIFEST, value=NESTED, key=KEY, random=st.randoms(use_true_random=False))
def test_setting_one_property_leaves_every_other_line_alone(
    ending: str, manifest: dict[str, Any], value: Any, key: str, random: Any
) -> None:
    text = WRITERS[ending](manifest, random.randrange)
    kind, named = next(iter(manifest["resources"].items()))
    name, body = next(iter(named.items()))
    after = apply_edits({f"infra/a.{ending}": text}, [Edit(op="set", address=f"{kind}.{name}", value={key: value})])
    gone = [
        line[2:] for line in difflib.ndiff(text.split("\n"), after[f"infra/a.{ending}"].split("\n")) if line[:2] == "- "
    ]
    assert len(gone) <= 2 + len(json.dumps(body.get(key, {}), indent=1).split("\n")) * 2
    for line in ("# head", "# tail"):
        assert line in after[f"infra/a.{ending}"].split("\n")
