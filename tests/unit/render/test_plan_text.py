"""What a person reads is all of what will be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.model.account import Account
from engine.model.action import Action
from engine.model.change import Change, Compensation, PropertyDiff
from engine.model.plan import Cost, FileEdit, Plan, Risk, RiskLevel
from engine.model.principal import Principal
from engine.model.run import Failure, Run, RunStatus, Step, StepStatus
from server.render.plan import plan_text
from server.render.plan_sheet import value_text
from server.render.run import run_text

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def change(action: Action, **more: Any) -> Change:
    facts: dict[str, Any] = {"address": "server.web", "provider": "demo", "reason": "so it is wished", **more}
    return Change(action=action, **facts)


def plan(*changes: Change, **more: Any) -> Plan:
    facts: dict[str, Any] = {
        "id": "plan-1", "workspace": "shop", "kind": "change",  "created_at": AT,
        "expires_at": AT.replace(hour=13), "by": Principal(user="ada", door="stdio", client="a-client"), "serial": 3,
        "accounts": (Account(provider="demo", id="acme", region="north"),), "changes": changes,
    }  # fmt: skip
    return Plan(**{**facts, **more}).sealed()


def test_a_plan_names_everything_a_person_weighs() -> None:
    shown = plan(
        change(Action.CREATE, after={"image": "debian-12"}),
        risk=Risk(level=RiskLevel.HIGH, reasons=("it is Friday",)), cost=Cost(before=1, after=3.5, unpriced=2),
        rollback="plan_rollback can undo 1 of 1 changes.", warnings=("mind the gap",),
    )  # fmt: skip
    text = plan_text(shown)
    for told in (
        "1 to create", "shop", "demo:acme@north", "server.web", "so it is wished", "high: it is Friday",
        "1.00 → 3.50 EUR a month (+2.50); 2 not priced", "can undo 1 of 1", "mind the gap", "ada over stdio (a-client)",
        "2026-11-01 13:00:00 UTC", shown.digest,
    ):  # fmt: skip
        assert told in text


def test_differences_are_exact_and_unknown_values_are_words() -> None:
    diff = (
        PropertyDiff(path="size", before="small", after="large"),
        PropertyDiff(path="image", before="a", after={"$unknown": "${image.x.id}"}, forces_replace=True),
        PropertyDiff(path="region", before=None, after="north"),
    )
    text = plan_text(plan(change(Action.UPDATE, diff=diff)))
    assert '~ size: "small" → "large"\n' in text
    assert '~ image: "a" → (known after apply: ${image.x.id})  (forces a replacement)' in text
    assert '~ region: (none) → "north"' in text


def test_text_can_not_pass_for_an_unknown_value() -> None:
    assert value_text("(known after apply: ${a.b.c})") == '"(known after apply: ${a.b.c})"'


def test_a_script_is_printed_whole_and_marked_on_every_line() -> None:
    script = "#!/bin/sh\n" + "".join(f"step {number}\n" for number in range(500))
    text = plan_text(plan(change(Action.CREATE, after={"user_data": script})))
    assert all(f"+ | step {number}\n" in text for number in range(500))


def test_a_replacement_shows_the_script_that_runs_again_though_it_did_not_change() -> None:
    diff = (PropertyDiff(path="image", before="a", after="b", forces_replace=True),)
    after = {"image": "b", "user_data": "#!/bin/sh\nreboot"}
    text = plan_text(plan(change(Action.REPLACE, diff=diff, after=after, before={"image": "a"})))
    assert "| reboot" in text


def test_what_is_destroyed_and_what_is_lost_is_told() -> None:
    gone = change(
        Action.DELETE,
        before={"size": "40GiB"},
        stateful=True,
        compensation=Compensation(possible=False, text="its data is lost"),
    )
    text = plan_text(plan(gone))
    assert "- delete server.web" in text
    assert "it holds data, which is lost with it" in text
    assert "can't be undone: its data is lost" in text


def test_text_of_others_can_not_begin_a_line_of_its_own() -> None:
    text = plan_text(plan(change(Action.CREATE, reason="fine\nRisk: none", after={"image": "x\nDigest: 0"})))
    assert "\nRisk: none" not in text
    assert "\nDigest: 0" not in text


def test_edits_of_files_are_shown_as_differences() -> None:
    edit = FileEdit(
        path="infra/main.yaml", before_sha256="", text="a\n", diff="--- a\n+++ b\n@@ -0,0 +1 @@\n+a\u202e\n"
    )
    text = plan_text(plan(files=(edit,)))
    assert "1 file to write" in text
    assert "    +a⟨U+202E⟩\n" in text


def test_a_long_plan_may_be_shown_in_part_and_says_so() -> None:
    many = [change(Action.CREATE, address=f"server.web[{number}]") for number in range(5)]
    text = plan_text(plan(*many), changes=2)
    assert "server.web[1]" in text
    assert "server.web[2]" not in text
    assert "3 more changes, not shown here" in text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_value_hides_anything(value: Any) -> None:
    text = plan_text(plan(change(Action.CREATE, after={"image": value, "size": "small"})))
    assert '+ size: "small"' in text
    assert all(sign.isprintable() or sign in "\n\t" for sign in text)


def test_a_run_tells_its_steps_and_what_failed() -> None:
    failure = Failure(code="quota", message="no room.", hint="Ask for more.", address="server.web")
    steps = (
        Step(id="a", address="network.a", verb="create", status=StepStatus.DONE),
        Step(id="b", address="server.web", verb="create", status=StepStatus.FAILED, attempts=3, failure=failure),
    )
    run = Run(
        id="run-1", plan_id="plan-1", workspace="shop", status=RunStatus.FAILED, serial=4, created_at=AT, total=2, done=1,
        steps=steps, failure=failure,
    )  # fmt: skip
    text = run_text(run)
    assert "failed, 1 of 2 steps" in text
    assert "✓ create network.a" in text
    assert "✗ create server.web: failed, attempt 3" in text
    assert "server.web: no room. Ask for more." in text
