"""Whether a rule is about a resource: yes, no, or not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model.unknown import unknowns
from engine.policy.rules.check import Check
from engine.policy.rules.pattern import pattern
from engine.policy.rules.rule import When
from engine.policy.rules.subject import Subject


def is_meant(when: When | None, subject: Subject) -> bool | None:
    """None where a property that decides is not known yet."""
    if when is None:
        return True
    resource = subject.resource
    plain = is_named(when, resource.address.type, resource.address.name, resource.provider, resource.labels)
    if not plain or (when.stateful is not None and when.stateful is not subject.type.stateful):
        return False
    answers = [_passes(check, path, subject) for path, check in when.properties.items()]
    return False if False in answers else None if None in answers else True


def is_named(when: When, type: str, name: str, provider: str, labels: Mapping[str, str]) -> bool:
    """By what an address, a provider and labels tell."""
    return (
        _is_one(type, when.type)
        and _is_one(provider, when.provider)
        and (when.name is None or pattern(when.name).fits(name))
        and has_labels(labels, when.labels)
    )


def has_labels(labels: Mapping[str, str], wanted: Mapping[str, Sequence[str]]) -> bool:
    return all(labels.get(key) in values for key, values in wanted.items())


def _is_one(word: str, of: Iterable[str]) -> bool:
    return not of or word in of


def _passes(check: Check, path: str, subject: Subject) -> bool | None:
    if not subject.has(path):
        return False
    value = subject.value(path)
    if any(True for _ in unknowns(value)):
        return None
    return not any(True for _ in check.faults(value))
