"""Rules in words, as a list shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.model.rules_report import RuleSummary
from engine.policy.rules.check import Check
from engine.policy.rules.rule import Require, When
from engine.policy.rules.rule_file import RuleSet


def describe_rules(rules: RuleSet) -> tuple[RuleSummary, ...]:
    return tuple(
        RuleSummary(
            name=each.rule.name, description=each.rule.description, severity=each.rule.severity,
            applies_to=_scope(each.rule.when, each.rule.require), requires="; ".join(_demands(each.rule.require)),
            file=each.place.file, line=each.place.line,
        )
        for each in rules.rules
    )  # fmt: skip


def _scope(when: When | None, need: Require) -> str:
    lead = "every plan" if need.of_plan else "every firewall" if need.closed_ports and when is None else "everything"
    if when is None:
        return lead
    parts = [" or ".join(when.type) or "everything"]
    if when.provider:
        parts.append(f"of {' or '.join(when.provider)}")
    if when.name:
        parts.append(f"named {when.name}")
    parts += [f"with {key}: {' or '.join(values)}" for key, values in when.labels.items()]
    parts += [f"where {path} {_check(check)}" for path, check in when.properties.items()]
    if when.stateful is not None:
        parts.append("that holds data" if when.stateful else "that holds no data")
    return f"{'plans, ' if need.of_plan else ''}{' '.join(parts)}"


def _demands(need: Require) -> Iterator[str]:
    yield from (f"{path} {_check(check)}" for path, check in need.properties.items())
    yield from (f"label {name} {_check(check)}" for name, check in need.labels.items())
    if need.name is not None:
        yield f"name fits {need.name}"
    for noun, words in (("provider", need.providers), ("region", need.regions), ("size", need.sizes)):
        if words:
            yield f"{noun} is {' or '.join(words)}"
    if need.prevent_destroy is not None:
        yield f"prevent_destroy is {str(need.prevent_destroy).lower()}"
    if need.related:
        labels = "".join(f" with {key}: {' or '.join(each)}" for key, each in need.related.labels.items())
        name = f" named {need.related.name}" if need.related.name else ""
        yield f"has {need.related.at_least} {need.related.type}{name}{labels}"
    if need.closed_ports:
        spans: list[Any] = list(need.closed_ports)
        yield f"port {', '.join(_span(*each) for each in spans)} closed to the internet"
    if need.monthly_cost:
        yield f"costs at most {need.monthly_cost.max:,.2f} {need.monthly_cost.currency} a month"
    yield from (f"at most {count} to {action}" for action, count in need.most_changes.items())


def _check(check: Check) -> str:
    parts = ["is there" if check.present else "is left out"] if check.present is not None else []
    if check.equals is not None:
        parts.append(f"is {_word(check.equals)}")
    if check.one_of:
        parts.append(f"is {' or '.join(map(_word, check.one_of))}")
    if check.none_of:
        parts.append(f"is not {' or '.join(map(_word, check.none_of))}")
    if check.matches is not None:
        parts.append(f"fits {check.matches}")
    parts += [
        f"is at {word} {bound}" for word, bound in (("least", check.min), ("most", check.max)) if bound is not None
    ]
    return " and ".join(parts)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
