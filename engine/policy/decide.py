"""The rules that hold for every plan, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model.action import Action
from engine.model.change import Change
from engine.model.decision import Decision
from engine.model.plan import Risk
from engine.model.resource import Recorded
from engine.policy.rules.verdict import NO_VERDICT, Verdict
from engine.settings.consent_rules import ConsentRules

RULE_PREFIX = "rule:"
_MOST_REASONS = 20


def decide(
    changes: Sequence[Change],
    recorded: Mapping[str, Recorded],
    risk: Risk,
    rules: ConsentRules,
    verdict: Verdict = NO_VERDICT,
) -> Decision:
    """Deny where a standing rule or one of the workspace forbids a change; otherwise a person must approve, over one
    of `channels`. The workspace's verdict can only add to what is denied."""
    broken = [*_protected(changes, recorded), *_lift_and_delete(changes), *_without_lineage(changes, recorded)]
    broken += [(f"{RULE_PREFIX}{each.rule}", each.text) for each in verdict.denials]
    channels = tuple(channel.value for channel in rules.channels(risk.level))
    if broken:
        policies = tuple(dict.fromkeys(policy for policy, _ in broken))
        reasons = [reason for _, reason in broken[:_MOST_REASONS]]
        if len(broken) > _MOST_REASONS:
            reasons.append(f"… and {len(broken) - _MOST_REASONS} more.")
        return Decision(effect="deny", policies=policies, reasons=tuple(reasons), rules=verdict.digest)
    if not channels:
        reason = f"The home's and the workspace's rules leave no channel for {risk.level.value}-risk plans."
        return Decision(effect="deny", policies=("consent-channels",), reasons=(reason,), rules=verdict.digest)
    return Decision(effect="needs-approval", policies=("consent-channels",), channels=channels, rules=verdict.digest)


def _protected(changes: Iterable[Change], recorded: Mapping[str, Recorded]) -> Iterable[tuple[str, str]]:
    for change in changes:
        known = recorded.get(change.address)
        if change.action.destroys and (change.prevent_destroy or (known is not None and known.prevent_destroy)):
            yield (
                "prevent-destroy",
                f"{change.address} has prevent_destroy and would be {change.action.value}d "
                f"({change.reason}). Lift it with a plan of its own first.",
            )


def _lift_and_delete(changes: Iterable[Change]) -> Iterable[tuple[str, str]]:
    acted = {"adopt": False, "delete": False}
    for change in changes:
        acted["adopt"] |= change.action is Action.ADOPT
        acted["delete"] |= change.action.destroys
    if all(acted.values()):
        yield "adopt-and-destroy", "One plan can't both adopt and destroy. Plan the adoption first, then the rest."


def _without_lineage(changes: Iterable[Change], recorded: Mapping[str, Recorded]) -> Iterable[tuple[str, str]]:
    for change in changes:
        ours = change.address in recorded or change.key
        if change.effect == "resource" and change.action.destroys and not ours:
            yield "lineage", f"{change.address} was neither created nor adopted by this workspace."
